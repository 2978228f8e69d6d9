"""De-identify a tree of DICOM files: the same tree out, nothing written for a file that was not done."""

import argparse
import json
import os
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from confrere.core.deidentify import profile_names
from confrere.core.terms import Outcome, reason
from confrere.server.bulk.batches import files_in, in_batches
from confrere.server.bulk.cleaning import FileEnd, Order, clean_batch, read_secret

SHORTEST_SECRET = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `deidentify`."""
    parser.add_argument("source", type=Path, metavar="SRC")
    parser.add_argument("target", type=Path, metavar="DST")
    parser.add_argument("--profile", choices=profile_names(), default="strict")
    parser.add_argument("--secret-file", type=Path, help="the institution's secret, 16 bytes or more")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--report", type=Path, help="write the report as JSON to this file")
    parser.add_argument("--json", action="store_true", help="the report as JSON on standard output")


def _usage(words: str) -> int:
    sys.stderr.write(f"confrere deidentify: {words}\n")
    return 2


def report_of(ends: list[FileEnd]) -> dict[str, object]:
    """The report: totals, and how each file ended."""
    counted = Counter(end.outcome for end in ends)
    return {
        "totals": {"files": len(ends), **{str(outcome): counted[outcome] for outcome in Outcome}},
        "files": [
            {"path": end.path, "outcome": end.outcome, "reason": end.reason, "record": end.record} for end in ends
        ],
    }


@contextmanager
def secret_at(given: Path | None) -> Iterator[Path]:
    """The file with the secret: the one given, or one of this run alone, for its owner only, gone at the end."""
    if given is not None:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="confrere-secret-") as folder:
        path = Path(folder) / "secret"
        path.touch(mode=0o600)
        # As text: white space around a secret is not part of it.
        path.write_text(secrets.token_hex(32))
        yield path


def run(args: argparse.Namespace) -> int:
    """De-identify the tree; exit 0 all clean, 3 some held, 4 some refused."""
    if not args.source.exists():
        return _usage(f"no such file or folder: {args.source}")
    if args.target.resolve().is_relative_to(args.source.resolve()):
        return _usage("DST may not lie inside SRC")
    if args.secret_file is None:
        sys.stderr.write("No --secret-file: the new UIDs of this run will not match those of another.\n")
    elif not args.secret_file.is_file():
        return _usage(f"no such file: {args.secret_file}")
    elif len(read_secret(args.secret_file)) < SHORTEST_SECRET:
        return _usage("the secret needs 16 bytes or more")
    folder, paths = files_in(args.source.resolve())
    args.target.mkdir(parents=True, exist_ok=True)
    with secret_at(args.secret_file) as secret_file:
        order = Order(folder, args.target.resolve(), secret_file, args.profile)
        ends = list(in_batches(partial(clean_batch, order), paths, args.jobs))
    report = report_of(ends)
    if args.report:
        args.report.write_text(json.dumps(report))
    if args.json:
        sys.stdout.write(json.dumps(report) + "\n")
    else:
        for end in ends:
            if end.outcome != Outcome.CLEAN:
                sys.stdout.write(f"{end.outcome:8} {end.path}: {reason(end.reason).message}\n")
        sys.stdout.write(f"{json.dumps(report['totals'])}\n")
    return max((end.outcome.exit_code for end in ends), default=0)
