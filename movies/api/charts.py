"""`/api/movies/trending/`, `popular/`, `top-rated/`, `now-playing/` and `upcoming/`."""

from movies import questions

from .views import CollectionView


class TrendingView(CollectionView):
    """What everybody is watching, over the day or the week."""

    question = questions.TRENDING
    operation_id = "movies_trending"
    summary = "Trending movies"


class PopularView(CollectionView):
    """Movies by TMDB's popularity of the day."""

    question = questions.POPULAR
    operation_id = "movies_popular"
    summary = "Popular movies"


class TopRatedView(CollectionView):
    """Movies by their ratings."""

    question = questions.TOP_RATED
    operation_id = "movies_top_rated"
    summary = "Top rated movies"


class NowPlayingView(CollectionView):
    """Movies that are in cinemas now."""

    question = questions.NOW_PLAYING
    operation_id = "movies_now_playing"
    summary = "Movies in cinemas"


class UpcomingView(CollectionView):
    """Movies that will soon be in cinemas."""

    question = questions.UPCOMING
    operation_id = "movies_upcoming"
    summary = "Upcoming movies"
