"""What clearance makes of one file, in this process: clean, held or refused, as the jailed child would say it."""

from dataclasses import dataclass

from confrere.core.deidentify import HEADERS, STRICT, Keys, deidentify_instance
from confrere.core.deidentify.splice import Splicer
from confrere.core.dicom.source import source_of
from confrere.core.terms import Broken, Held, Refused
from confrere.core.verify import harvest, residuals

KEYS = Keys(b"a secret of 32 bytes for testing", "north")


@dataclass(frozen=True)
class End:
    """`outcome` is clean, held or refused; `engine_output` is what the engine made, even where verify stopped it."""

    outcome: str
    reason: str
    engine_output: bytes = b""


def cleaned(original: bytes, *, judges_pixels: bool = True) -> End:
    """What the engine alone makes of `original`. Any exception but a reasoned stop goes through."""
    try:
        done = deidentify_instance(original, keys=KEYS, profile=STRICT if judges_pixels else HEADERS)
    except (Refused, Held) as stop:
        return _stopped(stop)
    return End("clean", "ok", bytes(done.content))


def cleared(original: bytes, *, judges_pixels: bool = True) -> End:
    """How `original` ends. Any exception but a reasoned stop goes through: that is what the tests look for."""
    end = cleaned(original, judges_pixels=judges_pixels)
    if end.outcome != "clean":
        return end
    try:
        found = residuals(end.engine_output, harvest(original))
    except Broken:
        return End("held", "clearance-failed", end.engine_output)
    return End("held", "residual-found", end.engine_output) if found else end


def series_engine(*, judges_pixels: bool = True) -> Splicer:
    """The engine that remembers what a series has in common."""
    return Splicer(keys=KEYS, profile=STRICT if judges_pixels else HEADERS)


def spliced(engine: Splicer, original: bytes) -> End:
    """What `engine` makes of `original`, as `cleaned` tells it."""
    try:
        done = engine.clean(source_of(original))
    except (Refused, Held) as stop:
        return _stopped(stop)
    return End("clean", "ok", done.header + bytes(done.pixels.content))


def _stopped(stop: Refused | Held) -> End:
    return End("refused" if isinstance(stop, Refused) else "held", stop.code)
