"""Say what is missing or unsafe in this installation."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from confrere.adapters.weights import read_weights
from confrere.core.terms import Broken
from confrere.server.configuration import Configuration, read_configuration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true")


def findings(configuration: Configuration) -> Iterator[str]:
    """Each thing that is missing or unsafe, in one sentence with its remedy."""
    home = configuration.home
    if not (home / "secret_key").exists():
        yield f"There is no prepared home at {home}. Start one with `confrere up --home DIR`."
        return
    for path in (home, home / "keybox"):
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"{path} can be read by others. Run: chmod 700 {path}"
    if (home / "demo").exists() and configuration.host not in ("127.0.0.1", "::1", "localhost"):
        yield "This home holds demo logins and is not on loopback. Use a home of its own for production."
    if not Path("/proc/sys/kernel/unprivileged_userns_clone").exists() and not Path("/sys/kernel/security").exists():
        yield "This kernel offers no user namespaces; the parsers' jail runs with fewer walls."


def missing_networks() -> Iterator[str]:
    """Each network of the pixel engine that is missing or altered; without it nothing in doubt is released."""
    from confrere.apps.clearance.detectors import WEIGHTS

    for weights in WEIGHTS:
        try:
            read_weights(weights)
        except Broken as fault:
            yield f"Pictures whose pixels are in doubt cannot be released: {fault}."


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit 0 when there are none, 1 otherwise."""
    found = [*findings(read_configuration()), *missing_networks()]
    if args.json:
        sys.stdout.write(json.dumps({"findings": found}) + "\n")
    else:
        sys.stdout.write("\n".join(found or ["Nothing is missing or unsafe."]) + "\n")
    return 1 if found else 0
