"""`/api/movies/discover/`."""

from movies import questions

from .views import QuestionView


class DiscoverView(QuestionView):
    """Movies that match all the given filters."""

    question = questions.DISCOVER
    operation_id = "movies_discover"
    summary = "Discover by filters"
