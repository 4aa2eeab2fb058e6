"""`/api/movies/search/`."""

from movies import questions

from .views import ListView


class SearchView(ListView):
    """Movies with a matching title. All of a movie's titles are searched, in any language."""

    question = questions.SEARCH
    operation_id = "movies_search"
    summary = "Search by title"
