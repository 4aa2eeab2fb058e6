"""`/api/movies/search/`."""

from movies import questions

from .views import ListView


class SearchView(ListView):
    """Movies by any title they are known by, including foreign ones."""

    question = questions.SEARCH
    operation_id = "movies_search"
    summary = "Search by title"
