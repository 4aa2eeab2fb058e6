from django.urls import path, re_path

from .api import charts, discover, genres, movie, search

ID = f"(?P<movie_id>{movie.MovieView.lookup_value_regex})"

urlpatterns = [
    path("movies/trending/", charts.TrendingView.as_view()),
    path("movies/popular/", charts.PopularView.as_view()),
    path("movies/top-rated/", charts.TopRatedView.as_view()),
    path("movies/now-playing/", charts.NowPlayingView.as_view()),
    path("movies/upcoming/", charts.UpcomingView.as_view()),
    path("movies/search/", search.SearchView.as_view()),
    path("movies/discover/", discover.DiscoverView.as_view()),
    path("movies/genres/", genres.GenresView.as_view()),
    re_path(rf"^movies/{ID}/$", movie.MovieView.as_view(), name="movie"),
    re_path(
        rf"^movies/{ID}/recommendations/$",
        movie.RecommendationsView.as_view(),
        name="movie-recommendations",
    ),
    re_path(rf"^movies/{ID}/similar/$", movie.SimilarView.as_view(), name="movie-similar"),
]
