"""Read the ledger and prove it."""

from dataclasses import dataclass

from confrere.apps.audit.chain import Line, seal
from confrere.apps.audit.models import LedgerEntry, LedgerHead


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """How many lines were checked, and the first that does not hold (None when all do)."""

    lines: int
    broken_at: int | None


def prove() -> LedgerProof:
    """Walk the chain from the first line to the head; a change, gap, swap or cut shows as `broken_at`."""
    previous, expected = "0" * 64, 0
    for entry in LedgerEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        expected += 1
        line = Line(entry.sequence, entry.at, entry.actor, entry.event, entry.subject, entry.detail, entry.previous)
        if entry.sequence != expected or entry.previous != previous or seal(line) != entry.digest:
            return LedgerProof(expected, expected)
        previous = entry.digest
    # Without a head only an empty ledger holds: otherwise cutting the tail and the head together would not show.
    head = LedgerHead.objects.filter(id=1).first() or LedgerHead()
    if (head.sequence, head.digest) != (expected, previous):
        return LedgerProof(expected, expected + 1)
    return LedgerProof(expected, None)
