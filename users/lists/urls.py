from django.urls import path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter()
router.register("users/favorites", views.FavoritesViewSet, basename="favorites")
router.register("users/watchlist", views.WatchlistViewSet, basename="watchlist")
router.register("users/watched", views.WatchedViewSet, basename="watched")
router.register("users/ratings", views.RatingsViewSet, basename="ratings")
router.register("users/hidden", views.HiddenViewSet, basename="hidden")

urlpatterns = [path("users/library/", views.LibraryView.as_view()), *router.urls]
