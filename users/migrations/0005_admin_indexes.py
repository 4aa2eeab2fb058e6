from django.db import migrations, models

from movie_recommendation_backend.online_indexes import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("users", "0004_username_of_any_script"),
    ]

    operations = [
        AddIndexOnline(
            "user", models.Index(fields=["date_joined", "id"], name="user_joined")
        ),
        AddIndexOnline(
            "user",
            models.Index(
                fields=["date_joined"], condition=models.Q(is_staff=True), name="user_staff"
            ),
        ),
        AddIndexOnline(
            "user",
            models.Index(
                fields=["date_joined"], condition=models.Q(is_active=False), name="user_inactive"
            ),
        ),
    ]
