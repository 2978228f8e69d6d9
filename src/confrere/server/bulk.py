"""De-identify or verify a tree of files in worker processes, each with a jail of its own; no server, no database."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar, cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Broken, Held, Outcome, Refused

BATCH = 64
T = TypeVar("T")
CLEANER = "confrere.apps.clearance.jailed:deidentify_alone"
VERIFIER = "confrere.apps.clearance.jailed:verify_alone"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do to every file: `secret` is the institution's, in memory only."""

    source: Path
    target: Path
    secret: bytes
    profile: str


@dataclass(frozen=True, slots=True)
class FileEnd:
    """How one file ended; `path` is relative to the source."""

    path: str
    outcome: Outcome
    reason: str
    record: dict[str, object] = field(default_factory=dict)


def files_in(source: Path) -> list[Path]:
    """Every regular file below `source`, or itself, sorted; links are not followed."""
    if source.is_file():
        return [source]
    found = []
    for folder, _folders, names in os.walk(source):
        found += [Path(folder) / name for name in names if not (Path(folder) / name).is_symlink()]
    return sorted(found)


def _write(path: Path, content: bytes) -> None:
    """Write beside, fsync, then rename: a crash leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".confrere-")
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


def _clean_one(jail: JailSession, order: Order, path: Path) -> FileEnd:
    relative = path.relative_to(order.source) if order.source.is_dir() else Path(path.name)
    args = {"secret": order.secret.hex(), "profile": order.profile}
    try:
        answer = jail.run(CLEANER, blobs=[path.read_bytes()], args=args)
    except Refused as stop:
        return FileEnd(str(relative), Outcome.REFUSED, stop.code)
    except Held as stop:
        return FileEnd(str(relative), Outcome.HELD, stop.code)
    except Broken:
        return FileEnd(str(relative), Outcome.HELD, "clearance-failed")
    _write(order.target / relative, answer.blobs[0])
    return FileEnd(str(relative), Outcome.CLEAN, "ok", cast("dict[str, object]", answer.value))


def clean_batch(order: Order, paths: list[Path]) -> list[FileEnd]:
    """De-identify and verify a batch of files; nothing is written for a file that is not clean."""
    with JailSession(Limits(), preload=(CLEANER.partition(":")[0],)) as jail:
        return [_clean_one(jail, order, path) for path in paths]


@dataclass(frozen=True, slots=True)
class Look:
    """What the second look found in one file: residuals by kind, place and tag, never a value."""

    path: str
    residuals: list[dict[str, object]]
    reason: str = ""


def verify_batch(root: Path, known: list[str], paths: list[Path]) -> list[Look]:
    """Look for residuals in a batch of files; a file that cannot be read counts as found wanting."""
    found = []
    with JailSession(Limits(), preload=(VERIFIER.partition(":")[0],)) as jail:
        for path in paths:
            relative = str(path.relative_to(root) if root.is_dir() else path.name)
            try:
                answer = jail.run(VERIFIER, blobs=[path.read_bytes()], args={"known": known})
            except (Refused, Held) as stop:
                found.append(Look(relative, [], stop.code))
            except Broken:
                found.append(Look(relative, [], "not-dicom"))
            else:
                found.append(Look(relative, cast("list[dict[str, object]]", answer.value)))
    return found


def in_batches(work: Callable[[list[Path]], list[T]], paths: list[Path], jobs: int) -> Iterator[T]:
    """Run `work` over batches of `paths` in `jobs` processes and give the results in order."""
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    if jobs <= 1 or len(batches) <= 1:
        for batch in batches:
            yield from work(batch)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for results in pool.map(work, batches):
            yield from results


def clean_tree(order: Order, jobs: int) -> Iterator[FileEnd]:
    """De-identify every file below the source."""
    yield from in_batches(partial(clean_batch, order), files_in(order.source), jobs)


def verify_tree(root: Path, known: list[str], jobs: int) -> Iterator[Look]:
    """Verify every file below `root`."""
    yield from in_batches(partial(verify_batch, root, known), files_in(root), jobs)
