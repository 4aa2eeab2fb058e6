from .base import ListTests


class TestHidden(ListTests):
    name = "hidden"
    flag = "is_hidden"
