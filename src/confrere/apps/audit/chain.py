"""How one ledger line is sealed; pure, so that an offline verifier can share it.

Source: RFC 8785 in spirit (sorted keys, no white space, UTF-8); the values are strings, integers and booleans.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """The sealed fields of one ledger entry."""

    sequence: int
    at: datetime
    actor: str
    event: str
    subject: str
    detail: Mapping[str, object]
    previous: str


def seal(line: Line) -> str:
    """Return the SHA-256 (hex) that seals `line` to the one before it."""
    body = {
        "sequence": line.sequence,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": line.actor,
        "event": line.event,
        "subject": line.subject,
        "detail": line.detail,
        "previous": line.previous,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
