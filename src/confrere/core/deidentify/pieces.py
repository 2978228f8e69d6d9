"""What became of single elements, and the memory of those that are the same for every patient.

Source: PS3.15 Annex E, through `rewrite`.
"""

from typing import NamedTuple

from confrere.core.deidentify.rewrite import Deed
from confrere.core.dicom.passages import Passage

# How much is remembered of scanners: more than any says, and never a picture.
MOST_FAMILIAR = 8192
_LONGEST_FAMILIAR = 1024


class Piece(NamedTuple):
    """One top-level element of the header: what became of it, and what was done. Stamps have no original."""

    tag: int
    passage: Passage
    deeds: tuple[Deed, ...] = ()


class Familiar:
    """Elements seen before that go or stay as they are whoever the patient is: a scanner says much the same each time.

    For one policy and one encoding; images only, and no policy that reads text.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self._pieces: dict[bytes, Piece] = {}

    def get(self, original: bytes) -> Piece | None:
        """What became of an element of exactly these bytes."""
        return self._pieces.get(original)

    def note(self, piece: Piece) -> None:
        """Remember a piece, unless its output holds anything that was made for this patient."""
        original, cleaned = piece.passage.original, piece.passage.cleaned
        if len(original) <= _LONGEST_FAMILIAR and cleaned in (b"", original):
            if len(self._pieces) >= MOST_FAMILIAR:
                self._pieces.clear()
            self._pieces[original] = piece
