"""The rules: one request or a list of them as JSON, from files or standard input; the answer has the same shape.

Nothing is looked up and nothing is written: no home, no database, no server.
"""

import argparse
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from confrere.adapters.clock import now
from confrere.core.rules import Decision, DecisionValue, FiredRule, Request, RequestError, decide, shipped_packs
from confrere.core.rules.errors import told
from confrere.core.rules.vocabulary import Status

_LONGEST = 16 << 20
_HEADLINES = {
    DecisionValue.FORBID: "No.",
    DecisionValue.WARN: "Think again: it is advised against.",
    DecisionValue.PERMIT_WITH_OBLIGATION: "Yes, with duties.",
    DecisionValue.PERMIT: "Yes.",
    DecisionValue.SILENT: "No rule speaks to this.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `decide`."""
    parser.add_argument("files", nargs="*", metavar="FACTS.json", help="one request or a list; standard input if none")
    parser.add_argument("--date", help="the day asked for, YYYY-MM-DD; before any day in the request")
    parser.add_argument("--packs", help="only these packs, with commas between; before any in the request")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Answer every request; exit 0 whatever the answer, 2 when a request cannot be read."""
    try:
        override = _override(args)
        answered = [_answers(_parsed(_text_of(name), name), override, name) for name in args.files or ["-"]]
    except RequestError as fault:
        sys.stderr.write(f"confrere decide: {fault}\n")
        return 2
    if args.json:
        told_all = [[one.as_json() for one in found] if is_list else found[0].as_json() for is_list, found in answered]
        sys.stdout.write(json.dumps(told_all if len(args.files) > 1 else told_all[0], indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_in_words(one) for _, found in answered for one in found))
    return 0


def _override(args: argparse.Namespace) -> dict[str, object]:
    """What the command line says instead of the request."""
    said: dict[str, object] = {}
    if args.date is not None:
        said["date"] = args.date
    if args.packs is not None:
        said["packs"] = [one.strip() for one in args.packs.split(",") if one.strip()]
    return said


def _text_of(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read(_LONGEST + 1) if name == "-" else _read(Path(name))
        if len(raw) > _LONGEST:
            raise RequestError(f"{name}: longer than {_LONGEST >> 20} MiB")
        return raw.decode("utf-8-sig")
    except OSError as fault:
        raise RequestError(f"{name}: {fault.strerror}") from None
    except UnicodeDecodeError:
        raise RequestError(f"{name}: not UTF-8") from None


def _read(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(_LONGEST + 1)


def _parsed(text: str, name: str) -> object:
    try:
        parsed: object = json.loads(text, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError):
        raise RequestError(f"{name}: not JSON, or more than one document") from None
    return parsed


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; a key that stands twice would leave open which value was meant."""
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise RequestError(f"the key {told(next(key for key in keys if keys.count(key) > 1))} stands twice")
    return made


def _answers(parsed: object, override: dict[str, object], name: str) -> tuple[bool, list[Decision]]:
    """Whether it was a list, and one decision for each request."""
    is_list = isinstance(parsed, list)
    answers = []
    for number, one in enumerate(parsed if isinstance(parsed, list) else [parsed], start=1):
        try:
            answers.append(_answer(one, override))
        except RequestError as fault:
            where = f"{name}, request {number}" if is_list else name
            raise RequestError(f"{where}: {fault}") from None
    return is_list, answers


def _answer(raw: object, override: dict[str, object]) -> Decision:
    if not isinstance(raw, dict):
        raise RequestError("a request is an object")
    request = Request.from_json(raw | override)
    on: date = request.on or now().date()
    return decide(replace(request, on=on), shipped_packs(), on=on)


def _in_words(decision: Decision) -> str:
    lines = [_HEADLINES[decision.default], f"  law now: {_plain(decision.law_now)}"]
    unseen = set(decision.unverified_readings)
    # In force and not binding: another register's order, or a foreign pack. It is in the JSON, and no reason here.
    counted = [one for one in decision.rules if one.is_binding or one.status is not Status.IN_FORCE]
    deciding = [one for one in counted if one.decision is decision.default]
    lines += [_because(one, is_unseen=one.id in unseen) for one in deciding]
    if decision.alternatives:
        lines.append("  instead: " + ", ".join(_plain(one) for one in decision.alternatives))
    if decision.obligations:
        lines.append("  duties: " + ", ".join(decision.obligations))
    checked = min(one.checked for one in shipped_packs())
    return "\n".join([*lines, f"  Not legal advice; sources checked to {checked}.", ""])


def _because(rule: FiredRule, *, is_unseen: bool) -> str:
    standing = "binding" if rule.is_binding else _plain(rule.status)
    mark = "; unverified reading" if is_unseen else ""
    return f"  {rule.pack} {rule.clause} ({standing}{mark}): {rule.says}"


def _plain(word: str) -> str:
    return word.replace("_", " ")
