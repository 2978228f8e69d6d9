"""Take the second look at a tree of files, batch by batch.

Source: design.md part 8.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Broken, Held, Refused
from confrere.server.bulk.batches import files_in, in_batches

VERIFIER = "confrere.apps.clearance.jailed:verify_alone"


@dataclass(frozen=True, slots=True)
class Look:
    """What the second look found in one file: residuals by kind, place and tag, never a value."""

    path: str
    residuals: list[dict[str, object]]
    reason: str = ""


def verify_batch(root: Path, known: list[str], paths: list[str]) -> list[Look]:
    """Look for residuals in a batch of files; a file that cannot be read counts as found wanting."""
    found = []
    with JailSession(Limits(), preload=(VERIFIER.partition(":")[0],)) as jail:
        for path in paths:
            try:
                answer = jail.run(VERIFIER, blobs=[(root / path).read_bytes()], args={"known": known})
            except (Refused, Held) as stop:
                found.append(Look(path, [], stop.code))
            except Broken:
                found.append(Look(path, [], "not-dicom"))
            else:
                found.append(Look(path, cast("list[dict[str, object]]", answer.value)))
    return found


def verify_tree(root: Path, known: list[str], jobs: int) -> Iterator[Look]:
    """Verify every file below `root`."""
    folder, paths = files_in(root)
    yield from in_batches(partial(verify_batch, folder, known), paths, jobs)
