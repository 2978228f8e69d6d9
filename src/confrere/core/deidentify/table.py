"""The generated confidentiality table, loaded once: what the standard asks for each attribute.

Source: PS3.15 Annex E, Table E.1-1; the edition is in tables/ps315.json, made by tools/make_ps315_table.py.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute: its basic action as printed ("X/Z/D") and the action of each option that names it."""

    name: str
    basic: str
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` by tag; groups 50xx and 60xx and private attributes are handled by group, not by row."""

    edition: str
    rows: dict[int, Row]


@cache
def confidentiality_table() -> Table:
    """The table this version of Confrere was built with."""
    read = json.loads(files("confrere.core.deidentify").joinpath("tables/ps315.json").read_text("utf-8"))
    rows = {int(tag, 16): Row(*row) for tag, row in read["rows"].items() if _is_plain_tag(tag)}
    return Table(read["edition"], rows)


def _is_plain_tag(tag: str) -> bool:
    return len(tag) == 8 and all(digit in "0123456789abcdef" for digit in tag)
