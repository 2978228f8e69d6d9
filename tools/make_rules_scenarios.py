"""Write tests/core/rules/scenarios.json: the scenario table of the rules, as the tests ask it.

    PYTHONPATH=src python tools/make_rules_scenarios.py [--check]

The table lies in `shared/rules-scenarios.md`, in a folder beside the tree. With --check nothing is written: exit 1 when
the file differs. Where the table is not there, there is nothing to make or to compare.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from confrere.core.rules.vocabulary import Flag, Obligation
from generated import table_text, words, write_or_compare

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "tests/core/rules/scenarios.json"
NAME = "shared/rules-scenarios.md"
CODES = {"F": "forbid", "W": "warn", "O": "permit_with_obligation", "P": "permit", "–": "silent"}  # noqa: RUF001
COLUMNS = ("imc-2002", "nmc-draft-2022", "nmc-2023", "dpdp")
WAYS = {"closed consult": "closed_consult", "case report": "case_report"}
HEAD_INPUT = re.compile(r"`(\w+)·(\w+)·([\w+]+)→(\w+)`(.*)")
OTHER = re.compile(r"([a-z][a-z0-9-]*)(?:/([\w.-]+))?: ([FWOP])\b")
CLAUSE = re.compile(r"^(?:([a-z][a-z0-9-]+)/)?([\w.-]+)(?: \(.*\))?$")
READING_OF = {"closed_is_social": ("A1", "closed_is_social")}


def table_path() -> Path | None:
    """Where the table lies: beside the tree or beside a folder that holds it; None when it is nowhere."""
    return next((one / NAME for one in ROOT.parents if (one / NAME).is_file()), None)


def consent_of(word: str) -> dict[str, object]:
    """One consent as the table writes it: purpose, form or giver, and what is wrong with it."""
    purpose, *rest = word.split("/")
    found: dict[str, object] = {"purpose": purpose, "form": "written", "giver": "patient", "valid": True}
    for one in rest:
        if one in ("written", "verbal"):
            found["form"] = one
        elif one == "guardian":
            found["giver"] = one
        elif one == "invalid":
            found["valid"] = False
        elif one == "withdrawn":
            found["withdrawn_at"] = "2026-01-01"
        else:
            raise SystemExit(f"consent {word}: what is {one}?")
    return found


def request_of(cell: str) -> tuple[dict[str, object], list[str]]:
    """The request that a cell states, without its day, and the days it names."""
    match = HEAD_INPUT.match(cell)
    if match is None:
        raise SystemExit(f"no engine input: {cell}")
    actor, action, content, destination, rest = match.groups()
    asked: dict[str, object] = {
        "actor": actor,
        "action": action,
        "content": [] if content == "none" else content.split("+"),
        "destination": destination,
        "consent": [],
    }
    flags: list[str] = []
    days: list[str] = []
    for word in rest.split():
        key, _, value = word.partition("=")
        if key == "id":
            asked["identity"] = value
        elif key == "consent":
            asked["consent"] = [] if value == "none" else [consent_of(value)]
        elif key == "packs":
            asked["packs"] = value.split(",")
        elif key == "dates":
            days = value.split(";")
        elif key in ("register", "modality"):
            asked[key] = value
        elif word in READING_OF:
            asked["profile"] = dict([READING_OF[word]])
        elif value != "0":
            flags.append(Flag(word).value)
    return asked | {"flags": flags}, days


def clauses_of(cell: str) -> list[str]:
    """The rule ids a cell names; a word without a pack belongs to the pack before it. Ambiguities are none."""
    found = []
    for part in cell.split(";"):
        pack = ""
        for word in part.split(","):
            match = CLAUSE.match(word.strip())
            if match is None or not (match[1] or pack):
                continue
            pack = match[1] or pack
            found.append(f"{pack}/{match[2]}")
    return found


def scenarios(text: str) -> Iterator[dict[str, object]]:
    """One record for each row that starts with a scenario's number."""
    named: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("| SC-"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        number, story, asked, columns, others = cells[0], cells[1], cells[2], cells[3:7], cells[7]
        request, days = request_of(asked)
        copied = re.fullmatch(r"as (SC-\d+)", cells[11])
        named[number] = named[copied[1]] if copied else clauses_of(cells[11])
        spoken = [match.groups() for match in OTHER.finditer(others)]
        yield {
            "id": number,
            "story": story,
            "request": request,
            "days": days,
            "packs": {pack: CODES[code] for pack, code in zip(COLUMNS, columns, strict=True) if code in CODES}
            | {pack: CODES[code] for pack, slug, code in spoken if not slug},
            "rules": {f"{pack}/{slug}": CODES[code] for pack, slug, code in spoken if slug},
            "law_now": CODES[cells[8]],
            "default": CODES[cells[9]],
            "obligations": [one.value for one in Obligation if re.search(rf"\b{one.value}\b(?! item)", cells[10])],
            "alternatives": [way for words_, way in WAYS.items() if words_ in cells[10]],
            "clauses": named[number],
        }


def rendered(table: Path) -> str:
    """The file: one scenario a line."""
    text = table.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    head = {"generated by": "tools/make_rules_scenarios.py", "from": NAME, "sha256": digest}
    return table_text(head, list(scenarios(text)))


def main() -> int:
    """Write the file, or with --check compare it."""
    only_compare = words(__doc__).parse_args().check
    table = table_path()
    if table is None:
        print(f"{NAME} is not beside the tree: nothing to compare")
        return 0
    return write_or_compare(TARGET, rendered(table), only_compare=only_compare)


if __name__ == "__main__":
    sys.exit(main())
