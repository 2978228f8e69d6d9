"""How closely pixels are looked at follows from what they are; nothing distinct is skipped."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from support import dicom_bytes as made
from support.lettering import blocks_are_text, plain, sees_nothing, with_line

from confrere.core.dicom.inspect import inspect_instance
from confrere.core.pixels.detector import Stored
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.pixels.tiers import Tier, outside_shown, over_time, text_regions, tier_for

CT = inspect_instance(made.ct_file())
ULTRASOUND = replace(CT, sop_class_uid="1.2.840.10008.5.1.4.1.1.6.1", modality="US")


@dataclass
class Frames:
    values: list[Stored]
    shown: tuple[Box, ...] = ()
    asked: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.values)

    def frame(self, index: int) -> Stored:
        self.asked.append(index)
        return self.values[index]


def test_measured_slices_are_a_stack_and_all_else_is_looked_at_frame_by_frame() -> None:
    assert tier_for(CT, preview=False) is Tier.STACK
    assert tier_for(CT, preview=True) is Tier.PREVIEW
    assert tier_for(ULTRASOUND, preview=True) is Tier.DISTINCT
    assert tier_for(replace(CT, image_type=("DERIVED", "SECONDARY")), preview=False) is Tier.DISTINCT


def test_equal_frames_are_looked_at_once_and_masked_each() -> None:
    seen = []

    def count(picture: np.ndarray) -> np.ndarray:
        seen.append(picture.shape)
        return blocks_are_text(picture)

    one, other = with_line(plain()), plain(value=90)
    regions = text_regions(Frames([one, one, other, one]), Tier.DISTINCT, count)
    alone = len(seen)
    seen.clear()
    text_regions(Frames([one, other]), Tier.DISTINCT, count)
    assert alone == len(seen)
    assert {frame for frame in range(4) for region in regions if region.is_on(frame)} == {0, 1, 3}


@pytest.mark.parametrize("count", [3, 40])
def test_a_line_on_one_frame_of_a_film_is_masked_there(count: int) -> None:
    values = [plain(value=40 + number) for number in range(count)]
    values[2] = with_line(values[2])
    regions = text_regions(Frames(values), Tier.DISTINCT, blocks_are_text)
    assert any(region.is_on(2) and region.box.left <= 40 and region.box.right >= 100 for region in regions)


def test_a_stack_is_masked_over_the_whole_chunk() -> None:
    values = [plain(kind=np.int16) for _ in range(40)]
    values[20] = with_line(values[20])
    regions = text_regions(Frames(values), Tier.STACK, blocks_are_text)
    assert {(region.first_frame, region.last_frame) for region in regions} == {(16, 31)}


def test_slices_of_another_size_start_another_chunk() -> None:
    values = [plain(), plain(), plain(48, 80), with_line(plain(48, 80), 10, 10, 40)]
    assert all(region.first_frame == 2 for region in text_regions(Frames(values), Tier.STACK, blocks_are_text))


def test_every_frame_is_asked_for_in_every_tier() -> None:
    for tier in Tier:
        frames = Frames([plain(value=number) for number in range(30)])
        text_regions(frames, tier, sees_nothing)
        assert set(frames.asked) == set(range(30))


def test_boxes_in_nearly_the_same_place_become_one_that_covers_both() -> None:
    first = Region(0, 15, Box(10, 10, 110, 30), RegionKind.TEXT, "text-detector", 0.7)
    second = Region(16, 31, Box(11, 10, 112, 30), RegionKind.TEXT, "text-detector", 0.9)
    apart = Region(16, 31, Box(200, 10, 300, 30), RegionKind.TEXT, "text-detector", 0.9)
    assert over_time([second, apart, first]) == (
        Region(0, 31, Box(10, 10, 112, 30), RegionKind.TEXT, "text-detector", 0.9),
        apart,
    )


def test_all_around_the_picture_of_an_ultrasound_is_proposed() -> None:
    around = outside_shown((Box(10, 20, 90, 80),), 100, 100, 3)
    mask = np.zeros((100, 100), bool)
    for region in around:
        assert (region.first_frame, region.last_frame) == (0, 2)
        mask[region.box.top : region.box.bottom, region.box.left : region.box.right] = True
    assert mask.sum() == 10_000 - 80 * 60
    assert outside_shown((), 100, 100, 3) == ()
