"""Write core/deidentify/tables/code_meanings.json, the codes of public schemes and their meanings, from a public copy.

    python tools/make_code_meanings_table.py [--check]

Reads the context groups of PS3.16 as the package `pydicom` (MIT) ships them. They are copied, and not imported when
the product runs, because building pydicom's own tables takes twenty times as long as reading this one.
With --check nothing is written: exit 1 when the file differs.

Source: PS3.16 (context groups) and its Annex O (the older identifiers of the same concepts).
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import cast

from pydicom.sr import _concepts_dict, _snomed_dict

from generated import table_text, words, write_or_compare

TARGET = Path(__file__).parents[1] / "src/confrere/core/deidentify/tables/code_meanings.json"


def meanings() -> dict[str, str]:
    """The meaning of each code, by "SCHEME VALUE".

    Of several the shortest stands: context groups give both "Liver" and "Liver structure (body structure)".
    """
    tables = cast("dict[str, dict[str, dict[str, tuple[str, list[int]]]]]", _concepts_dict.concepts)
    known: dict[str, str] = {}
    for scheme, names in tables.items():
        if " " in scheme:
            raise SystemExit("a scheme has a space in its name, so its codes could be mistaken for another's")
        for values in names.values():
            for value, (meaning, _groups) in values.items():
                code = f"{scheme} {value}"
                known[code] = min(known.get(code, meaning), meaning, key=lambda text: (len(text), text))
    older = _snomed_dict.mapping["SRT"]
    known |= {f"SRT {old}": known[f"SCT {new}"] for old, new in older.items() if f"SCT {new}" in known}
    return {code: meaning for code, meaning in sorted(known.items()) if not code.endswith(" ")}


def rendered() -> str:
    """The file's text."""
    head = {
        "edition": f"as shipped by pydicom {version('pydicom')} (MIT)",
        "source": "DICOM PS3.16, context groups; Annex O for SRT",
        "columns": ["scheme and code", "meaning"],
    }
    return table_text(head, meanings())


def main() -> int:
    """Write the table, or with --check compare it."""
    return write_or_compare(TARGET, rendered(), only_compare=words(__doc__).parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
