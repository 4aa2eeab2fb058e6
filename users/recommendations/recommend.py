"""One answer: the model alone where it knows enough of the user, else several sources fused."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When

from movies.models import Movie, MovieGenre

from . import catalogue_lists, content, ranking
from .models import ItemModel
from .signals import Signal

# With so many films that the model knows, by their weights, it answers alone.
ENOUGH = 5
# Reciprocal rank fusion (Cormack et al. 2009, https://doi.org/10.1145/1571941.1572114):
# a list adds its weight / (RANK + rank) to each of its films.
RANK = 60
FUSED = 200  # films of the model's that are fused
MODEL_WEIGHT, TMDB_WEIGHT, CONTENT_WEIGHT = 1.0, 0.7, 0.5
# With this support a film's content counts half: the model knows it better.
HALF_CONTENT_AT = 3

PERSONAL, BLENDED, POPULAR = "personal", "blended", "popular"
ITEM_ITEM, TMDB, CONTENT, BY_POPULARITY = "item_item", "tmdb", "content", "popular"


@dataclass
class Recommendation:
    film: int
    score: float = 0.0
    sources: list[str] = field(default_factory=list)
    because: list[Signal] = field(default_factory=list)

    def add(self, source: str, because: Iterable[Signal] = ()) -> None:
        if source not in self.sources:
            self.sources.append(source)
        named = {each.film for each in self.because}
        more = [each for each in because if each.film not in named]
        self.because = (self.because + more)[: ranking.REASONS]


@dataclass
class Answer:
    strategy: str
    trained_at: datetime | None
    results: list[Recommendation]


def recommend(
    signals: list[Signal],
    allowed: QuerySet[Movie],
    model: ItemModel | None,
    *,
    limit: int,
    genres: list[int] = (),
    favorite_genres: list[int] = (),
) -> Answer:
    """Return the `limit` best of the `allowed` films, fewer only where there are no more.

    `genres` are those that all allowed films have.
    """
    if not signals:
        strategy, results = POPULAR, trending(allowed, favorite_genres)[:limit]
    elif sum(each.weight for each in signals if each.is_known) >= ENOUGH:
        strategy, results = PERSONAL, by_model(model, signals, allowed, limit)
    else:
        strategy, results = BLENDED, fused(model, signals, allowed, limit)
    if len(results) < limit:
        more = popular(allowed, results, limit - len(results), genres, favorite_genres)
        if more and strategy == PERSONAL:
            strategy = BLENDED
        results += more
    if strategy == BLENDED and all(each.sources == [BY_POPULARITY] for each in results):
        strategy = POPULAR
    return Answer(strategy, model and model.activated_at, results)


def by_model(
    model: ItemModel, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> list[Recommendation]:
    ranked = ranking.ranked(model, signals, allowed, limit)
    results = [Recommendation(film, score) for film, score, _ in ranked]
    explain(model, signals, results)
    return results


def explain(model: ItemModel, signals: list[Signal], results: list[Recommendation]) -> None:
    """Name the model as a source, and the user's films that speak for each result.

    A film that no neighbour speaks for is there because it is popular: no reason is invented.
    """
    known = [each for each in signals if each.is_known]
    found = ranking.reasons(model, known, [each.film for each in results])
    for each in results:
        if each.film in found:
            each.add(ITEM_ITEM, found[each.film].signals)
        else:
            each.add(BY_POPULARITY)


def fused(
    model: ItemModel | None, signals: list[Signal], allowed: QuerySet[Movie], limit: int
) -> list[Recommendation]:
    """Fuse what the model, TMDb's lists of the strongest films and content say, by ranks."""
    known = [each for each in signals if each.is_known]
    ranked = ranking.ranked(model, signals, allowed, FUSED) if known else []
    lists = catalogue_lists.after(signals)
    named = {film for _, films in lists for film in films}
    similar = content.similar(signals, named | {film for film, *_ in ranked}, allowed, model)
    usable = {each.film for each in similar}

    results = defaultdict(lambda: Recommendation(0))
    for rank, (film, *_) in enumerate(ranked, 1):
        results[film].score += MODEL_WEIGHT / (RANK + rank)
    for signal, films in lists:
        for rank, film in enumerate([each for each in films if each in usable], 1):
            results[film].score += TMDB_WEIGHT / (RANK + rank)
            results[film].add(TMDB, [signal])
    for rank, each in enumerate([each for each in similar if each.score > 0], 1):
        trust = CONTENT_WEIGHT / (1 + each.support / HALF_CONTENT_AT)
        results[each.film].score += trust / (RANK + rank)
        results[each.film].add(CONTENT, each.because)
    for film, each in results.items():
        each.film = film
    best = sorted(results.values(), key=lambda each: (-each.score, each.film))[:limit]
    from_model = {film for film, *_ in ranked}
    explain(model, known, [each for each in best if each.film in from_model])
    return best


def trending(allowed: QuerySet[Movie], favorite_genres: list[int]) -> list[Recommendation]:
    """Return what everybody watches, films of the favorite genres first."""
    films = catalogue_lists.trending()
    rows = allowed.filter(pk__in=films).annotate(fits=fits(favorite_genres))
    fitting = dict(rows.values_list("pk", "fits"))
    films = [film for film in films if film in fitting]
    films.sort(key=lambda film: -fitting[film])
    return listed(films, highest=0)


def popular(
    allowed: QuerySet[Movie],
    before: list[Recommendation],
    many: int,
    genres: list[int],
    favorite_genres: list[int],
) -> list[Recommendation]:
    """Return what the database knows as popular, to go on where other sources end.

    Where it knows too few films the catalogue is asked for more of them.
    """
    rest = allowed.exclude(pk__in=[each.film for each in before])
    rest = rest.order_by(fits(favorite_genres).desc(), F("popularity").desc(nulls_last=True), "pk")
    films = list(rest.values_list("pk", flat=True)[:many])
    if len(films) < many and catalogue_lists.stock_up(genres):
        films = list(rest.values_list("pk", flat=True)[:many])
    return listed(films, highest=min([0.0, *(each.score for each in before)]))


def listed(films: list[int], *, highest: float) -> list[Recommendation]:
    """Return films in this order, their scores below `highest`."""
    return [Recommendation(f, highest - place, [BY_POPULARITY]) for place, f in enumerate(films, 1)]


def fits(genres: list[int]) -> Case:
    """Return the SQL expression 1 for a film that has one of these genres, else 0."""
    has_one = MovieGenre.objects.filter(movie=OuterRef("pk"), genre__in=genres)
    return Case(When(Exists(has_one), then=Value(1)), default=Value(0), output_field=IntegerField())
