from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "users.recommendations"
    label = "recommendations"
