from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"

    def ready(self):
        from movies.cache.documents import LIFETIMES

        from .starter import GROUP

        # Kept as the charts are that it is made of.
        LIFETIMES[GROUP] = LIFETIMES["popular"]
