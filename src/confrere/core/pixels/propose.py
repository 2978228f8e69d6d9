"""One entry point: where may the pixels of an instance or a series show who the patient is, and how sure is that?

Source: PS3.15 E.3.1 (Clean Pixel Data).
"""

from dataclasses import dataclass

from confrere.core.dicom.facts import InstanceFacts
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.marks import with_marks
from confrere.core.pixels.regions import Region, RegionKind
from confrere.core.pixels.templates import TEMPLATE, Templates, key_of
from confrere.core.pixels.tiers import FrameSource, Tier, outside_shown, text_regions, tier_for

__all__ = ["Detector", "FrameSource", "Proposal", "Templates", "Tier", "propose_regions"]

# Marks of side and position are put on projections by a radiographer.
_MARKED = frozenset({"CR", "DX", "MG", "RG", "IO", "PX"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to mask. `sure` says that it may go on without a person; else `reason` is the code of why not."""

    regions: tuple[Region, ...]
    tier: Tier
    sure: bool
    reason: str = ""


def propose_regions(
    frames: FrameSource,
    facts: InstanceFacts,
    detector: Detector,
    templates: Templates,
    *,
    preview: bool = False,
    kept_marks: Templates | None = None,
) -> Proposal:
    """The regions of text on `frames`, whose instance or series says `facts` of itself.

    `templates` are the masks and `kept_marks` the places of marks approved for devices before. With `preview` a stack
    gets the quick pass, which is never sure. Raises whatever decoding a frame raises: then nothing is known, and
    nothing may go.
    """
    tier, key = tier_for(facts, preview=preview), key_of(facts)
    last = frames.count - 1
    learnt = templates.get(key, ()) if key else ()
    found = text_regions(frames, tier, detector)
    if facts.modality in _MARKED:
        kept = (kept_marks or {}).get(key, ()) if key else ()
        found = with_marks(found, facts.rows, facts.columns, kept)
    regions = (
        *outside_shown(frames.shown, facts.rows, facts.columns, frames.count),
        *(Region(0, last, box, RegionKind.TEXT, TEMPLATE) for box in learnt),
        *found,
    )
    if tier is Tier.DISTINCT:
        return Proposal(regions, tier, sure=False, reason="pixels-need-a-person")
    if regions:
        return Proposal(regions, tier, sure=False, reason="burned-in-text")
    return Proposal((), tier, sure=tier is Tier.STACK, reason="" if tier is Tier.STACK else "text-not-looked-for-yet")
