from .base import ListTests


class TestFavorites(ListTests):
    name = "favorites"
    flag = "is_favorite"
