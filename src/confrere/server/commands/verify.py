"""The independent second look: residual identifiers by file, place and kind; a value is never printed."""

import argparse
import json
import os
import sys
from pathlib import Path

from confrere.server.bulk.looking import verify_tree
from confrere.server.bulk.report import on_one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `verify`."""
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--known", type=Path, help="known identifiers, one on each line")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Look at every file; exit 0 when nothing was found, 3 otherwise."""
    if not args.folder.exists():
        sys.stderr.write(f"confrere verify: no such folder: {args.folder}\n")
        return 2
    if args.known and not args.known.is_file():
        sys.stderr.write(f"confrere verify: no such file: {args.known}\n")
        return 2
    known = args.known.read_text(errors="replace").splitlines() if args.known else []
    looks = sorted(verify_tree(args.folder.resolve(), known, args.jobs), key=lambda look: look.path)
    bad = [look for look in looks if look.residuals or look.reason]
    if args.json:
        files = [{"path": look.path, "residuals": look.residuals, "reason": look.reason} for look in looks]
        total = sum(len(look.residuals) for look in looks)
        unread = sum(1 for look in looks if look.reason)
        body = {"totals": {"files": len(looks), "residuals": total, "unread": unread}, "files": files}
        sys.stdout.write(json.dumps(body) + "\n")
    else:
        for look in bad:
            path = on_one_line(look.path)
            for residual in look.residuals:
                sys.stdout.write(f"{path}: {residual['kind']} in {residual['place']} {residual['tag'] or ''}\n")
            if look.reason:
                sys.stdout.write(f"{path}: could not be read ({look.reason})\n")
        sys.stdout.write(f"{len(looks)} files, {len(bad)} with residuals or unread.\n")
    return 3 if bad else 0
