"""A proposal is sure only where the thorough search of a measured stack found nothing at all."""

from dataclasses import replace

import pytest
from core.pixels.test_tiers import CT, ULTRASOUND, Frames
from support.lettering import blocks_are_text, plain, sees_nothing, with_line

from confrere.core.pixels.marks import POSSIBLE_MARK
from confrere.core.pixels.propose import Tier, propose_regions
from confrere.core.pixels.regions import Box
from confrere.core.pixels.templates import TEMPLATE
from confrere.core.terms import REASONS, Refused

STACK = [plain(kind=int) for _ in range(4)]


def test_a_clean_stack_is_sure_and_its_preview_is_not() -> None:
    assert propose_regions(Frames(STACK), CT, sees_nothing, {}).sure
    quick = propose_regions(Frames(STACK), CT, sees_nothing, {}, preview=True)
    assert (quick.sure, quick.reason) == (False, "text-not-looked-for-yet")


def test_text_in_a_stack_needs_a_person() -> None:
    found = propose_regions(Frames([with_line(plain())] * 4), CT, blocks_are_text, {})
    assert (found.sure, found.reason, found.tier) == (False, "text-in-pixels", Tier.STACK)
    assert found.regions


@pytest.mark.parametrize("detector", [sees_nothing, blocks_are_text])
def test_an_ultrasound_always_needs_a_person(detector: object) -> None:
    found = propose_regions(Frames(STACK), ULTRASOUND, detector, {})  # type: ignore[arg-type]
    assert (found.sure, found.reason) == (False, "pixels-need-a-person")


def test_the_banner_of_a_known_device_is_proposed_on_all_frames() -> None:
    facts = replace(ULTRASOUND, model="Sono 5", rows=96, columns=160)
    known = {("ACME SCANNERS", "SONO 5", 96, 160): (Box(0, 0, 160, 12),)}
    (banner,) = propose_regions(Frames(STACK), facts, sees_nothing, known).regions
    assert (banner.source, banner.first_frame, banner.last_frame) == (TEMPLATE, 0, 3)


def test_what_lies_outside_the_picture_of_an_ultrasound_is_proposed() -> None:
    facts = replace(ULTRASOUND, rows=96, columns=160)
    found = propose_regions(Frames(STACK, (Box(0, 12, 160, 96),)), facts, sees_nothing, {})
    assert [region.box for region in found.regions] == [Box(0, 0, 160, 12)]


def test_a_short_word_at_the_edge_of_a_radiograph_may_be_a_mark() -> None:
    picture = with_line(plain(900, 900), 30, 30, 14)
    facts = replace(CT, sop_class_uid="1.2.840.10008.5.1.4.1.1.1", modality="CR", rows=900, columns=900)
    found = propose_regions(Frames([picture]), facts, blocks_are_text, {})
    assert {region.source for region in found.regions} == {POSSIBLE_MARK}


def test_a_frame_that_cannot_be_decoded_stops_all() -> None:
    class Broken(Frames):
        def frame(self, index: int) -> object:  # type: ignore[override]
            raise Refused("bad-pixel-stream")

    with pytest.raises(Refused):
        propose_regions(Broken(STACK), CT, sees_nothing, {})


def test_every_reason_is_in_the_table() -> None:
    assert {"text-in-pixels", "pixels-need-a-person", "text-not-looked-for-yet"} <= REASONS.keys()
