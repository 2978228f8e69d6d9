"""The `confrere` command: exit 0 done, 1 broken, 2 usage, 3 held or residuals found, 4 refused.

Source: docs/reference/command-line.md.
"""

import argparse
import importlib
import sys

from confrere.core.terms import ConfrereError

COMMANDS = {
    "up": "start every part under one parent",
    "conveyor": "run the conveyor (started by up)",
    "dicom-node": "run the C-STORE node (started by up)",
    "deidentify": "de-identify a tree of DICOM files, without the server",
    "verify": "the independent second look at a tree of DICOM files",
    "intake": "run the real intake and clearance on files, in a scratch home",
    "check-text": "find what names a person in free text",
    "decide": "ask the rules whether something may be done, without the server",
    "ledger": "prove the ledger",
    "found": "found an institution with its first administrator",
    "peers": "the devices that may send by C-STORE",
    "demo": "demo data",
    "doctor": "say what is missing or unsafe in this installation",
}


def parser(only: str = "") -> argparse.ArgumentParser:
    """The parser with every command; with `only`, the options of that command alone, and no other is loaded."""
    top = argparse.ArgumentParser(prog="confrere", description="The closed place where doctors discuss studies.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in COMMANDS.items():
        if only in ("", name):
            module = importlib.import_module(f"confrere.server.commands.{name.replace('-', '_')}")
            sub = commands.add_parser(name, help=words, description=module.__doc__)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told in words on stderr, without a trace."""
    words = sys.argv[1:] if argv is None else argv
    named = words[0] if words and words[0] in COMMANDS else ""
    args = parser(named).parse_args(words)
    try:
        code: int = args.run(args)
    except ConfrereError as fault:
        print(f"confrere {args.command}: {fault}", file=sys.stderr)  # noqa: T201  # a command line speaks
        return 1
    except KeyboardInterrupt:
        return 1
    return code
