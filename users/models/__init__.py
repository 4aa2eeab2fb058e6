"""Accounts, and the five lists that users keep."""

from .account import BlacklistedToken, User
from .lists import Entry, FavoriteMovie, HiddenMovie, Rating, Watchlist, WatchedMovie

__all__ = [
    "BlacklistedToken",
    "Entry",
    "FavoriteMovie",
    "HiddenMovie",
    "Rating",
    "User",
    "WatchedMovie",
    "Watchlist",
]
