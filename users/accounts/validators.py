"""What a username may be made of."""

import unicodedata
from itertools import groupby

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 3, 30  # characters
MOST_MARKS = 3  # on one letter
# In the names of letters and marks that cannot be seen, so that two names would look alike.
INVISIBLE = {"FILLER", "SELECTOR", "INHERENT"}


def validate_username(name: str) -> None:
    """Accept letters and digits of any script, with its own vowel signs, and `.`, `_`, `-`."""
    usable = all(map(_may_follow, " " + name, name))
    if not (SHORTEST <= len(name) <= LONGEST and usable and _longest_stack(name) <= MOST_MARKS):
        raise ValidationError(
            "A username has 3 to 30 letters, digits, dots, hyphens and underscores.", "invalid"
        )


def _may_follow(before: str, character: str) -> bool:
    if INVISIBLE & set(_words(character)):
        return False
    if _is_mark(character):
        # The vowel signs of a script on its letters: no accents of all scripts, which can be
        # stacked on anything, and no joiners.
        return (before.isalpha() or _is_mark(before)) and _words(before)[0] == _words(character)[0]
    return character.isalnum() or character in "._-"


def _longest_stack(name: str) -> int:
    stacks = [len(list(marks)) for is_mark, marks in groupby(name, _is_mark) if is_mark]
    return max(stacks, default=0)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def _words(character: str) -> list[str]:
    """Return the words of a character's name; the first one is its script."""
    return unicodedata.name(character, "?").split()
