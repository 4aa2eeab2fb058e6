import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movies.models import Movie
from users.lists.kinds import LISTS
from users.models import FavoriteMovie, User

from .builders import make_entries, make_movies

pytestmark = pytest.mark.slow


@pytest.fixture
def admin(ada):
    client = Client()
    client.force_login(User.objects.create_superuser("root", "", "x"))
    return client


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_shown_and_searched(admin, ada, name):
    for movie_id in (603, 550):
        ada.post(f"users/{name}/", {"movie_id": movie_id, "rating": 8})
    path = f"/admin/users/{LISTS[name].model._meta.model_name}/"
    assert "The Matrix" in admin.get(path).content.decode()
    for query, found in {
        "ada": 2,
        " ada ": 2,
        "ada@films.example": 2,
        "603": 1,
        "nobody": 0,
    }.items():
        assert len(admin.get(path, {"q": query}).context["cl"].result_list) == found


def test_a_form_has_no_select_of_users_or_movies(admin, ada):
    ada.post("users/favorites/", {"movie_id": 603})
    pk = FavoriteMovie.objects.get().pk
    page = admin.get(f"/admin/users/favoritemovie/{pk}/change/").content.decode()
    assert "<select" not in page.split('id="favoritemovie_form"')[1]


def test_a_users_page_shows_the_size_of_each_list(admin, ada):
    ada.post("users/favorites/", {"movie_id": 603})
    pk = User.objects.get(username="ada").pk
    page = admin.get(f"/admin/users/user/{pk}/change/").content.decode()
    assert "1 favorites, 0 watchlist, 0 watched, 0 ratings, 0 hidden" in page


def test_a_long_list_is_estimated_if_the_database_can(admin, ada):
    user = User.objects.get(username="ada")
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(user=user, movie=movie, added_at=timezone.now())
        for movie in make_movies(12_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE users_favoritemovie")
    with CaptureQueriesContext(connection) as captured:
        response = admin.get("/admin/users/favoritemovie/")
    assert response.context["cl"].result_count == 12_000
    counting = [q["sql"] for q in captured if "COUNT(*)" in q["sql"] and "favorite" in q["sql"]]
    assert bool(counting) == (connection.vendor == "sqlite")
    # Later pages would be read through all pages before them.
    assert admin.get("/admin/users/favoritemovie/?p=100").status_code == 200
    assert admin.get("/admin/users/favoritemovie/?p=101").status_code == 302


@pytest.mark.parametrize("order", ["3", "-3", "1.2", "99"])
def test_an_order_without_an_index_is_not_applied(admin, ada, order):
    make_entries(User.objects.get(username="ada"), make_movies(9))
    page = admin.get("/admin/users/favoritemovie/", {"o": order})
    shown = [entry.pk for entry in page.context["cl"].result_list]
    assert shown == sorted(shown, reverse=True)
    assert 'class="sortable' not in page.content.decode()


def test_a_movie_on_lists_cannot_be_deleted(admin, ada):
    make_entries(User.objects.get(username="ada"), make_movies(3))
    ada.post("users/ratings/", {"movie_id": 2, "rating": 8})
    path = "/admin/movies/movie/2/delete/"
    with CaptureQueriesContext(connection) as captured:
        page = admin.get(path).content.decode()
    assert "1 favorite movies" in page and "1 ratings" in page
    read = [q["sql"] for q in captured if 'FROM "users_favoritemovie"' in q["sql"]]
    assert len(read) == 1 and "COUNT(*)" in read[0] and "LIMIT" in read[0]
    assert admin.post(path, {"post": "yes"}).status_code == 200
    action = {"action": "delete_selected", "_selected_action": [1, 2], "post": "yes"}
    assert "2 favorite movies" in admin.post("/admin/movies/movie/", action).content.decode()
    assert Movie.objects.count() == 3
    FavoriteMovie.objects.all().delete()
    assert admin.post("/admin/movies/movie/1/delete/", {"post": "yes"}).status_code == 302
    assert set(Movie.objects.values_list("id", flat=True)) == {2, 3}


def test_deleting_a_user_shows_counts_instead_of_entries(admin, ada):
    user = User.objects.get(username="ada")
    make_entries(user, make_movies(50))
    ada.post("users/ratings/", {"movie_id": 1, "rating": 8})
    path = f"/admin/users/user/{user.pk}/delete/"
    page = admin.get(path).content.decode()
    assert page.count("<li>") < 30
    for line in ("Favorites: 50", "Ratings: 1", "Hidden movies: 0"):
        assert line in " ".join(page.split())
    action = {"action": "delete_selected", "_selected_action": [user.pk]}
    page = admin.post("/admin/users/user/", action).content.decode()
    assert "Favorites: 50" in " ".join(page.split())
    assert admin.post(path, {"post": "yes"}).status_code == 302
    assert not FavoriteMovie.objects.exists()


def test_deleting_a_user_requires_permission_to_delete_lists(ada):
    editor = User.objects.create_user("editor", "", "x", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="delete_user"))
    client = Client()
    client.force_login(editor)
    path = f"/admin/users/user/{User.objects.get(username='ada').pk}/delete/"
    assert client.post(path, {"post": "yes"}).status_code == 403
    assert User.objects.filter(username="ada").exists()


@pytest.mark.parametrize("query", ["7 ", "nobody", " ADA", "ada@films.example"])
def test_a_search_uses_the_indexes(admin, ada, query):
    make_entries(User.objects.get(username="ada"), make_movies(20))
    with CaptureQueriesContext(connection) as captured:
        admin.get("/admin/users/favoritemovie/", {"q": query})
    asked = [each["sql"] for each in captured if "users_favoritemovie" in each["sql"]]
    assert asked
    counting = [sql for sql in asked if "COUNT(*)" in sql]
    assert counting and all("LIMIT" in sql and "ORDER BY" not in sql for sql in counting)
    for sql in asked:
        assert not re.search(r"UPPER|LIKE|::text|CAST", sql)
