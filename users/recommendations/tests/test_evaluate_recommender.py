"""evaluate_recommender: the comparison, the exported lists, and the errors."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from . import planted

pytestmark = pytest.mark.slow


def evaluate(*arguments) -> str:
    out = StringIO()
    call_command("evaluate_recommender", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def ratings(tmp_path):
    return planted.ratings_csv(tmp_path / "ratings.csv", planted.histories())


@pytest.fixture
def split(tmp_path):
    """A split made elsewhere: 230 users to train on, and ten to fold in."""
    favorites = planted.histories()
    train, fold_in = tmp_path / "train.csv", tmp_path / "fold_in.jsonl"
    users = list(favorites)
    rows = [f"{user},{movie_id}" for user in users[10:] for movie_id in favorites[user]]
    train.write_text("userId,movieId\n" + "\n".join(rows))
    lines = [json.dumps({"user": user, "items": favorites[user][:4]}) for user in users[:10]]
    fold_in.write_text("\n".join(lines) + "\n")
    return train, fold_in


def lines_of(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_output_has_tables_and_explains_what_is_measured(ratings):
    output = evaluate("--ratings", ratings, "--favorites", "1,all")
    for title in ("1 favorite, ", "All visible favorites, 48 users", "Light users"):
        assert title in output
    for name in ("served", "popularity", "item-kNN", "EASE^R", "served over popularity"):
        assert f"  {name} " in output
    for metric in ("Recall@20", "NDCG@20", "NDCG@100", "HR@10", "Coverage@20"):
        assert metric in output
    assert "as it is served" in output and "not measured" in output


def test_the_model_finds_a_structure_that_popularity_misses(ratings):
    found = json.loads(
        evaluate("--ratings", ratings, "--favorites", "3,all", "--folds", 5, "--json")
    )
    assert found["rows"]["all"]["users"] == 240
    for row in ("3", "all"):
        difference = found["rows"][row]["differences"]["popularity"]["NDCG@20"]
        assert difference["low"] > 0.2
    values = found["rows"]["all"]["models"]["served"]["NDCG@20"]
    assert values["low"] < values["value"] < values["high"]


def test_the_seed_determines_the_results(ratings):
    first, again, other = (
        evaluate("--ratings", ratings, "--json", "--seed", seed) for seed in (4, 4, 5)
    )
    assert first == again != other


def test_leave_last_out_evaluates_every_held_out_user(ratings, tmp_path):
    output = evaluate("--ratings", ratings, "--leave-last-out", "--json")
    assert json.loads(output)["rows"]["all"]["users"] == 48


def test_coverage_is_relative_to_the_movies_file(ratings, tmp_path):
    movies = tmp_path / "movies.csv"
    movies.write_text(
        "movieId,title,genres\n" + "".join(f"{n},A movie,Drama\n" for n in range(1000))
    )
    found = json.loads(evaluate("--ratings", ratings, "--movies", movies, "--json"))
    own = json.loads(evaluate("--ratings", ratings, "--json"))
    assert (found["films"], own["films"]) == (1000, 120)
    with_movies, without = (
        each["rows"]["all"]["models"]["served"]["Coverage@20"]["value"] for each in (found, own)
    )
    assert with_movies * 1000 == pytest.approx(without * 120)


def test_a_row_without_users_is_reported(ratings):
    assert "100 favorites: no users" in evaluate("--ratings", ratings, "--favorites", "100")


def test_the_export_has_a_list_for_each_held_out_user(ratings, tmp_path):
    path = tmp_path / "lists.jsonl"
    evaluate("--ratings", ratings, "--export", path)
    lists = lines_of(path)
    favorites = planted.histories()
    assert len({each["user"] for each in lists}) == len(lists) == 48
    for each in lists:
        assert len(set(each["items"])) == len(each["items"])
        # Of the user's own movies, only the hidden ones may be in the list.
        own = set(favorites[each["user"]])
        assert len(own & set(each["items"])) == len(own) - round(0.8 * len(own))


def test_a_given_split_is_exported_without_an_evaluation(split, tmp_path):
    path = tmp_path / "lists.jsonl"
    output = evaluate("--train", split[0], "--fold-in", split[1], "--export", path)
    assert output.startswith("Wrote 10 lists")
    given = {each["user"]: each["items"] for each in lines_of(split[1])}
    lists = lines_of(path)
    assert [each["user"] for each in lists] == list(given)
    for each in lists:
        # All movies that the model knows, except those folded in.
        assert len(set(each["items"])) == len(each["items"]) == 120 - 4
        assert not set(given[each["user"]]) & set(each["items"])


def test_movies_outside_the_training_data_are_ignored(split, tmp_path):
    path = tmp_path / "lists.jsonl"
    split[1].write_text('{"user": "ada", "items": [999999, 10]}\n{"user": 7, "items": []}\n')
    evaluate("--train", split[0], "--fold-in", split[1], "--export", path)
    [ada, nothing] = lines_of(path)
    assert ada["user"] == "ada"
    assert not {999999, 10} & set(ada["items"])
    assert (len(ada["items"]), len(nothing["items"])) == (119, 120)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '{"user": 1}',
        '{"user": 1, "items": ["a"]}',
        '{"items": [1]}',
        '{"user": 1, "items": "12"}',
        '{"user": 1, "items": [-3]}',
    ],
)
def test_the_error_names_the_invalid_line_of_the_fold_in_file(split, tmp_path, line):
    split[1].write_text('{"user": 1, "items": [10]}\n' + line)
    with pytest.raises(CommandError, match="fold_in.jsonl, line 2"):
        evaluate("--train", split[0], "--fold-in", split[1], "--export", tmp_path / "lists")


def test_the_error_names_the_invalid_file(ratings, tmp_path):
    with pytest.raises(CommandError, match="nowhere.csv: No such file"):
        evaluate("--ratings", tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="nowhere"):
        evaluate("--ratings", ratings, "--export", tmp_path / "nowhere" / "lists")
    ratings.write_text("userId,movieId,rating\n1,2\n")
    with pytest.raises(CommandError, match="line 2: expected user, movie, rating"):
        evaluate("--ratings", ratings)


def test_too_little_data_is_an_error(tmp_path):
    path = planted.ratings_csv(tmp_path / "ratings.csv", planted.histories(8))
    with pytest.raises(CommandError, match="too little data"):
        evaluate("--ratings", path)
    path.write_text("")
    with pytest.raises(CommandError, match="too little data"):
        evaluate("--ratings", path)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--ratings", "a", "--folds", "6"],
        ["--ratings", "a", "--favorites", "0"],
        ["--ratings", "a", "--favorites", "some"],
        ["--ratings", "a", "--rows", "0"],
        ["--ratings", "a", "--seed", "-1"],
        ["--ratings", "a", "--train", "b", "--fold-in", "c", "--export", "d"],
        ["--train", "a", "--export", "b"],
        ["--train", "a", "--fold-in", "b"],
    ],
)
def test_invalid_options_are_rejected(arguments):
    with pytest.raises(CommandError, match="--"):
        evaluate(*arguments)
