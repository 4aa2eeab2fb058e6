"""A recommendation, and how its score, sources and reasons follow from its contributions."""

from dataclasses import dataclass
from datetime import datetime

from .feedback import Feedback

PERSONAL, BLENDED, POPULAR = "personal", "blended", "popular"
ITEM_ITEM, TMDB, CONTENT, BY_POPULARITY = "item_item", "tmdb", "content", "popular"

MAX_REASONS = 3
# A source that adds less than this share of the largest contribution is not named.
MIN_SHARE = 0.1


@dataclass
class Contribution:
    """What one list adds to a movie's score, its sources, and the feedback behind it."""

    amount: float
    sources: list[str]
    because: list[Feedback]


@dataclass
class Recommendation:
    movie_id: int
    contributions: list[Contribution]

    @property
    def score(self) -> float:
        return sum(each.amount for each in self.contributions)

    @property
    def sources(self) -> list[str]:
        """The sources of the relevant contributions, the largest first."""
        return list(dict.fromkeys(source for each in self._relevant() for source in each.sources))

    @property
    def because(self) -> list[Feedback]:
        """Up to MAX_REASONS of the user's movies, those behind the largest contribution first."""
        reasons = {reason.movie_id: reason for each in self._relevant() for reason in each.because}
        return list(reasons.values())[:MAX_REASONS]

    def _relevant(self) -> list[Contribution]:
        ordered = sorted(self.contributions, key=lambda each: -each.amount)
        largest = ordered[0].amount
        # The model's scores may be negative.
        threshold = min(largest, MIN_SHARE * largest)
        return [each for each in ordered if each.amount >= threshold]


@dataclass
class Recommendations:
    """One answer of the API. `trained_at` is None before the first training."""

    strategy: str
    trained_at: datetime | None
    results: list[Recommendation]
