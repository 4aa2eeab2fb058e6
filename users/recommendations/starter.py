"""Films to pick from when starting: well known, and as different from each other as can be."""

from dataclasses import replace
from math import log

from movies import catalogue
from movies.cache import documents
from movies.cache.documents import Key
from movies.cache.single_flight import Answer, Loaded, Source, answer, keep, kept
from movies.models import Movie
from movies.services.exceptions import TMDbError

from . import content, ranking
from .catalogue_lists import asking_within
from .models import ItemModel

GROUP = "starter"
# (chart, pages): what everybody knows, and what everybody likes.
POOL = (("top-rated", 5), ("popular", 3))
# How much a film loses by being like one that is chosen already, beside how well known it is.
LIKENESS = 3.0
LONGEST = 5.0  # seconds that TMDb may take for all charts together
BRIEFLY = 60  # seconds that an answer from some of them is kept


def starter(*, limit: int, language: str) -> Answer:
    """Answer `limit` films, cached as a chart is. Raises TMDbError."""

    def load() -> Loaded:
        with asking_within(LONGEST, "charts"):
            films, is_good = pool(language)
        chosen = diverse(films, limit)
        return Loaded({"results": [films[film] for film in chosen]}, storable=is_good)

    key = Key.of(GROUP, limit=limit, language=language)
    found = answer(key, load)
    if found.source is not Source.UNSTORED:
        return found
    # Charts that cannot be had are not asked for again by every visitor: what there is, if possible
    # what was made of all of them, answers for a while.
    old, soon = kept(key), documents.now() + BRIEFLY
    if old and old.seconds_fresh > 0:
        return Answer(old, Source.HIT)
    document = old or found.document
    kept_until = max(soon, old.kept_until) if old else soon
    keep(
        key,
        replace(document, fresh_until=soon, kept_until=kept_until),
        kept_until - documents.now(),
    )
    return Answer(old, Source.STALE) if old else found


def pool(language: str) -> tuple[dict[int, dict], bool]:
    """Return the films to choose from by id, and whether all charts could be had.

    Raises TMDbError where none can.
    """
    films: dict[int, dict] = {}
    is_good, failure = True, None
    for name, pages in POOL:
        for page in range(1, pages + 1):
            try:
                found = catalogue.chart(name, page=page, language=language)
            except TMDbError as error:
                is_good, failure = False, error
                continue
            is_good &= found.source not in (Source.DATABASE, Source.UNSTORED)
            films |= {film["id"]: film for film in found.document.json()["results"]}
    if not films and failure:
        raise failure
    for gone in Movie.objects.filter(pk__in=films, gone_at__isnull=False):
        del films[gone.pk]
    return films, is_good


def diverse(films: dict[int, dict], limit: int) -> list[int]:
    """Choose greedily: the best known film first, then what is least like those before it.

    (Maximal marginal relevance, Carbonell and Goldstein 1998,
    https://doi.org/10.1145/290941.291025.)
    """
    fame = {film: log(1 + (body["vote_count"] or 0)) for film, body in films.items()}
    likeness = likenesses(set(films))
    nearest = dict.fromkeys(films, 0.0)
    chosen: list[int] = []
    while len(chosen) < min(limit, len(films)):
        rest = films.keys() - set(chosen)
        best = max(rest, key=lambda film: (fame[film] - LIKENESS * nearest[film], -film))
        chosen.append(best)
        for film in rest:
            nearest[film] = max(nearest[film], likeness(best, film))
    return chosen


def likenesses(films: set[int]):
    """Return a function of two films: how alike they are, by the model and by content."""
    model = ItemModel.objects.serving()
    pairs = ranking.neighbours_among(model, films) if model else {}
    known = content.known_films(films, Movie.objects.all(), model)
    features = {film: each.features for film, each in known.items()}
    rarity = content.rarities(features.values())

    def likeness(one: int, other: int) -> float:
        by_content = 0.0
        if one in features and other in features:
            by_content = content.likeness(features[one], features[other], rarity)
        return by_content + pairs.get((one, other), 0.0)

    return likeness
