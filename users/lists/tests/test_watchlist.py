from .base import ListTests


class TestWatchlist(ListTests):
    name = "watchlist"
    flag = "in_watchlist"
