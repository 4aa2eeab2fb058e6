from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"

    def ready(self) -> None:
        # The import registers the group `starter`, so that the cache commands list it.
        from . import starter  # noqa: F401
