"""The originals of a look: each distinct element once, and the harvest grows."""

from collections.abc import Callable

from pydicom.dataset import Dataset

from confrere.core.verify import harvest
from confrere.core.verify.originals import Originals

Write = Callable[[Dataset], bytes]


def test_passages_yield_what_the_whole_file_yields(identified: Dataset, write: Write) -> None:
    whole = write(identified)
    originals = Originals(implicit=False)
    header = whole[: whole.index(b"\xe0\x7f\x10\x00")]
    originals.take(header, is_raw=False)
    fresh = originals.settle()
    assert fresh == originals.harvest == harvest(whole)
    originals.take(header, is_raw=False)
    assert len(originals.settle()) == 0


def test_a_name_that_comes_late_takes_back_what_a_technical_value_excused(identified: Dataset, write: Write) -> None:
    originals = Originals(implicit=False)
    originals.take(b"\x08\x00\x90\x10LO\x0a\x00Ansari VCT", is_raw=False)
    originals.take(b"\x20\x00\x00\x40LT\x0a\x00vct ansari", is_raw=False)
    originals.settle()
    assert not originals.harvest.words
    originals.take(b"\x10\x00\x10\x00PN\x06\x00Ansari", is_raw=False)
    assert ("text", b"ansari") in originals.settle().words


def test_the_days_of_a_passage_are_told_by_path() -> None:
    originals = Originals(implicit=False)
    assert originals.take(b"\x08\x00\x20\x00DA\x08\x0020240115", is_raw=False) == {(0x00080020,): {738900}}
    assert originals.take(b"\x08\x00\x60\x00CS\x02\x00CT", is_raw=False) == {}
