"""Passages: joining keeps both sides whole."""

from confrere.core.dicom.passages import Passage, joined


def test_joined_passages_are_their_parts_laid_end_to_end_on_both_sides() -> None:
    parts = (Passage(b"ab", b"x"), Passage(b"", b"stamp"), Passage(b"cd", b""))
    whole = joined(parts)
    assert (whole.original, whole.cleaned, whole.parts) == (b"abcd", b"xstamp", parts)
