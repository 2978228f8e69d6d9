"""De-identify a tree of DICOM files: the same tree out, nothing written for a file that was not done."""

import argparse
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from confrere import __version__
from confrere.core.deidentify import profile_names
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.terms import Broken, Outcome, reason
from confrere.server.bulk.cleaning import Order, read_secret
from confrere.server.bulk.executors import DASK, workers_at
from confrere.server.bulk.manifest import MANIFEST, Conditions, Line, Manifest, NotThisRun, manifest_folder
from confrere.server.bulk.marks import InputMarks, key_mark
from confrere.server.bulk.progress import Progress
from confrere.server.bulk.report import on_one_line, save_report, totals_of, write_report
from confrere.server.bulk.running import Stop
from confrere.server.bulk.tree import TreeRun, in_the_way
from confrere.server.bulk.walking import Tree, tree_at

SHORTEST_SECRET = 16
GO_ON = "What is done is noted: the same command again goes on from here."
NO_GOING_ON = "Without --secret-file a run cannot go on later: empty DST before the next one."


class Usage(Exception):
    """The words on the command line make no sense; the message says which."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `deidentify`."""
    parser.add_argument("source", type=Path, metavar="SRC")
    parser.add_argument("target", type=Path, metavar="DST", help="a run that was stopped goes on where it was")
    parser.add_argument("--profile", choices=profile_names(), default="strict")
    parser.add_argument("--secret-file", type=Path, help="the institution's secret, 16 bytes or more")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="jailed processes on this machine")
    parser.add_argument("--on", default="", metavar="dask://HOST:PORT", help="a Dask cluster that sees SRC and DST")
    parser.add_argument("--report", type=Path, help="write the report as JSON to this file")
    parser.add_argument("--json", action="store_true", help="the report as JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """De-identify the tree; exit 0 all clean, 3 some held, 4 some refused, 1 stopped or broken, 2 usage."""
    try:
        address = address_of(args)
        check(args, address)
        with secret_at(args.secret_file) as secret_file:
            return _deidentify(args, address, secret_file)
    except Usage as stop:
        sys.stderr.write(f"confrere deidentify: {stop}\n")
    except NotThisRun as stop:
        sys.stderr.write(f"confrere deidentify: DST is not for this run: {stop}; choose another DST\n")
    except OSError as fault:
        # Without the path that the error carries: it may name a patient.
        why = fault.strerror or type(fault).__name__
        raise Broken(f"a file could not be read or written: {why}. {_how_to_go_on(args)}", retryable=True) from None
    return 2


def address_of(args: argparse.Namespace) -> str:
    """Where the batches are done: `--on`, else CONFRERE_EXECUTOR, else "" for this machine. Raises Usage."""
    address = str(args.on or os.environ.get("CONFRERE_EXECUTOR", ""))
    if address and not address.startswith(DASK):
        raise Usage(f"the address of a cluster begins with {DASK}")
    return address


def check(args: argparse.Namespace, address: str) -> None:
    """Raises Usage for what cannot be meant."""
    if not args.source.exists():
        raise Usage(f"no such file or folder: {args.source}")
    if args.target.resolve().is_relative_to(args.source.resolve()):
        raise Usage("DST may not lie inside SRC")
    if args.target.exists() and not args.target.is_dir():
        raise Usage("DST is not a folder")
    if args.report and not args.report.absolute().parent.is_dir():
        raise Usage(f"no such folder: {args.report.parent}")
    if args.secret_file is None:
        if address:
            raise Usage("a cluster needs --secret-file, in a place where every worker can read it")
    elif not args.secret_file.is_file():
        raise Usage(f"no such file: {args.secret_file}")
    elif len(read_secret(args.secret_file)) < SHORTEST_SECRET:
        raise Usage("the secret needs 16 bytes or more")


@contextmanager
def secret_at(given: Path | None) -> Iterator[Path]:
    """The file with the secret: the one given, or one of this run alone, for its owner only, gone at the end."""
    if given is not None:
        yield given.resolve()
        return
    sys.stderr.write("No --secret-file: the new UIDs of this run will not match those of another.\n")
    with tempfile.TemporaryDirectory(prefix="confrere-secret-") as folder:
        path = Path(folder) / "secret"
        path.touch(mode=0o600)
        # As text: white space around a secret is not part of it.
        path.write_text(secrets.token_hex(32))
        yield path


@contextmanager
def stopping() -> Iterator[Stop]:
    """A Stop that Ctrl-C and SIGTERM set, so that what is under way ends well; a second Ctrl-C ends at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.wanted:
            # At once: what is under way is swept by the run that goes on from here.
            os._exit(1)
        stop.wanted = True
        sys.stderr.write("\nStopping when the batches under way are done.\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _deidentify(args: argparse.Namespace, address: str, secret_file: Path) -> int:
    tree = tree_at(args.source)
    target = args.target.resolve()
    if not (manifest_folder(target) / MANIFEST).exists() and (path := in_the_way(tree, target)):
        # A path may name a patient: it is told where the report is, for errors end up in logs.
        sys.stdout.write(f"in the way {on_one_line(path)}\n")
        raise Usage("DST holds a file already that an output would replace; choose another DST")
    target.mkdir(parents=True, exist_ok=True)
    secret = read_secret(secret_file)
    order = Order(tree.root, target, secret_file, args.profile)
    source = InputMarks(secret).text(os.path.join(tree.root, tree.only))  # noqa: PTH118  # a path as text
    conditions = Conditions(__version__, confidentiality_table().edition, args.profile, key_mark(secret), source)
    progress = Progress(sys.stderr, sys.stderr.isatty())
    with stopping() as stop, Manifest(target, conditions) as manifest:
        try:
            with workers_at(address, args.jobs) as workers, progress.counting(args.source):
                whole = TreeRun(order, tree, manifest, progress, stop).run(workers)
        except Broken as fault:
            raise Broken(f"{fault}. {_how_to_go_on(args)}", retryable=fault.retryable) from None
        finally:
            progress.end()
        if not whole:
            sys.stderr.write(f"Stopped. {_how_to_go_on(args)}\n")
            return 1
        return _tell(args, manifest, tree)


def _how_to_go_on(args: argparse.Namespace) -> str:
    return GO_ON if args.secret_file else NO_GOING_ON


def _tell(args: argparse.Namespace, manifest: Manifest, tree: Tree) -> int:
    """Write the report where it is wanted; returns the exit code of the worst file."""
    totals = totals_of(manifest) if args.json else totals_of(manifest, _tell_of)
    if tree.passed_over:
        sys.stderr.write(f"{tree.passed_over} links or devices in SRC were passed over.\n")
    if args.report:
        save_report(manifest, totals, args.report)
    if args.json:
        write_report(manifest, totals, sys.stdout)
    else:
        sys.stdout.write(f"{json.dumps(totals)}\n")
    return max((outcome.exit_code for outcome in Outcome if totals[outcome]), default=0)


def _tell_of(line: Line) -> None:
    sys.stdout.write(f"{line.outcome:8} {on_one_line(line.path)}: {reason(line.reason).message}\n")
