"""Prove the ledger: every line sealed to the one before, up to the head."""

import argparse
import json
import os
import sys

from confrere.server.configuration import read_configuration
from confrere.server.prepare import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `ledger`."""
    parser.add_argument("verb", choices=["verify"])
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Walk the chain; exit 0 when whole, 3 when a line does not hold."""
    configuration = read_configuration()
    if not (configuration.home / "confrere.sqlite3").exists() and not os.environ.get("DATABASE_URL"):
        sys.stderr.write(f"confrere ledger: there is no home at {configuration.home}; set CONFRERE_HOME.\n")
        return 2
    start_django(configuration)
    from confrere.apps.audit.reads import prove

    proof = prove()
    if args.json:
        sys.stdout.write(json.dumps({"lines": proof.lines, "broken_at": proof.broken_at}) + "\n")
    elif proof.broken_at is None:
        sys.stdout.write(f"The ledger is whole: {proof.lines} lines.\n")
    else:
        sys.stdout.write(f"The ledger is broken at line {proof.broken_at}.\n")
    return 0 if proof.broken_at is None else 3
