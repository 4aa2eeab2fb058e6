from django.urls import path

from . import views

urlpatterns = [
    path("bare/", views.bare),
    path("cache-page/", views.CachePageView.as_view()),
    path("cached-object/", views.CachedObjectView.as_view()),
]
