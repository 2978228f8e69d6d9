"""Make a corpus with planted identities, and look at what a de-identifier made of it.

python -m planted make DIR --n 400 --seed 1 --edge --per-series 10      a corpus, and its edge set
python -m planted leaks DIR OUT [--edge] [--json]                       what survived; exit 3 if anything did
python -m planted score DIR OUT --key FOLDER                            MIDI-B's answer key, and the score
"""

import argparse
import json
import secrets
import sys
import warnings
from pathlib import Path

from planted.corpus import Plan, make
from planted.edge import make_edge
from planted.leaks import Scanner
from planted.score import score_output


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


def _score(args: argparse.Namespace) -> int:
    print("\n".join(score_output(args.corpus, args.output, args.key).lines()))
    return 0


def parser() -> argparse.ArgumentParser:
    """The three commands and their options."""
    top = argparse.ArgumentParser(
        prog="planted", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    maker = commands.add_parser("make", help="write a corpus")
    maker.add_argument("folder", type=Path, metavar="DIR")
    maker.add_argument("--n", type=int, default=400, help="instances")
    maker.add_argument("--per-series", type=int, default=10, help="instances in a series; each series has its patient")
    maker.add_argument("--seed", type=int, help="the same seed gives the same bytes; without one, a new one is printed")
    maker.add_argument("--edge", action="store_true", help="the edge set too")
    maker.set_defaults(run=_make)
    leaks = commands.add_parser("leaks", help="search an output; exit 3 when something survived")
    leaks.add_argument("--edge", action="store_true", help="OUT was made from DIR/edge, not DIR/in")
    leaks.add_argument("--json", action="store_true")
    leaks.set_defaults(run=_leaks)
    score = commands.add_parser("score", help="write the answer key in MIDI-B's format and score an output by it")
    score.add_argument("--key", type=Path, required=True, help="the folder for the key and the two CSV files")
    score.set_defaults(run=_score)
    for looking in (leaks, score):
        looking.add_argument("corpus", type=Path, metavar="DIR")
        looking.add_argument("output", type=Path, metavar="OUT")
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(argv)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom wonders at headers that are odd on purpose
        code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
