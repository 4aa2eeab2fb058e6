"""`/api/movies/discover/`."""

from movies import questions

from .views import ListView


class DiscoverView(ListView):
    """Movies that match all the given filters."""

    question = questions.DISCOVER
    operation_id = "movies_discover"
    summary = "Discover by filters"
