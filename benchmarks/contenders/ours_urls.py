from django.urls import path

from movie_recommendation_backend.urls import urlpatterns as of_the_site

from . import favorites, views

urlpatterns = [
    path("api/movies/bare/", views.bare),
    path("api/users/favorites-by-hand/", favorites.FavoritesView.as_view()),
    *of_the_site,
]
