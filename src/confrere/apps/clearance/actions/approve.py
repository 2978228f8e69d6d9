"""A person's word at the clearance desk: what is to be masked, what may stay. Only after it does a held image go on."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.accounts.models import Member
from confrere.apps.audit.actions.record import record
from confrere.apps.clearance.models import (
    Approval,
    DeviceMask,
    InstanceClearance,
    Proposal,
    ProposalState,
    SeriesClearance,
    SeriesState,
)
from confrere.apps.clearance.regions_told import BadRegions, Canvas, regions_from, regions_told
from confrere.apps.intake.actions.moves import move_intake
from confrere.apps.intake.models import Arrival, Intake, IntakeState
from confrere.core.lifecycle import SERIES, move
from confrere.core.pixels.marks import KEPT_MARK, POSSIBLE_MARK
from confrere.core.pixels.regions import Box, Region
from confrere.core.pixels.templates import template_from
from confrere.core.terms import Outcome

MOST_AT_ONCE = 2000
MOST_DEVICE_BOXES = 20
RULES = frozenset({"", "device", "all alike", "device, all alike"})
"""How a word may be given; no free text, which could name somebody."""
DRAWN_BY = "person"
_SOURCE = 7
_OPEN = (IntakeState.HELD, IntakeState.READY, IntakeState.CLEARING)


class DeskError(Exception):
    """The desk does not take this; the message is the sentence the person reads."""


@dataclass(frozen=True, slots=True)
class Word:
    """What the person says of one proposal: lists as in regions_told, still to be measured; `rule` says how."""

    proposal_id: uuid.UUID
    regions: object
    kept: object
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that has been measured."""

    proposal: Proposal
    masks: tuple[Region, ...]
    kept: tuple[Region, ...]
    rule: str

    @property
    def boxes(self) -> list[list[int]]:
        """The masks that stand on every frame, as a device's mask has them; faces are not the device's."""
        last = self.proposal.frames - 1
        return _told(box for box in template_from(self.masks, last + 1))

    @property
    def marks(self) -> list[list[int]]:
        """Where she left what may be a mark of side or position."""
        return _told(one.box for one in self.kept if one.source in (POSSIBLE_MARK, KEPT_MARK))


def _told(boxes: Iterable[Box]) -> list[list[int]]:
    told = [[box.left, box.top, box.right, box.bottom] for box in dict.fromkeys(boxes)]
    return told[:MOST_DEVICE_BOXES]


def approve(member: Member, intake_id: uuid.UUID, words: Sequence[Word], *, remember: bool = False) -> int:
    """Take the member's words on images of her own intake; the conveyor goes on with them. Returns how many.

    All of them count or none. With `remember`, what stands on every frame is proposed for the same devices from now on.
    Raises DeskError: nothing is said, an image does not wait (any more) at this desk, or a box is none.
    """
    if not 0 < len(words) <= MOST_AT_ONCE:
        raise DeskError(f"Approve between 1 and {MOST_AT_ONCE} images at a time.")
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(id=intake_id, member=member)
        if intake.state not in _OPEN:
            raise DeskError("The originals of this sending are gone; send it again.")
        said = _measured(intake, words)
        digest = _write_down(member, said)
        _take_up_again(intake, said, str(member.id))
        detail = {
            "instances": len(said),
            "masks": sum(len(one.masks) for one in said),
            "kept": sum(len(one.kept) for one in said),
            "approvals": digest,
        }
        record(str(member.id), "pixels.approved", str(intake.id), detail)
        if remember:
            _remember(member, said)
    return len(said)


def _measured(intake: Intake, words: Sequence[Word]) -> list[_Said]:
    waiting = Proposal.objects.select_related("instance").filter(
        instance__arrival__intake=intake, instance__outcome=Outcome.HELD, state=ProposalState.OPEN
    )
    open_now = {proposal.id: proposal for proposal in waiting}
    if len({word.proposal_id for word in words}) < len(words):
        raise DeskError("An image is named twice.")
    said = []
    for word in words:
        proposal = open_now.get(word.proposal_id)
        if proposal is None:
            raise DeskError("One of these images does not wait at this desk any more. Load the page again.")
        canvas = Canvas(proposal.rows, proposal.columns, proposal.frames)
        try:
            masks, kept = regions_from(word.regions, canvas), regions_from(word.kept, canvas)
        except BadRegions as fault:
            raise DeskError(str(fault)) from None
        known = {str(told[_SOURCE]) for told in (*proposal.regions, *proposal.kept)} | {DRAWN_BY}
        if word.rule not in RULES or any(one.source not in known for one in (*masks, *kept)):
            raise DeskError("A box or a rule is not one that this page offers. Load the page again.")
        said.append(_Said(proposal, masks, kept, word.rule))
    return said


def _write_down(member: Member, said: Iterable[_Said]) -> str:
    """Keep one Approval for each word; returns the digest of all of them, which the ledger carries."""
    at = now()
    rows = [
        Approval(
            instance=one.proposal.instance,
            regions=regions_told(one.masks),
            kept=regions_told(one.kept),
            member=member,
            at=at,
            rule=one.rule,
        )
        for one in said
    ]
    Approval.objects.bulk_create(rows)
    Proposal.objects.filter(id__in=[one.proposal.id for one in said]).update(state=ProposalState.ANSWERED)
    told = [[row.instance_id, row.regions, row.kept, row.rule] for row in rows]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def _take_up_again(intake: Intake, said: Sequence[_Said], actor: str) -> None:
    """Make the images due for the conveyor, and move each series of which nothing waits any more."""
    instances = [one.proposal.instance for one in said]
    Arrival.objects.filter(id__in={row.arrival_id for row in instances}).update(is_examined=False)
    if intake.state != IntakeState.CLEARING:
        intake.attempts = 0
        move_intake(intake, "resume", actor, intake.reason_code)
    touched = {row.series_id for row in instances if row.series_id is not None}
    for series in SeriesClearance.objects.select_for_update().filter(id__in=touched, state=SeriesState.HELD):
        waiting = InstanceClearance.objects.filter(
            series=series, outcome=Outcome.HELD, proposal__state=ProposalState.OPEN
        )
        if not waiting.exists():
            step = move(SERIES, series.state, "approve")
            series.state, series.reason_code = step.to_state, ""
            series.save(update_fields=["state", "reason_code"])
            record(actor, step.event, str(series.id), {"intake": str(intake.id)})


def _remember(member: Member, said: Iterable[_Said]) -> None:
    """The newest word on each device is its mask from now on."""
    by_device = {one.proposal.device: one for one in said if one.proposal.device and (one.boxes or one.marks)}
    for device, one in by_device.items():
        DeviceMask.objects.update_or_create(
            institution_id=member.institution_id,
            device=device,
            defaults={"boxes": one.boxes, "kept": one.marks, "approved_by": member, "at": now()},
        )
        detail = {"boxes": len(one.boxes), "kept": len(one.marks)}
        record(str(member.id), "device.mask_remembered", device, detail)


def note_look(member: Member, intake_id: uuid.UUID) -> int:
    """Write into the ledger that the member opens the desk of her own intake; returns how many images wait there.

    Raises DeskError where nothing waits.
    """
    with transaction.atomic():
        waiting = Proposal.objects.filter(
            instance__arrival__intake_id=intake_id,
            instance__arrival__intake__member=member,
            instance__outcome=Outcome.HELD,
            state=ProposalState.OPEN,
        ).count()
        if not waiting:
            raise DeskError("Nothing waits at this desk.")
        record(str(member.id), "desk.opened", str(intake_id), {"instances": waiting})
    return waiting
