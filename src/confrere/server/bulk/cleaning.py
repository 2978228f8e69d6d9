"""De-identify one batch of files: the unit of work, on this machine or on a cluster.

A batch may be done again at any time: its outputs are the same bytes under the same names. The files are opened here
and parsed in a jailed child, which gets nothing but their descriptors.
Source: the stations of docs/explanation/flow.md.
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Broken, Outcome, Refused
from confrere.server.bulk.jails import jail_of_thread

CLEANER = "confrere.apps.clearance.jailed_batch:deidentify_files"
TEMPORARY = ".confrere-"
"""How the name of a file begins that is still being written."""

# A single native pixel value may have 4 GiB (PS3.5 7.1.2), and a header before it.
_LARGEST_FILE = (4 << 30) + (64 << 20)
_LIMITS = Limits(cpu_s=300, open_files=300, file_bytes=_LARGEST_FILE, output_bytes=64 << 20)
# A slow disk reads and writes this much a second; a batch gets its time by its size.
_SLOWEST_BYTES_A_S = 10 << 20


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

    Nothing is left behind for a file that is not clean. When it returns, the clean ones are on disk.
    """
    secret = read_secret(order.secret_file)
    args = {"secret": secret.hex(), "profile": order.profile}
    jail = jail_of_thread(secret, CLEANER, _LIMITS)
    try:
        return _clean_together(jail, order, paths, args)
    except (Refused, Broken):
        # Some file stopped the child: each gets a request of its own, so that only that one is held.
        return [_clean_alone(jail, order, path, args) for path in paths]


@dataclass(slots=True)
class _Pair:
    """One file open for reading and its output open for writing, under a name that is not its own until it is kept."""

    path: str
    source: int
    target: int
    temporary: str
    is_kept: bool = False


def _clean_together(jail: JailSession, order: Order, paths: Sequence[str], args: dict[str, str]) -> list[FileEnd]:
    with _opened(order, paths) as pairs:
        size = sum(os.fstat(pair.source).st_size for pair in pairs)
        answer = jail.run(
            CLEANER,
            args=args,
            files=[handle for pair in pairs for handle in (pair.source, pair.target)],
            wall_s=_LIMITS.wall_s + size / _SLOWEST_BYTES_A_S,
        )
        told = cast("dict[str, list[object]]", answer.value)
        records = cast("list[dict[str, object]]", told["records"])
        ends = cast("list[tuple[str, str, int | None]]", told["ends"])
        found = [
            FileEnd(pair.path, Outcome(outcome), reason, {} if number is None else records[number])
            for pair, (outcome, reason, number) in zip(pairs, ends, strict=True)
        ]
        _keep(order, [pair for pair, end in zip(pairs, found, strict=True) if end.outcome is Outcome.CLEAN])
        return found


def _clean_alone(jail: JailSession, order: Order, path: str, args: dict[str, str]) -> FileEnd:
    try:
        return _clean_together(jail, order, [path], args)[0]
    except Refused as stop:
        return FileEnd(path, Outcome.REFUSED, stop.code)
    except Broken:
        return FileEnd(path, Outcome.HELD, "clearance-failed")


@contextmanager
def _opened(order: Order, paths: Sequence[str]) -> Iterator[list[_Pair]]:
    """The files and their outputs, closed at the end; an output that was not kept is gone then."""
    pairs: list[_Pair] = []
    # Names as text: this happens once for each of millions of files, and Path costs more than the calls.
    for folder in {os.path.dirname(path) for path in paths}:  # noqa: PTH120
        (order.target / folder).mkdir(parents=True, exist_ok=True)
    try:
        for path in paths:
            source = os.open(f"{order.source}/{path}", os.O_RDONLY | os.O_CLOEXEC)
            pair = _Pair(path, source, -1, f"{order.target}/{os.path.dirname(path)}/{TEMPORARY}{uuid.uuid4().hex}")  # noqa: PTH120
            pairs.append(pair)
            pair.target = os.open(pair.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        yield pairs
    finally:
        for pair in pairs:
            os.close(pair.source)
            if pair.target >= 0:
                os.close(pair.target)
                if not pair.is_kept:
                    os.unlink(pair.temporary)  # noqa: PTH108


def _keep(order: Order, pairs: Sequence[_Pair]) -> None:
    """Give the outputs their names once their bytes are on disk; a crash leaves no half file."""
    folders = set()
    for pair in pairs:
        os.fchmod(pair.target, 0o644)
        os.fsync(pair.target)
    for pair in pairs:
        os.rename(pair.temporary, f"{order.target}/{pair.path}")  # noqa: PTH104
        pair.is_kept = True
        folders.add(os.path.dirname(pair.temporary))  # noqa: PTH120
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
