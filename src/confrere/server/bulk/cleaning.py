"""De-identify one batch of files: the unit of work, on this machine or on a cluster.

A batch may be done again at any time: its outputs are the same bytes under the same names. The files are opened here
and parsed in a jailed child, which gets nothing but their descriptors.
Source: the stations of docs/explanation/flow.md.
"""

import errno
import os
import stat
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import REASONS, Broken, Outcome, Refused
from confrere.server.bulk.jails import jail_of_thread

CLEANER = "confrere.apps.clearance.jailed_batch:deidentify_files"
TEMPORARY = ".confrere-"
"""How the name of a file begins that is still being written."""

# A single native pixel value may have 4 GiB (PS3.5 7.1.2), and a header before it.
_LARGEST_FILE = (4 << 30) + (64 << 20)
_LIMITS = Limits(cpu_s=300, open_files=300, file_bytes=_LARGEST_FILE, output_bytes=64 << 20)
# A slow disk reads and writes this much a second; a batch gets its time by its size.
_SLOWEST_BYTES_A_S = 10 << 20
# A header may grow by what it says of the de-identification.
_GROWTH = 64 << 10
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


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


def open_file(path: str) -> int:
    """A descriptor of the regular file at `path`. Raises OSError for anything else, and never waits for a writer."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file")
    return handle


def clean_batch(order: Order, paths: list[str]) -> list[FileEnd]:
    """De-identify and verify `paths` (relative to the source) and return their ends in the same order.

    Nothing is left behind for a file that is not clean. When it returns, the clean ones are on disk. Raises OSError for
    a file that cannot be read or an output that cannot be written.
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
        try:
            answer = jail.run(
                CLEANER,
                args=args,
                files=[handle for pair in pairs for handle in (pair.source, pair.target)],
                wall_s=_LIMITS.wall_s + size / _SLOWEST_BYTES_A_S,
            )
            found = _ends(answer.value, pairs)
        except Broken:
            if len(pairs) == 1:
                _check_disks(pairs[0])
            raise
        _keep(order, [pair for pair, end in zip(pairs, found, strict=True) if end.outcome is Outcome.CLEAN])
        return found


def _ends(told: object, pairs: Sequence[_Pair]) -> list[FileEnd]:
    """The ends that the child tells. Raises Broken where they cannot be: it may be a hostile file's by now."""
    try:
        answer = cast("dict[str, list[Any]]", told)
        records = dict(enumerate(dict(record) for record in answer["records"]))
        ends = []
        for pair, (outcome, reason, number) in zip(pairs, answer["ends"], strict=True):
            if reason not in REASONS or (outcome == Outcome.CLEAN) != (number is not None):
                raise ValueError
            ends.append(FileEnd(pair.path, Outcome(outcome), reason, {} if number is None else records[number]))
    except (TypeError, ValueError, LookupError):
        raise Broken("jail: unreadable answer", retryable=False) from None
    return ends


def _check_disks(pair: _Pair) -> None:
    """Raises OSError when the disks are to blame for a failure: no file is held because a disk is full.

    The child cannot be asked, as a hostile file might answer for it.
    """
    size, at = os.fstat(pair.source).st_size, 0
    while part := os.pread(pair.source, 1 << 20, at):
        at += len(part)
    try:
        os.ftruncate(pair.target, 0)
        os.posix_fallocate(pair.target, 0, size + _GROWTH)
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            raise


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
            source = open_file(f"{order.source}/{path}")
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
