import django.db.models.deletion
from django.db import migrations, models

# The key holds the values too: PostgreSQL then reads it alone, and SQLite has no other table.
NEIGHBOURS = {
    "postgresql": (
        "CREATE TABLE recommendations_neighbour (model integer NOT NULL, film integer NOT NULL,"
        " other integer NOT NULL, s smallint NOT NULL, l smallint NOT NULL,"
        " PRIMARY KEY (model, film, other) INCLUDE (s, l))"
    ),
    "sqlite": (
        "CREATE TABLE recommendations_neighbour (model integer NOT NULL, film integer NOT NULL,"
        " other integer NOT NULL, s smallint NOT NULL, l smallint NOT NULL,"
        " PRIMARY KEY (model, film, other)) WITHOUT ROWID"
    ),
}


def make_neighbours(apps, schema_editor):
    schema_editor.execute(NEIGHBOURS[schema_editor.connection.vendor])


def drop_neighbours(apps, schema_editor):
    schema_editor.execute("DROP TABLE recommendations_neighbour")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("movies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(null=True)),
                (
                    "summary",
                    models.JSONField(
                        default=dict, help_text="films, users, interactions, seconds, …"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-activated_at", "-id"], name="item_model_activated")
                ]
            },
        ),
        migrations.CreateModel(
            name="FilmScalars",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("b", models.FloatField()),
                ("c", models.FloatField()),
                ("support", models.PositiveIntegerField()),
                (
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scalars",
                        to="movies.movie",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="films",
                        to="recommendations.itemmodel",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["model", "-b"], name="film_scalars_best")],
                "constraints": [
                    models.UniqueConstraint(fields=("model", "film"), name="film_scalars_once")
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_neighbours, drop_neighbours)],
            state_operations=[
                migrations.CreateModel(
                    name="Neighbour",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "model",
                                "film",
                                "other",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("model", models.IntegerField()),
                        ("film", models.IntegerField()),
                        ("other", models.IntegerField()),
                        ("short", models.SmallIntegerField(db_column="s")),
                        ("long", models.SmallIntegerField(db_column="l")),
                    ],
                ),
            ],
        ),
    ]
