"""Write one ledger line in the caller's transaction."""

from collections.abc import Mapping

from django.db import transaction

from confrere.adapters.clock import now
from confrere.apps.audit.chain import Line, seal
from confrere.apps.audit.models import LedgerEntry, LedgerHead


class OutsideTransactionError(RuntimeError):
    """A ledger line was written outside the transaction of the change it tells of."""


def record(actor: str, event: str, subject: str, detail: Mapping[str, object] | None = None) -> int:
    """Append one line and return its sequence number.

    `actor` is a member id or the name of a part ("conveyor"); `detail` holds our own identifiers, codes and
    counts, never a DICOM value. Raises OutsideTransactionError unless a transaction is open: a change and its
    line stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError(f"ledger line {event!r} outside a transaction")
    LedgerHead.objects.get_or_create(id=1)
    head = LedgerHead.objects.select_for_update().get(id=1)
    line = Line(head.sequence + 1, now(), actor, event, subject, dict(detail or {}), head.digest)
    digest = seal(line)
    LedgerEntry.objects.create(
        sequence=line.sequence,
        at=line.at,
        actor=line.actor,
        event=line.event,
        subject=line.subject,
        detail=dict(line.detail),
        previous=line.previous,
        digest=digest,
    )
    LedgerHead.objects.filter(id=1).update(sequence=line.sequence, digest=digest)
    return line.sequence
