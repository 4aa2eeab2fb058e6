"""Reading MovieLens files."""

import os
import threading
from pathlib import Path

import pytest

from users.recommendations.learning import datasets
from users.recommendations.learning.interactions import Interactions

CSV = "userId,movieId,rating,timestamp\n1,10,4.0,964982703\n1,11,3.5,964982704\n2,10,5.0,7\n"


def read_likes(path: Path, tmdb_ids: dict[int, int] | None = None) -> Interactions:
    likes = Interactions()
    datasets.add_likes(likes, path, tmdb_ids or {10: 10, 11: 11})
    return likes


def pairs_of(likes: Interactions) -> list[tuple[int, int]]:
    return list(zip(likes.users.tolist(), likes.movie_ids[likes.movies].tolist()))


def test_a_csv_with_a_header_is_read(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(CSV)
    assert list(datasets.read_ratings(path)) == [
        (1, 10, 4.0, 964982703),
        (1, 11, 3.5, 964982704),
        (2, 10, 5.0, 7),
    ]


def test_a_dat_file_with_windows_line_endings_is_read(tmp_path):
    path = tmp_path / "ratings.dat"
    path.write_bytes(b"1::1193::5::978300760\r\n1::661::3::978302109\r\n\r\n")
    assert list(datasets.read_ratings(path)) == [
        (1, 1193, 5.0, 978300760),
        (1, 661, 3.0, 978302109),
    ]


def test_times_are_optional(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("userId,movieId,rating\n1,10,4.0\n")
    assert list(datasets.read_ratings(path)) == [(1, 10, 4.0, None)]


def test_only_four_stars_or_more_are_likes(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(CSV)
    assert pairs_of(read_likes(path)) == [(0, 10), (1, 10)]


def test_likes_are_added_under_tmdbs_ids_and_skipped_without_one(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(CSV + "2,11,5.0,8\n3,12,5.0,9\n")
    assert pairs_of(read_likes(path, {10: 603, 12: 550})) == [(0, 603), (1, 603), (2, 550)]


def test_the_header_decides_the_order_of_the_columns(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("movieId,rating,userId\n10,4.5,7\n")
    assert list(datasets.read_ratings(path)) == [(7, 10, 4.5, None)]
    path.write_text("userId,movieId,timestamp\n7,10,964982703\n")
    with pytest.raises(datasets.BadFile, match="line 1: expected user, movie, rating and time"):
        list(datasets.read_ratings(path))


@pytest.mark.parametrize(
    "text",
    [
        "movieId,imdbId,tmdbId\n1,0133093,603\n2,0000002,\n",
        "tmdbid, movieid\n603,1\n,2\n",
        "1,0133093,603\n2,0000002,\n",
    ],
)
def test_links_may_have_columns_in_any_order_or_no_header(tmp_path, text):
    path = tmp_path / "links.csv"
    path.write_text(text)
    assert datasets.read_tmdb_ids(path) == {1: 603}


def test_empty_lines_count_in_line_numbers(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("\n" + CSV + "\n1,10\n")
    with pytest.raises(datasets.BadFile, match="line 7"):
        read_likes(path)


def test_ratings_are_not_accepted_as_links(tmp_path):
    path = tmp_path / "ratings.dat"
    path.write_text("1::1193::5::978300760\n")
    with pytest.raises(datasets.BadFile, match="expected movieId and tmdbId"):
        datasets.read_tmdb_ids(path)


def test_a_pipe_can_be_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=[CSV], daemon=True)
    writer.start()
    assert len(list(datasets.read_ratings(path))) == 3
    writer.join(timeout=10)
    assert not writer.is_alive()


def test_a_link_beyond_64_bits_is_rejected(tmp_path):
    path = tmp_path / "links.csv"
    path.write_text(f"movieId,imdbId,tmdbId\n1,0133093,{10**22}\n")
    with pytest.raises(datasets.BadFile, match="links.csv, line 2"):
        datasets.read_tmdb_ids(path)


@pytest.mark.parametrize(
    "line",
    [
        "1,10",
        "1,ten,4.0",
        "one,10,4.0",
        "1,10,good",
        "1,10,4.0,yesterday",
        "1;10;4.0",
        "1,,4.0",
        "-1,10,4.0",
    ],
)
def test_the_error_names_the_invalid_line(tmp_path, line):
    path = tmp_path / "ratings.csv"
    path.write_text(CSV + line + "\n")
    with pytest.raises(datasets.BadFile, match="ratings.csv, line 5"):
        read_likes(path)


def test_ids_beyond_64_bits_are_rejected(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(f"1,{2**70},4.0\n")
    with pytest.raises(datasets.BadFile, match="line 1"):
        read_likes(path)


def test_an_unterminated_field_is_rejected(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(CSV + '3,"' + "1" * 200_000)
    with pytest.raises(datasets.BadFile, match="after line 4"):
        read_likes(path)


def test_the_error_names_the_missing_file(tmp_path):
    with pytest.raises(datasets.BadFile, match="nowhere.csv: No such file"):
        read_likes(tmp_path / "nowhere.csv")


def test_an_empty_file_has_no_likes(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("")
    assert len(read_likes(path)) == 0


def test_pairs_are_read(tmp_path):
    path = tmp_path / "train.csv"
    path.write_text("userId,movieId\n5,50\n6,60\n")
    found = datasets.read_pairs(path)
    assert pairs_of(found) == [(0, 50), (1, 60)]


def test_the_error_names_the_line_of_an_invalid_pair(tmp_path):
    path = tmp_path / "train.csv"
    path.write_text("userId,movieId\n5,50\n6\n")
    with pytest.raises(datasets.BadFile, match="train.csv, line 3"):
        datasets.read_pairs(path)


def test_movie_ids_are_read_from_both_formats(tmp_path):
    csv, dat = tmp_path / "movies.csv", tmp_path / "movies.dat"
    csv.write_text('movieId,title,genres\n1,"Toy Story, a movie",Comedy\n2,Jumanji,Drama\n')
    dat.write_bytes("1::Amélie::Comedy\n3::Jumanji::Drama\n".encode("latin-1"))
    assert datasets.read_movie_ids(csv) == {1, 2}
    assert datasets.read_movie_ids(dat) == {1, 3}
