"""What a worker does with one batch: look whether it may, clean, settle, and tell; it never raises."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from confrere import __version__
from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import FileEnd, Order, clean_batch, open_file, read_secret
from confrere.server.bulk.marks import key_mark


@dataclass(frozen=True, slots=True)
class Done:
    """How the files of a batch ended, with the size of each output (-1: none). `fault`: the batch was not done."""

    ends: list[FileEnd] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """What must be the same on every worker: the version of Confrere and the mark of the secret."""

    version: str
    key: str


def do_batch(order: Order, same: Same, paths: list[str]) -> Done:
    """Clean a batch in a worker; its outputs and their folders are on the disk when this returns.

    Nothing is raised: a cluster writes the arguments of a call that fails to its log, and paths may hold names.
    """
    if unfit := _unfit(order, same):
        return Done(fault=unfit)
    try:
        ends = _clean(order, paths)
        for end in ends:
            if end.outcome != Outcome.CLEAN:
                # What an earlier run wrote for an earlier state of this file.
                (order.target / end.path).unlink(missing_ok=True)
        sizes = [size_of(f"{order.target}/{end.path}") for end in ends]
    except OSError as fault:
        return Done(fault=f"the output could not be written: {fault.strerror or type(fault).__name__}")
    except Exception as fault:
        return Done(fault=f"a worker failed: {type(fault).__name__}")
    return Done(ends, sizes)


def _unfit(order: Order, same: Same) -> str:
    """Why this worker must not touch the batch, or nothing."""
    if not (order.source.is_dir() and order.target.is_dir()):
        return "a worker does not see SRC and DST under the same paths"
    try:
        secret = read_secret(order.secret_file)
    except OSError:
        return "a worker cannot read the secret file"
    if key_mark(secret) != same.key:
        return "a worker has another secret under the path of the secret file"
    if __version__ != same.version:
        return "a worker runs another version of Confrere"
    return ""


def _clean(order: Order, paths: list[str]) -> list[FileEnd]:
    try:
        return clean_batch(order, paths)
    except OSError:
        return [_clean_one(order, path) for path in paths]


def _clean_one(order: Order, path: str) -> FileEnd:
    try:
        return clean_batch(order, [path])[0]
    except OSError:
        if _can_be_read(order.source / path):
            raise
        return FileEnd(path, Outcome.HELD, "not-readable")


def _can_be_read(path: Path) -> bool:
    try:
        with os.fdopen(open_file(str(path)), "rb") as file:
            while file.read(1 << 20):
                pass
    except OSError:
        return False
    return True


def size_of(path: str) -> int:
    """The size of a file, or -1 where there is none."""
    try:
        return os.lstat(path).st_size  # once for each of millions: Path costs more than the call
    except OSError:
        return -1
