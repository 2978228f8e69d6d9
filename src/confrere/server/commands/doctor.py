"""Say what is missing or unsafe in this installation."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

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


def run(args: argparse.Namespace) -> int:
    """Print the findings; exit 0 when there are none, 1 otherwise."""
    found = list(findings(read_configuration()))
    if args.json:
        sys.stdout.write(json.dumps({"findings": found}) + "\n")
    else:
        sys.stdout.write("\n".join(found or ["Nothing is missing or unsafe."]) + "\n")
    return 1 if found else 0
