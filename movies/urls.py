from rest_framework.routers import SimpleRouter

from .views import MovieViewSet

router = SimpleRouter()
router.register("movies", MovieViewSet, basename="movies")

urlpatterns = router.urls
