"""Checks of a deployed site, over HTTP, from a user's point of view."""
