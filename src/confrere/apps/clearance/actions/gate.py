"""The gate: the hard floor, then the rules, for one verified study, one audience and one purpose."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.accounts.models import Member
from confrere.apps.accounts.reads import AudienceFacts, audience_facts
from confrere.apps.audit.actions.record import record
from confrere.apps.cases.models import Consent
from confrere.apps.clearance.cleared import ClearedStudy, VerifiedStudy
from confrere.core.rules import Decision, DecisionValue, FloorFacts, Request, check_floor, decide, shipped_packs


class GateRefused(Exception):
    """The gate said no; `decision` tells which rules and what to do instead."""

    def __init__(self, decision: dict[str, object], floor: tuple[str, ...] = ()) -> None:
        self.decision = decision
        self.floor = floor
        super().__init__("the gate refused")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the gate: who sends which study to whom, and what for."""

    study: VerifiedStudy
    author: Member
    audience_id: uuid.UUID
    purpose: str


# A room's audience is known practitioners who are asked about a patient in the author's care: a consultation, as the
# rules have it, whether an answer is asked for or what they see.
PURPOSE_ACTIONS = {"consult": "consult", "discuss": "consult", "teaching": "teach"}


def _request(ask: Ask, audience: AudienceFacts) -> Request:
    consents = [
        {"purpose": consent.purpose, "form": consent.form, "giver": consent.giver, "valid": True}
        for consent in Consent.objects.filter(case_id=ask.study.case_id).order_by("id")
    ]
    return Request.from_json(
        {
            "actor": "rmp",
            "action": PURPOSE_ACTIONS[ask.purpose],
            "content": ["scan_image"],
            "destination": "closed_federated" if audience.institutions > 1 else "closed_institutional",
            "identity": "coded",
            "consent": consents,
            "flags": [],
            "date": now().date().isoformat(),
        }
    )


def weigh(ask: Ask) -> tuple[Decision, tuple[str, ...]]:
    """What the rules say, and which parts of the hard floor are broken (none, when all is well)."""
    audience = audience_facts(ask.audience_id)
    broken = check_floor(
        FloorFacts(
            identity="coded",
            audience_members=audience.members,
            audience_unverified=audience.unverified,
            instances=len(ask.study.instances),
            instances_verified=len(ask.study.instances),
            residuals=0,
            profile="strict",
            faces_open=0 if ask.study.face_free or audience.only_member == ask.author.id else len(ask.study.instances),
        )
    )
    return decide(_request(ask, audience), shipped_packs(), on=now().date()), broken


def pass_gate(actor: str, ask: Ask) -> ClearedStudy:
    """Return the cleared study, or raise GateRefused with the Decision; either way the ledger has a line."""
    decision, broken = weigh(ask)
    answer = decision.as_json()
    allowed = not broken and decision.default in {
        DecisionValue.PERMIT,
        DecisionValue.PERMIT_WITH_OBLIGATION,
        DecisionValue.WARN,
    }
    with transaction.atomic():
        detail = {
            "audience": str(ask.audience_id),
            "purpose": ask.purpose,
            "default": str(decision.default),
            "floor": list(broken),
        }
        record(actor, "gate.passed" if allowed else "gate.refused", str(ask.study.case_id), detail)
    if not allowed:
        raise GateRefused(answer, broken)
    return ClearedStudy(ask.study, ask.audience_id, ask.purpose, answer)
