"""Movies as TMDb sends them, for tests that choose its answers."""


def list_movie(movie_id: int = 603, **changes) -> dict:
    """Return a list item as TMDb sends it, with `changes`."""
    movie = {
        "adult": False,
        "backdrop_path": "/back.jpg",
        "genre_ids": [28, 878],
        "id": movie_id,
        "original_language": "en",
        "original_title": "The Matrix",
        "overview": "A programmer learns what his world is.",
        "popularity": 85.3,
        "poster_path": "/poster.jpg",
        "release_date": "1999-03-31",
        "softcore": False,
        "title": "The Matrix",
        "video": False,
        "vote_average": 8.2,
        "vote_count": 26000,
    }
    return movie | changes


def list_page(*movies: dict, **changes) -> dict:
    """Return a page of list items as TMDb sends it, with `changes`."""
    page = {"page": 1, "results": list(movies), "total_pages": 1, "total_results": len(movies)}
    return page | changes


def detail_movie(movie_id: int = 603, **changes) -> dict:
    """Return details as TMDb sends them, with their appended parts and `changes`."""
    movie = list_movie(movie_id)
    del movie["genre_ids"]
    movie |= {
        "belongs_to_collection": {
            "id": 2344,
            "name": "The Matrix Collection",
            "poster_path": "/collection.jpg",
            "backdrop_path": "/back.jpg",
        },
        "budget": 63000000,
        "genres": [{"id": 28, "name": "Action"}, {"id": 878, "name": "Science Fiction"}],
        "homepage": "http://www.warnerbros.com/matrix",
        "imdb_id": "tt0133093",
        "origin_country": ["US"],
        "production_companies": [],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "revenue": 463517383,
        "runtime": 136,
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": "Released",
        "tagline": "Believe the unbelievable.",
        "credits": {"cast": [], "crew": []},
        "keywords": {"keywords": [{"id": 310, "name": "artificial intelligence"}]},
        "videos": {"results": []},
        "release_dates": {"results": []},
        "watch/providers": {"results": {}},
        "translations": {"translations": []},
        "recommendations": list_page(),
        "similar": list_page(),
    }
    return movie | changes
