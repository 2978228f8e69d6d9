"""Keep what a person is to be asked about held instances; what a device's mask says is proposed with it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import cast

from confrere.apps.clearance.models import DeviceMask, InstanceClearance, Proposal, ProposalState
from confrere.apps.clearance.regions_told import Canvas, regions_from, regions_told
from confrere.core.pixels.regions import Box, Region, RegionKind

FROM_DEVICE = "device"
"""The source of a region that comes from a remembered mask."""


def keep_proposals(institution_id: uuid.UUID, asked: Sequence[tuple[InstanceClearance, Mapping[str, object]]]) -> None:
    """Write a proposal for each row, or renew the one it has: then the sheet stays and it is open again.

    The child that made it may have been taken over, so nothing of it is believed before it is measured. The caller
    holds the transaction. Raises BadRegions.
    """
    devices = {str(told.get("device", "")) for _row, told in asked} - {""}
    masks = dict(
        DeviceMask.objects.filter(institution_id=institution_id, device__in=devices).values_list("device", "boxes")
    )
    for row, told in asked:
        canvas = Canvas(*(int(str(told[name])) for name in ("rows", "columns", "frames")))
        regions = list(regions_from(told["regions"], canvas))
        kept = regions_told(regions_from(told.get("kept", []), canvas))
        if "sheet_key" not in told:
            Proposal.objects.filter(instance=row).update(
                regions=regions_told(regions), kept=kept, state=ProposalState.OPEN, has_device_mask=False
            )
            continue
        remembered = _remembered(masks.get(str(told["device"]), []), canvas)
        Proposal.objects.update_or_create(
            instance=row,
            defaults={
                "regions": regions_told([*regions, *remembered]),
                "kept": kept,
                "tier": str(told["tier"])[:16],
                "rows": canvas.rows,
                "columns": canvas.columns,
                "frames": canvas.frames,
                "pictures": [int(str(frame)) for frame in cast("list[object]", told["pictures"])],
                "device": str(told["device"])[:64],
                "has_device_mask": bool(remembered),
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
