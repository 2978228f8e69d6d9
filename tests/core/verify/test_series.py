"""The second look at a series: what any original holds is found in any cleaned instance."""

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from confrere.core.dicom.passages import Passage
from confrere.core.terms import Broken
from confrere.core.verify import PixelPart, SeriesLook

Write = Callable[[Dataset], bytes]


def test_a_clean_instance_gives_none_and_a_name_left_is_told(identified: Dataset, clean: Dataset, write: Write) -> None:
    for comments, kinds in (("", set()), ("for Rajesh Sharma", {"name"})):
        clean.ImageComments = comments
        look = SeriesLook(implicit=False)
        look.read("one", [Passage(write(identified), write(clean))], PixelPart())
        assert {one.kind for told in look.judge().values() for one in told} == kinds


def test_a_passage_that_its_parts_do_not_make_up_is_broken() -> None:
    for one in (Passage(b"ab", b"c", parts=(Passage(b"a", b"c"),)), Passage(b"a", b"c", parts=(Passage(b"a", b""),))):
        with pytest.raises(Broken):
            SeriesLook(implicit=False).read("one", [one], PixelPart())
