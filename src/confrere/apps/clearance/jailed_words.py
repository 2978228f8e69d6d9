"""What runs inside the jail for a file of nothing but text: read, and held or turned away where it names a person.

Source: the order of stations in docs/explanation/flow.md.
"""

from collections.abc import Mapping, Sequence

from confrere.adapters.name_network import load_name_network
from confrere.apps.clearance.jailed import Answer
from confrere.core.pixels.forms import is_disguised
from confrere.core.terms import Broken, Held, Outcome, Refused
from confrere.core.words import judge_text


def read(blobs: Sequence[bytes], _args: Mapping[str, object]) -> Answer:
    """Read blobs[0]. Returns {outcome: clean, reason: ok, grouping: {}} and no bytes: words are typed, never handed on.

    Raises Refused (type-mismatch for a drawing, a page or a playlist; bad-text), Held (looks-like-identifier, or
    words-not-checked where the network is missing).
    """
    if is_disguised(bytes(blobs[0])):
        raise Refused("type-mismatch")
    try:
        judge_text(bytes(blobs[0]), load_name_network())
    except Broken:
        raise Held("words-not-checked") from None
    return {"outcome": Outcome.CLEAN, "reason": "ok", "grouping": {}}, []
