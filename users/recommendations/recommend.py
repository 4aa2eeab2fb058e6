"""One answer: the model alone where it knows enough of the user, else several sources fused."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, QuerySet

from movies.models import Movie

from . import catalogue_lists, content, ranking
from .candidates import has_one
from .models import ItemModel
from .signals import Signal

LONGEST = 2.0  # seconds that TMDb may take for one answer, all that is asked of it together
# With so many films that the model knows, by their weights, it answers alone; unless it does not
# know as much or more of what the user likes, such as films newer than all that it has learnt.
ENOUGH = 5
# Reciprocal rank fusion (Cormack et al. 2009, https://doi.org/10.1145/1571941.1572114):
# a list adds its weight / (RANK + rank) to each of its films.
RANK = 60
FUSED = 200  # films of the model's that are fused
# TMDb's lists count so that several must agree to come before what the model says: more costs
# accuracy as soon as some hundred users taught the model, less helps no site of fewer.
MODEL_WEIGHT, TMDB_WEIGHT, CONTENT_WEIGHT = 1.0, 0.5, 0.25
# With this support a film's content counts half: the model knows it better.
HALF_CONTENT_AT = 3
# A source that adds less than this part of what the strongest adds is not named.
NOTICEABLE = 0.1

PERSONAL, BLENDED, POPULAR = "personal", "blended", "popular"
ITEM_ITEM, TMDB, CONTENT, BY_POPULARITY = "item_item", "tmdb", "content", "popular"


@dataclass
class Part:
    """What adds to a film's score: how much, from where, and which of the user's films say so."""

    amount: float
    sources: list[str]
    because: list[Signal]


@dataclass
class Recommendation:
    film: int
    parts: list[Part]

    @property
    def score(self) -> float:
        return sum(part.amount for part in self.parts)

    @property
    def sources(self) -> list[str]:
        """The sources that matter to the score, the one that adds most first."""
        return list(dict.fromkeys(each for part in self._telling() for each in part.sources))

    @property
    def because(self) -> list[Signal]:
        named = {each.film: each for part in self._telling() for each in part.because}
        return list(named.values())[: ranking.REASONS]

    def _telling(self) -> list[Part]:
        parts = sorted(self.parts, key=lambda part: -part.amount)
        # The model's scores may be negative.
        least = min(parts[0].amount, NOTICEABLE * parts[0].amount)
        return [part for part in parts if part.amount >= least]


@dataclass
class Answer:
    strategy: str
    trained_at: datetime | None
    results: list[Recommendation]


@catalogue_lists.asking_within(LONGEST, "answers")
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
    known = [each for each in signals if each.is_known]
    weight = sum(each.weight for each in known)
    unknown_weight = sum(each.weight for each in signals) - weight
    if not signals:
        strategy, results = POPULAR, trending(allowed, favorite_genres)[:limit]
    elif weight >= ENOUGH and weight > unknown_weight:
        strategy, results = PERSONAL, by_model(model, known, allowed, limit)
    else:
        strategy, results = BLENDED, fused(model, signals, known, allowed, limit)
    if len(results) < limit:
        more = popular(allowed, results, limit - len(results), genres, favorite_genres)
        strategy = BLENDED if more else strategy
        results += more
    if all(each.sources == [BY_POPULARITY] for each in results):
        strategy = POPULAR
    return Answer(strategy, model and model.activated_at, results)


def by_model(
    model: ItemModel, known: list[Signal], allowed: QuerySet[Movie], limit: int
) -> list[Recommendation]:
    ranked = ranking.ranked(model, known, allowed, limit)
    reasons = ranking.reasons(model, known, [each.film for each in ranked])
    return [
        Recommendation(each.film, [explained(each, reasons.get(each.film, []))]) for each in ranked
    ]


def explained(film: ranking.Ranked, reasons: list[Signal]) -> Part:
    """Return the model's part in a score.

    A film that the user's own, taken together, do not speak for is there because it is popular: no
    reason is invented. Little said by his own is named, beside much popularity: all the best films
    are popular, and that little is what tells them apart.
    """
    score = film.of_all + film.of_own
    if film.of_own <= 0:
        return Part(score, [BY_POPULARITY], [])
    if film.of_all <= NOTICEABLE * film.of_own:
        return Part(score, [ITEM_ITEM], reasons)
    if film.of_all < film.of_own:
        return Part(score, [ITEM_ITEM, BY_POPULARITY], reasons)
    return Part(score, [BY_POPULARITY, ITEM_ITEM], reasons)


def fused(
    model: ItemModel | None,
    signals: list[Signal],
    known: list[Signal],
    allowed: QuerySet[Movie],
    limit: int,
) -> list[Recommendation]:
    """Fuse what the model, TMDb's lists of the strongest films and content say, by ranks."""
    ranked = by_model(model, known, allowed, FUSED)
    lists = catalogue_lists.after(signals)
    named = {film for _, films in lists for film in films}
    candidates = named | {each.film for each in ranked}
    similar = content.similar(signals, candidates, allowed, model)
    usable = {each.film for each in similar}

    parts = defaultdict(list)
    for rank, each in enumerate(ranked, 1):
        [part] = each.parts
        parts[each.film].append(replace(part, amount=MODEL_WEIGHT / (RANK + rank)))
    said = defaultdict(list)
    for signal, films in lists:
        for rank, film in enumerate([each for each in films if each in usable], 1):
            said[film].append((TMDB_WEIGHT / (RANK + rank), signal))
    for film, amounts in said.items():
        amounts.sort(key=lambda each: -each[0])
        total = sum(amount for amount, _ in amounts)
        parts[film].append(Part(total, [TMDB], [signal for _, signal in amounts]))
    for rank, each in enumerate([each for each in similar if each.score > 0], 1):
        trust = CONTENT_WEIGHT / (1 + each.support / HALF_CONTENT_AT)
        parts[each.film].append(Part(trust / (RANK + rank), [CONTENT], each.because))
    results = [Recommendation(film, of_film) for film, of_film in parts.items()]
    return sorted(results, key=lambda each: (-each.score, each.film))[:limit]


def trending(allowed: QuerySet[Movie], favorite_genres: list[int]) -> list[Recommendation]:
    """Return what everybody watches, films of the favorite genres first."""
    films = catalogue_lists.trending()
    rows = allowed.filter(pk__in=films).annotate(fits=has_one(favorite_genres))
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
    films = most_popular(rest, many, favorite_genres)
    if len(films) < many and catalogue_lists.stock_up(genres):
        films = most_popular(rest, many, favorite_genres)
    return listed(films, highest=min([0.0, *(each.score for each in before)]))


def most_popular(films: QuerySet[Movie], many: int, favorite_genres: list[int]) -> list[int]:
    """Return the most popular films: those of the favorite genres whose popularity is known, then
    all others.
    """
    # In this order the index on popularity is walked, and no further than to `many`.
    first = films.filter(popularity__isnull=False).order_by("-popularity", "pk")
    if favorite_genres:
        first = first.filter(has_one(favorite_genres))
    found = list(first.values_list("pk", flat=True)[:many])
    if len(found) < many:
        rest = films.exclude(pk__in=found).order_by(F("popularity").desc(nulls_last=True), "pk")
        found += rest.values_list("pk", flat=True)[: many - len(found)]
    return found


def listed(films: list[int], *, highest: float) -> list[Recommendation]:
    """Return films in this order, their scores below `highest`."""
    return [
        Recommendation(film, [Part(highest - place, [BY_POPULARITY], [])])
        for place, film in enumerate(films, 1)
    ]
