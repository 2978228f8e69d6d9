"""De-identify one batch of files: the unit of work, on this machine or on a cluster.

A batch may be done again at any time: its outputs are the same bytes under the same names.
Source: design.md part 8; the stations of docs/explanation/flow.md.
"""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Broken, Held, Outcome, Refused

CLEANER = "confrere.apps.clearance.jailed:deidentify_alone"
TEMPORARY = ".confrere-"
"""How the name of a file begins that is still being written."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to do to every file: `source` and `target` are folders, as the worker sees them.

    INVARIANT: the secret itself never travels with an order; the worker reads it from `secret_file`.
    """

    source: Path
    target: Path
    secret_file: Path
    profile: str


@dataclass(frozen=True, slots=True)
class FileEnd:
    """How one file ended; `path` is relative to the source."""

    path: str
    outcome: Outcome
    reason: str
    record: dict[str, object] = field(default_factory=dict)


def read_secret(path: Path) -> bytes:
    """The institution's secret as its file holds it, without white space around it."""
    return path.read_bytes().strip()


def clean_batch(order: Order, paths: list[str]) -> list[FileEnd]:
    """De-identify and verify `paths` (relative to the source) and return their ends in the same order.

    Nothing is written for a file that is not clean.
    """
    args = {"secret": read_secret(order.secret_file).hex(), "profile": order.profile}
    with JailSession(Limits(), preload=(CLEANER.partition(":")[0],)) as jail:
        return [_clean_one(jail, order, path, args) for path in paths]


def _clean_one(jail: JailSession, order: Order, path: str, args: dict[str, str]) -> FileEnd:
    try:
        answer = jail.run(CLEANER, blobs=[(order.source / path).read_bytes()], args=args)
    except Refused as stop:
        return FileEnd(path, Outcome.REFUSED, stop.code)
    except Held as stop:
        return FileEnd(path, Outcome.HELD, stop.code)
    except Broken:
        return FileEnd(path, Outcome.HELD, "clearance-failed")
    _write(order.target / path, answer.blobs[0])
    return FileEnd(path, Outcome.CLEAN, "ok", cast("dict[str, object]", answer.value))


def _write(path: Path, content: bytes) -> None:
    """Write beside, fsync, then rename: a crash leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
