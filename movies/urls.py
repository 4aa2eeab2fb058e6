from .api import charts, discover, genres, movie, search

VIEWS = (
    charts.TrendingView,
    charts.PopularView,
    charts.TopRatedView,
    charts.NowPlayingView,
    charts.UpcomingView,
    search.SearchView,
    discover.DiscoverView,
    genres.GenresView,
    movie.MovieView,
    movie.RecommendationsView,
    movie.SimilarView,
)

# Each path is in its question's row.
urlpatterns = [view.url() for view in VIEWS]
