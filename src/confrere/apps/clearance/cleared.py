"""The types a study wears on its way: Verified after the second look, Cleared after the gate.

Each station accepts only the type the one before gives, so a skipped station does not type-check.
"""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VerifiedInstance:
    """A cleaned instance that the verifier found nothing in, named by the SHA-256 of its bytes."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sha256: str
    object_key: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class VerifiedStudy:
    """Verified instances of one case: all of them, or with `face_free` what others than its author may see.

    INVARIANT: `face_free` is set by `face_free.study_for_others` alone; the gate asks for it.
    """

    case_id: uuid.UUID
    institution_id: uuid.UUID
    instances: tuple[VerifiedInstance, ...]
    face_free: bool = False


@dataclass(frozen=True, slots=True)
class ClearedStudy:
    """A verified study that the gate let through to one audience for one purpose, and what the rules said.

    INVARIANT: made only by `actions.gate.pass_gate`.
    """

    study: VerifiedStudy
    audience_id: uuid.UUID
    purpose: str
    decision: dict[str, object]
