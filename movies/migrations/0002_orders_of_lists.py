import datetime

from django.db import migrations, models
from django.db.models.functions import Coalesce, Left

from movie_recommendation_backend.online_indexes import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("movies", "0001_initial"),
    ]

    operations = [
        AddIndexOnline("movie", models.Index(Left("folded_title", 200), "id", name="movie_by_title")),
        *(
            AddIndexOnline(
                "movie", models.Index(Coalesce(column, models.Value(last)), "id", name=name)
            )
            for column, last, name in (
                ("release_date", datetime.date(9999, 12, 31), "movie_by_date"),
                ("release_date", datetime.date(1, 1, 1), "movie_by_date_desc"),
                ("vote_average", 11.0, "movie_by_rating"),
                ("vote_average", -1.0, "movie_by_rating_desc"),
            )
        ),
    ]
