"""Validation of usernames."""

import unicodedata
from itertools import groupby

from django.core.exceptions import ValidationError

MIN_LENGTH, MAX_LENGTH = 3, 30  # characters
MAX_MARKS = 3  # on one letter
# Words in the Unicode names of invisible letters and marks, which would make two names look alike.
INVISIBLE = {"FILLER", "SELECTOR", "INHERENT"}


def validate_username(name: str) -> None:
    """Accept letters and digits of any script with its own vowel signs, and `.`, `_`, `-`."""
    is_valid = all(map(_may_follow, " " + name, name)) and _longest_stack(name) <= MAX_MARKS
    if not (MIN_LENGTH <= len(name) <= MAX_LENGTH and is_valid):
        raise ValidationError(
            "A username must have 3 to 30 letters, digits, dots, hyphens or underscores.", "invalid"
        )


def _may_follow(previous: str, character: str) -> bool:
    if INVISIBLE & set(_words(character)):
        return False
    if _is_mark(character):
        # Only the vowel signs of a script, on its own letters. Joiners and the accents shared by
        # all scripts are rejected, because these can be stacked on any letter.
        follows_letter = previous.isalpha() or _is_mark(previous)
        return follows_letter and _words(previous)[0] == _words(character)[0]
    return character.isalnum() or character in "._-"


def _longest_stack(name: str) -> int:
    """Return the largest number of marks on one letter."""
    stacks = [len(list(marks)) for is_mark, marks in groupby(name, _is_mark) if is_mark]
    return max(stacks, default=0)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")


def _words(character: str) -> list[str]:
    """Return the words of a character's Unicode name. The first one is its script."""
    return unicodedata.name(character, "?").split()
