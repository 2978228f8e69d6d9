"""Keep what a person is to be asked about held instances; what a device's mask says is proposed with it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import cast

from confrere.apps.clearance.models import DeviceMask, InstanceClearance, Proposal, ProposalState
from confrere.apps.clearance.regions_told import Canvas, regions_from, regions_told
from confrere.core.pixels.marks import KEPT_MARK, POSSIBLE_MARK, overlap
from confrere.core.pixels.regions import Box, Region, RegionKind

_SAME_PLACE = 0.7
FROM_DEVICE = "device"
"""The source of a region that comes from a remembered mask."""


def keep_proposals(institution_id: uuid.UUID, asked: Sequence[tuple[InstanceClearance, Mapping[str, object]]]) -> None:
    """Write a proposal for each row, or renew the one it has: then the sheet stays and it is open again.

    The child that made it may have been taken over, so nothing of it is believed before it is measured. The caller
    holds the transaction. Raises BadRegions.
    """
    devices = {str(told.get("device", "")) for _row, told in asked} - {""}
    known = DeviceMask.objects.filter(institution_id=institution_id, device__in=devices)
    masks = {mask.device: mask for mask in known}
    for row, told in asked:
        canvas = Canvas(*(int(str(told[name])) for name in ("rows", "columns", "frames")))
        regions = list(regions_from(told["regions"], canvas))
        kept = regions_told(regions_from(told.get("kept", []), canvas))
        if "sheet_key" not in told:
            Proposal.objects.filter(instance=row).update(
                regions=regions_told(regions), kept=kept, state=ProposalState.OPEN, has_device_mask=False
            )
            continue
        mask = masks.get(str(told["device"]))
        remembered = _remembered(mask.boxes, canvas) if mask else []
        left = [one for one in regions if mask and _is_left(one, mask.kept)]
        Proposal.objects.update_or_create(
            instance=row,
            defaults={
                "regions": regions_told([*(one for one in regions if one not in left), *remembered]),
                "kept": regions_told(left),
                "tier": str(told["tier"])[:16],
                "rows": canvas.rows,
                "columns": canvas.columns,
                "frames": canvas.frames,
                "pictures": [int(str(frame)) for frame in cast("list[object]", told["pictures"])],
                "device": str(told["device"])[:64],
                "has_device_mask": bool(remembered or left),
                "sheet_key": str(told["sheet_key"]),
            },
        )


def _remembered(boxes: Sequence[Sequence[int]], canvas: Canvas) -> list[Region]:
    """A device's boxes on every frame of a picture of this size; the device's name holds the size, so they fit."""
    last = canvas.frames - 1
    return [
        Region(0, last, Box(*box), RegionKind.DRAWN, FROM_DEVICE)
        for box in boxes
        if box[2] <= canvas.columns and box[3] <= canvas.rows
    ]


def _is_left(region: Region, marks: Sequence[Sequence[int]]) -> bool:
    """Whether a possible mark stands where one was left on this device before; the person sees it and may mask it."""
    return region.source in (POSSIBLE_MARK, KEPT_MARK) and any(
        overlap(region.box, Box(*mark)) >= _SAME_PLACE for mark in marks
    )
