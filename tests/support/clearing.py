"""What clearance makes of one file, in this process: clean, held or refused, as the jailed child would say it."""

from dataclasses import dataclass

from confrere.core.deidentify import HEADERS, STRICT, Keys, deidentify_instance
from confrere.core.terms import Broken, Held, Refused
from confrere.core.verify import harvest, residuals

KEYS = Keys(b"a secret of the tests, long enough", "test-hospital")


@dataclass(frozen=True)
class End:
    """`outcome` is clean, held or refused; `engine_output` is what the engine made, even where verify stopped it."""

    outcome: str
    reason: str
    engine_output: bytes = b""


def cleared(original: bytes, *, judges_pixels: bool = True) -> End:
    """How `original` ends. Any exception but a reasoned stop goes through: that is what the tests look for."""
    try:
        done = deidentify_instance(original, keys=KEYS, profile=STRICT if judges_pixels else HEADERS)
    except Refused as stop:
        return End("refused", stop.code)
    except Held as stop:
        return End("held", stop.code)
    content = bytes(done.content)
    try:
        found = residuals(content, harvest(original))
    except Broken:
        return End("held", "clearance-failed", content)
    return End("held", "residual-found", content) if found else End("clean", "ok", content)
