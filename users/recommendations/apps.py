from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"

    def ready(self) -> None:
        # `starter` registers its group, so that the cache commands list it. `taste` forgets users
        # who are deleted.
        from . import starter, taste  # noqa: F401
