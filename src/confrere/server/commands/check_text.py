"""Find what names a person in free text: the engine and the network that every post and comment passes."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from confrere.core.terms import Refused
from confrere.core.words import Span, find_identifiers, sound_text

Finder = Callable[[str], tuple[Span, ...]]

FOUND, USAGE, REFUSED = 3, 2, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check-text`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a text in UTF-8; standard input without it")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the spans as JSON")
    form.add_argument("--jsonl", action="store_true", help="each line in is {id, text}, each line out {id, spans}")


def run(args: argparse.Namespace) -> int:
    """Check one text, or one on each line; exit 0 when nothing was found, 3 when something was."""
    try:
        content = args.file.read_bytes() if args.file else sys.stdin.buffer.read() if not args.jsonl else b""
    except OSError:
        sys.stderr.write("confrere check-text: the file cannot be read\n")
        return USAGE
    if args.jsonl:
        return _lines(content.splitlines() if args.file else sys.stdin.buffer, _finder())
    try:
        text = sound_text(content)
    except Refused as no:
        sys.stderr.write(f"confrere check-text: {no.reason.message} {no.reason.remedy}\n")
        return REFUSED
    spans = _finder()(text)
    sys.stdout.write(json.dumps(_told(spans)) + "\n" if args.json else _in_words(text, spans))
    return FOUND if spans else 0


def _finder() -> Finder:
    # Here, not above: the command line is read without it.
    from confrere.adapters.name_network import load_name_network

    network = load_name_network()
    return lambda text: find_identifiers(text, names=network)


def _told(spans: Iterable[Span]) -> list[dict[str, object]]:
    return [{"start": one.start, "end": one.end, "kind": one.kind, "score": round(one.score, 2)} for one in spans]


def _in_words(text: str, spans: tuple[Span, ...]) -> str:
    """Where and what, line and column counted from 1; never the words themselves."""
    lines = []
    for span in spans:
        line = text.count("\n", 0, span.start) + 1
        column = span.start - (text.rfind("\n", 0, span.start) + 1) + 1
        sure = "" if span.sure else ", not certain"
        lines.append(f"line {line}, column {column}: {span.kind}, {span.end - span.start} characters{sure}\n")
    return "".join(lines) + (f"{len(spans)} found.\n" if spans else "Nothing found.\n")


def _lines(lines: Iterable[bytes], find: Finder) -> int:
    """Answer each line as it comes; a line that is no {id, text} ends the run."""
    found, refused = False, False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            name, text = asked["id"], asked["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            sys.stderr.write(f"confrere check-text: line {number} is not {{id, text}}\n")
            return USAGE
        answer: dict[str, object] = {"id": name}
        try:
            spans = find(sound_text(text.encode("utf-8", "surrogatepass")))
            answer["spans"] = _told(spans)
            found = found or bool(spans)
        except Refused as no:
            answer |= {"spans": [], "reason": no.code}
            refused = True
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return REFUSED if refused else FOUND if found else 0
