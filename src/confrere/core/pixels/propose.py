"""One entry point: where may the pixels of an instance or a series show who the patient is, and how sure is that?

Source: PS3.15 E.3.1 (Clean Pixel Data).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from confrere.core.dicom.facts import InstanceFacts
from confrere.core.pixels.detector import Detector, Stored
from confrere.core.pixels.regions import Box, Region, RegionKind

TemplateKey = tuple[str, str, int, int]
"""Manufacturer, model, rows, columns: what one device draws in the same place on every picture."""

Templates = Mapping[TemplateKey, tuple[Box, ...]]
"""The masks people approved for a device before."""


class FrameSource(Protocol):
    """The frames of one instance, or of one series in order, decoded one at a time."""

    @property
    def count(self) -> int:
        """How many there are."""

    def frame(self, index: int) -> Stored:
        """Frame `index`, from 0: stored grey values, bright means white, or RGB."""


class Tier(StrEnum):
    """How the pixels were looked at."""

    PREVIEW = "preview"
    """The quick pass over a stack: good enough to show the sender what will go, never to release."""
    STACK = "stack"
    """The thorough pass over a stack of CT, MR or PET: every frame counts, in chunks."""
    DISTINCT = "distinct"
    """Every distinct frame was looked at alone."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to mask. `sure` says that it may go on without a person; else `reason` is the code of why not."""

    regions: tuple[Region, ...]
    tier: Tier
    sure: bool
    reason: str = ""


def propose_regions(
    frames: FrameSource, facts: InstanceFacts, detector: Detector, templates: Templates, *, preview: bool = False
) -> Proposal:
    """The regions of text on `frames`, whose instance says `facts` of itself.

    With `preview` a stack gets the quick pass. Raises whatever decoding a frame raises.
    """
    regions = []
    for box in templates.get((facts.manufacturer, facts.model, facts.rows, facts.columns), ()):
        regions.append(Region(0, frames.count - 1, box, RegionKind.TEXT, "template"))
    return Proposal(tuple(regions), Tier.PREVIEW if preview else Tier.DISTINCT, sure=False, reason="burned-in-text")
