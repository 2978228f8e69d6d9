"""`python -m planted make DIR` writes a corpus, `python -m planted leaks CORPUS OUT` says what survived in OUT."""

import argparse
import json
import secrets
import sys
from pathlib import Path

from planted.corpus import Plan, make
from planted.edge import make_edge
from planted.leaks import Scanner


def _make(args: argparse.Namespace) -> int:
    seed = secrets.randbelow(2**32) if args.seed is None else args.seed
    manifest = make(args.folder, Plan(args.n, args.per_series, seed))
    if args.edge:
        make_edge(args.folder, manifest)
    manifest.save(args.folder)
    planted = sum(len(manifest.planted_in(path)) for path in (*manifest.files, *manifest.edge))
    print(f"seed {seed}: {len(manifest.files)} instances, {len(manifest.edge)} of the edge set, {planted} planted")
    return 0


def _leaks(args: argparse.Namespace) -> int:
    tally = Scanner(args.corpus, edge=args.edge).scan(args.output)
    print(json.dumps(tally.as_json()) if args.json else "\n".join(tally.lines()))
    return 3 if tally.leaks else 0


def parser() -> argparse.ArgumentParser:
    """The two commands and their options."""
    top = argparse.ArgumentParser(prog="planted", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    maker = commands.add_parser("make", help="write a corpus")
    maker.add_argument("folder", type=Path, metavar="DIR")
    maker.add_argument("--n", type=int, default=400, help="instances")
    maker.add_argument("--per-series", type=int, default=10, help="instances in a series; each series has its patient")
    maker.add_argument("--seed", type=int, help="the same seed gives the same bytes; without one, a new one is printed")
    maker.add_argument("--edge", action="store_true", help="the edge set too")
    maker.set_defaults(run=_make)
    leaks = commands.add_parser("leaks", help="search an output; exit 3 when something survived")
    leaks.add_argument("corpus", type=Path, metavar="CORPUS")
    leaks.add_argument("output", type=Path, metavar="OUT")
    leaks.add_argument("--edge", action="store_true", help="OUT was made from CORPUS/edge, not CORPUS/in")
    leaks.add_argument("--json", action="store_true")
    leaks.set_defaults(run=_leaks)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(argv)
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
