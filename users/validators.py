"""What a username may be made of."""

import unicodedata

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 3, 30  # characters
# Marks above this combining class are stacked on any letter; below stand the vowel signs and the
# like, without which several scripts cannot be written.
LAST_VOWEL_SIGN = 199


def validate_username(name: str) -> None:
    """Accept letters and digits of any script, with their vowel signs, and `.`, `_`, `-`."""
    if not SHORTEST <= len(name) <= LONGEST or not all(map(_allowed, " " + name, name)):
        raise ValidationError(
            "A username has 3 to 30 letters, digits, dots, hyphens and underscores.", "invalid"
        )


def _allowed(before: str, character: str) -> bool:
    if _is_mark(character):
        follows = before.isalpha() or _is_mark(before)
        return follows and unicodedata.combining(character) <= LAST_VOWEL_SIGN
    return character.isalnum() or character in "._-"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc")
