from django.urls import path

from . import views

urlpatterns = [
    path("recommendations/", views.RecommendationsView.as_view()),
    path("recommendations/taste/", views.TasteView.as_view()),
    path("recommendations/preview/", views.PreviewView.as_view()),
    path("recommendations/starter/", views.StarterView.as_view()),
]
