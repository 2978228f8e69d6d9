"""Take the second look at a tree of files, batch by batch.

Source: docs/explanation/second-look.md.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from confrere.adapters.jail import JailSession, Limits
from confrere.core.terms import Broken, Held, Refused
from confrere.server.bulk.cleaning import open_file
from confrere.server.bulk.executors import workers_at
from confrere.server.bulk.jails import jail_of_thread
from confrere.server.bulk.running import Run, Stop
from confrere.server.bulk.walking import in_batches, readable, tree_at

VERIFIER = "confrere.apps.clearance.jailed:verify_alone"


@dataclass(frozen=True, slots=True)
class Look:
    """What the second look found in one file: residuals by kind, place and tag, never a value."""

    path: str
    residuals: list[dict[str, object]]
    reason: str = ""


def verify_batch(root: Path, known: list[str], paths: list[str]) -> list[Look]:
    """Look for residuals in a batch of files; a file that cannot be read counts as found wanting."""
    jail = jail_of_thread(b"", VERIFIER, Limits())
    return [_looked_at(jail, root, known, path) for path in paths]


def _looked_at(jail: JailSession, root: Path, known: list[str], path: str) -> Look:
    try:
        with os.fdopen(open_file(f"{root}/{path}"), "rb") as file:
            content = file.read()
        answer = jail.run(VERIFIER, blobs=[content], args={"known": known})
    except (Refused, Held) as stop:
        return Look(path, [], stop.code)
    except OSError:
        return Look(path, [], "not-readable")
    except Broken:
        return Look(path, [], "not-dicom")
    return Look(path, cast("list[dict[str, object]]", answer.value))


def verify_tree(root: Path, known: list[str], jobs: int) -> Iterator[Look]:
    """Verify every file below `root`, in batches as they end."""
    tree = tree_at(root)
    unreadable: list[str] = []
    with workers_at("", jobs) as workers:
        run = Run(partial(verify_batch, tree.root, known), _killed, workers, Stop())
        for _, looks in run.results(in_batches(readable(tree.folders(), unreadable.append))):
            yield from looks
    for path in unreadable:
        yield Look(path, [], "not-readable")


def _killed(path: str) -> list[Look]:
    return [Look(path, [], "parser-stopped")]
