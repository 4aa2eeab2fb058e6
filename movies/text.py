"""Prepare text for comparing and storing it."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without accents, case differences and extra white space.

    That is NFKD without combining marks, casefolded. Databases disagree about LOWER(), so folded
    text is always made here and then stored.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def storable(text: str) -> str:
    """Return `text` without NULs and lone surrogates, which databases and UTF-8 reject."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
