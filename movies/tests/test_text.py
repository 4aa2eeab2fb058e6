"""Text is folded for comparison, and cleaned for storage."""

import pytest

from movies.text import fold, storable


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Amélie", "amelie"),
        ("ÉLITE", "elite"),
        ("  The   Matrix\t\n", "the matrix"),
        ("Straße", "strasse"),
        ("Ⅷ ½", "viii 1⁄2"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ],
)
def test_accents_case_and_spaces_are_folded(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


def test_nuls_and_lone_surrogates_are_dropped():
    assert storable("a\x00b\ud800c\U0001f3ac") == "abc\U0001f3ac"
