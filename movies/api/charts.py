"""`/api/movies/trending/`, `popular/`, `top-rated/`, `now-playing/` and `upcoming/`."""

from movies import questions

from .views import ListView


class TrendingView(ListView):
    """Movies that are trending on TMDB, over the day or the week."""

    question = questions.TRENDING
    operation_id = "movies_trending"
    summary = "Trending movies"


class PopularView(ListView):
    """Movies by their current popularity on TMDB, most popular first."""

    question = questions.POPULAR
    operation_id = "movies_popular"
    summary = "Popular movies"


class TopRatedView(ListView):
    """Movies by average rating, best first. Movies with few votes are left out."""

    question = questions.TOP_RATED
    operation_id = "movies_top_rated"
    summary = "Top rated movies"


class NowPlayingView(ListView):
    """Movies that are in cinemas now."""

    question = questions.NOW_PLAYING
    operation_id = "movies_now_playing"
    summary = "Movies in cinemas"


class UpcomingView(ListView):
    """Movies that will soon be in cinemas."""

    question = questions.UPCOMING
    operation_id = "movies_upcoming"
    summary = "Upcoming movies"
