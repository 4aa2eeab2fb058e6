"""All models of the app: accounts, and the users' lists."""

from .accounts.models import BlacklistedToken, User
from .lists.models import Entry, FavoriteMovie, HiddenMovie, Rating, WatchedMovie, Watchlist

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
