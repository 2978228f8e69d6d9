"""Demo data: `send` sends the demo studies, `study DIR` writes one to send by hand, `reset` empties a demo home."""

import argparse
import fcntl
import shutil
import sys
from pathlib import Path

from confrere.core.terms import Broken
from confrere.server.configuration import Configuration, read_configuration
from confrere.server.prepare import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `demo`."""
    parser.add_argument("verb", choices=["send", "study", "reset"])
    parser.add_argument("folder", nargs="?", type=Path, help="where `study` writes its files")


def _reset(configuration: Configuration) -> int:
    """Delete what a demo home holds; refuses any other home, and one that is running."""
    if not (configuration.home / "demo").exists():
        sys.stderr.write("confrere demo reset: this is not a demo home; nothing was touched.\n")
        return 2
    with (configuration.run / "parent.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("confrere demo reset: stop `confrere up` first.\n")
            return 1
        for path in configuration.home.glob("confrere.sqlite3*"):
            path.unlink()
        for folder in ("objects", "keybox"):
            shutil.rmtree(configuration.home / folder, ignore_errors=True)
        (configuration.home / "demo").write_text("accounts")
    sys.stdout.write("The demo home is empty. `confrere up` seeds it again.\n")
    return 0


def _send(configuration: Configuration) -> int:
    start_django(configuration)
    from confrere.server.demo.send import send_all

    marker = configuration.home / "demo"
    if not marker.exists():
        sys.stderr.write("confrere demo send: this is not a demo home.\n")
        return 2
    try:
        for sentence in send_all(configuration):
            sys.stdout.write(f"  {sentence}\n")
            sys.stdout.flush()
    except (Broken, OSError) as fault:
        sys.stderr.write(f"confrere demo send: {fault}\n")
        return 1
    marker.write_text("sent")
    return 0


def _study(folder: Path | None) -> int:
    """Write a real MR brain with an invented patient in its headers, for sending by hand."""
    from confrere.server.demo.studies import IDENTITIES, mr_brain

    if folder is None:
        sys.stderr.write("confrere demo study: say which folder, for example: confrere demo study my-study\n")
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for written, ds in enumerate(mr_brain(IDENTITIES[1]), start=1):
        ds.save_as(folder / f"{written:04d}.dcm", enforce_file_format=True)
    if not written:
        sys.stderr.write("confrere demo study: the package with the brain (nilearn) is not installed.\n")
        return 1
    sys.stdout.write(f"{written} files in {folder}\n")
    return 0


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    configuration = read_configuration()
    if args.verb == "study":
        return _study(args.folder)
    return _reset(configuration) if args.verb == "reset" else _send(configuration)
