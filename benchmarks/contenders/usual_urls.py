from django.urls import path

from . import views

urlpatterns = [
    path("bare/", views.bare),
    path("cache-page/", views.cached_page),
    path("cached-object/", views.CachedObjectView.as_view()),
]
