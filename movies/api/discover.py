"""`/api/movies/discover/`."""

from movies import questions

from .views import CollectionView


class DiscoverView(CollectionView):
    """Movies that match all the given filters."""

    question = questions.DISCOVER
    operation_id = "movies_discover"
    summary = "Discover by filters"
