"""Only what is the same for every patient is remembered."""

from confrere.core.deidentify import pieces
from confrere.core.deidentify.pieces import Familiar, Piece
from confrere.core.dicom.passages import Passage


def piece(original: bytes, cleaned: bytes) -> Piece:
    return Piece(0x00080070, Passage(original, cleaned))


def test_what_goes_or_stays_as_it_is_is_remembered_and_what_was_made_for_a_patient_is_not() -> None:
    familiar = Familiar()
    gone, kept, made = piece(b"private", b""), piece(b"scanner", b"scanner"), piece(b"date", b"shifted")
    for one in (gone, kept, made):
        familiar.note(one)
    assert familiar.get(b"private") is gone
    assert familiar.get(b"scanner") is kept
    assert familiar.get(b"date") is None


def test_large_elements_are_not_remembered_and_a_full_memory_starts_anew() -> None:
    familiar = Familiar()
    familiar.note(piece(bytes(5000), b""))
    assert familiar.get(bytes(5000)) is None
    for number in range(pieces.MOST_FAMILIAR + 1):
        familiar.note(piece(number.to_bytes(4, "big"), b""))
    assert familiar.get((0).to_bytes(4, "big")) is None
    assert familiar.get(pieces.MOST_FAMILIAR.to_bytes(4, "big")) is not None
