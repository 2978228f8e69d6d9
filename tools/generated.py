"""Write a generated file, or compare it: how every maker of a table or a page ends."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def table_text(head: Mapping[str, object], rows: Sequence[object] | Mapping[str, object]) -> str:
    """A table as JSON, one row a line, so that a new edition shows as a readable difference."""
    if isinstance(rows, Mapping):
        lines, (opening, closing) = [f"{json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items()], "{}"
    else:
        lines, (opening, closing) = [json.dumps(row) for row in rows], "[]"
    body = ",\n".join(f"  {line}" for line in lines)
    return f'{json.dumps(head, indent=1)[:-2]},\n "rows": {opening}\n{body}\n {closing}\n}}\n'


def write_or_compare(target: Path, text: str, *, only_compare: bool) -> int:
    """The exit code: with `only_compare` nothing is written, and 1 says that `target` is not `text`."""
    if only_compare:
        return int(not target.exists() or target.read_text("utf-8") != text)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return 0


def from_wheel(description: str, target: Path, rendered: Callable[[Path], str]) -> int:
    """The whole command of a maker that reads a wheel: `rendered` gives the text of `target` from the wheel's path."""
    parser = words(description)
    parser.add_argument("wheel", type=Path)
    args = parser.parse_args()
    return write_or_compare(target, rendered(args.wheel), only_compare=args.check)


def words(description: str) -> argparse.ArgumentParser:
    """The words of a maker's command line, of which --check is known."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file differs")
    return parser
