"""The report of a run, written line by line from the manifest: it may be larger than memory.

Source: docs/reference/command-line.md.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import TEMPORARY
from confrere.server.bulk.manifest import Line, Manifest


def on_one_line(path: str) -> str:
    """A path for standard output: what would break the line, change the terminal or cannot be written is escaped."""
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in path)
    encoding = sys.stdout.encoding or "utf-8"
    return shown.encode(encoding, "backslashreplace").decode(encoding)


def totals_of(manifest: Manifest, tell: Callable[[Line], None] | None = None) -> dict[str, int]:
    """How many files the run met, and how many ended in each way; each line of one that is not clean goes to `tell`."""
    counted: Counter[Outcome] = Counter()
    for line in manifest.lines():
        counted[line.outcome] += 1
        if tell is not None and line.outcome != Outcome.CLEAN:
            tell(line)
    return {"files": counted.total(), **{str(outcome): counted[outcome] for outcome in Outcome}}


def write_report(manifest: Manifest, totals: dict[str, int], out: TextIO) -> None:
    """`{totals, files: [{path, outcome, reason, record}]}`, one file on each line."""
    records = manifest.records()
    out.write(f'{{"totals": {json.dumps(totals)}, "files": [')
    between = "\n"
    for line in manifest.lines():
        told = {
            "path": line.path,
            "outcome": line.outcome,
            "reason": line.reason,
            "record": records[line.record],
        }
        out.write(between + json.dumps(told))
        between = ",\n"
    out.write("\n]}\n")


def save_report(manifest: Manifest, totals: dict[str, int], path: Path) -> None:
    """Write the report beside `path`, then put it there in one step."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            write_report(manifest, totals, out)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
