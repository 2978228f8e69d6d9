"""What a device draws in the same place on every picture, learnt from the masks that people approved."""

from collections.abc import Iterable, Mapping

from confrere.core.dicom.facts import InstanceFacts
from confrere.core.pixels.regions import Box, Region, RegionKind

TemplateKey = tuple[str, str, int, int]
"""Manufacturer, model, rows, columns."""

Templates = Mapping[TemplateKey, tuple[Box, ...]]
"""The masks people approved for a device before."""

TEMPLATE = "device-template"
"""The `source` of a region that comes from a template."""


def key_of(facts: InstanceFacts) -> TemplateKey | None:
    """What the template of an instance's device is filed under; None where the device does not say what it is."""
    if not facts.manufacturer or not facts.model:
        return None
    return facts.manufacturer.strip().upper(), facts.model.strip().upper(), facts.rows, facts.columns


def template_from(approved: Iterable[Region], frames: int) -> tuple[Box, ...]:
    """The boxes of `approved` over text that stood on all `frames` frames."""
    kinds = (RegionKind.TEXT, RegionKind.DRAWN)
    whole = {
        region.box
        for region in approved
        if region.kind in kinds and region.first_frame == 0 and region.last_frame >= frames - 1
    }
    return tuple(sorted(whole))
