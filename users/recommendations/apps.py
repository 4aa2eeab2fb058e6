from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"

    def ready(self) -> None:
        from movies.cache.documents import LIFETIMES

        from .starter import GROUP

        # The starter list is made of charts, so it lives as long as they do.
        LIFETIMES[GROUP] = LIFETIMES["popular"]
