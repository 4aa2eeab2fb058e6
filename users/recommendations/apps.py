from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"

    def ready(self) -> None:
        # Registers the group of documents that the cache commands list.
        from . import starter  # noqa: F401
