"""The one place an intake's state changes: through core.lifecycle, with its ledger line."""

from confrere.adapters.clock import now
from confrere.apps.audit.actions.record import record
from confrere.apps.intake.models import Intake
from confrere.core.lifecycle import INTAKE, move


def move_intake(intake: Intake, verb: str, actor: str, reason_code: str = "") -> None:
    """Move a locked intake by `verb`; the caller holds the transaction.

    Raises IllegalMove when the table has no such row.
    """
    row = move(INTAKE, intake.state, verb)
    intake.state = row.to_state
    intake.reason_code = reason_code
    intake.touched_at = now()
    if verb == "complete":
        intake.received_at = intake.touched_at
    if verb in {"clear", "hold", "refuse"}:
        intake.settled_at = intake.touched_at
    intake.save()
    record(actor, row.event, str(intake.id), {"reason": reason_code} if reason_code else None)
