"""The generated table of content items, loaded once: what the standard asks for each concept of a report.

Source: PS3.15 Annex E, Table E.3.4-1; the edition is in tables/sr_content.json, made by
tools/make_sr_content_table.py.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A concept the table lists as one of these stands for the others too: a birth date is one as DATETIME as well.
_ALIKE = (frozenset({"DATE", "TIME", "DATETIME"}), frozenset({"COMPOSITE", "IMAGE", "WAVEFORM"}))


@dataclass(frozen=True, slots=True)
class ContentRow:
    """One content item: its basic action as printed ("X/D") and the action of each option that names it."""

    basic: str
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class ContentTable:
    """`rows` by coding scheme, code value and value type."""

    edition: str
    rows: dict[tuple[str, str, str], ContentRow]

    def find(self, scheme: str, code: str, value_type: str) -> ContentRow | None:
        """The row of a concept as `value_type`, or as a type that says the same; None when the table has none."""
        exact = self.rows.get((scheme, code, value_type))
        if exact is not None:
            return exact
        others = next((alike for alike in _ALIKE if value_type in alike), frozenset[str]())
        return next((row for each in sorted(others) if (row := self.rows.get((scheme, code, each)))), None)


@cache
def content_table() -> ContentTable:
    """The table this version of Confrere was built with."""
    read = json.loads(files("confrere.core.deidentify").joinpath("tables/sr_content.json").read_text("utf-8"))
    rows = {(scheme, code, kind): ContentRow(*rest) for scheme, code, kind, _meaning, *rest in read["rows"]}
    return ContentTable(read["edition"], rows)
