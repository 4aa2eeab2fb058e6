"""Text as it is compared and stored."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` as titles are searched and sorted: without accents, case and extra spaces.

    NFKD without combining marks, casefolded, white space collapsed. Databases disagree on
    lower(), so folded text is always made here and stored.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def storable(text: str) -> str:
    """Return `text` without what no database or UTF-8 encoder takes: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
