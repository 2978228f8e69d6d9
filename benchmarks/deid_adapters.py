"""Run one other de-identifier over a folder in this process, with its own defaults or its PS3.15 basic profile.

    VENV/bin/python deid_adapters.py TOOL IN OUT        prints {"n": files, "s": seconds, "refused": files}

Knows nothing of Confrere: it runs in a throw-away environment that has the tool alone. Imports are not timed.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

One = Callable[[Path, Path], object]


def hand_written() -> One:
    """What a script on a web page does: five elements emptied, private ones removed."""
    pydicom = import_module("pydicom")

    def one(source: Path, target: Path) -> None:
        ds = pydicom.dcmread(source)
        for keyword in ("PatientName", "PatientID", "PatientBirthDate", "AccessionNumber", "InstitutionName"):
            setattr(ds, keyword, "")
        ds.remove_private_tags()
        ds.save_as(target)

    return one


def dicom_anonymizer() -> One:
    """Kitware's, with the newest table it has."""
    tool: Any = import_module("dicomanonymizer.simpledicomanonymizer")
    rules = getattr(tool, "initialize_actions_2026c", None) or (lambda: tool.initialize_actions("dicomfields_2026c"))
    return lambda source, target: tool.anonymize_dicom_file(str(source), str(target), base_rules_gen=rules)


def dcmanon() -> One:
    """The Rust one; it gives bytes."""
    anonymizer = import_module("dcmanon").Anonymizer()
    return lambda source, target: target.write_bytes(anonymizer.anonymize(str(source)))


def dentdeid() -> One:
    """Its basic profile, and its harvest of a patient's own identifiers."""
    tool: Any = import_module("dentdeid")
    pydicom = import_module("pydicom")
    pseudonyms, config = tool.Pseudonymizer(b"k" * 32), tool.MetaConfig(options=frozenset())

    def one(source: Path, target: Path) -> None:
        ds = pydicom.dcmread(source)
        tool.deidentify_dataset(ds, config, pseudonyms)
        ds.save_as(target)

    return one


def dicognito() -> One:
    """Made for test data, not for release: it keeps what is free text."""
    pydicom = import_module("pydicom")
    anonymizer = import_module("dicognito.anonymizer").Anonymizer(seed="benchmark")

    def one(source: Path, target: Path) -> None:
        ds = pydicom.dcmread(source)
        anonymizer.anonymize(ds)
        ds.save_as(target)

    return one


def deid() -> One:
    """pydicom's, with its default recipe."""
    logging.disable(logging.CRITICAL)
    tool: Any = import_module("deid.dicom")
    recipe = import_module("deid.config").DeidRecipe()

    def one(source: Path, target: Path) -> None:
        found = tool.get_identifiers([str(source)], expand_sequences=True)
        cleaned = tool.replace_identifiers(
            dicom_files=[str(source)], deid=recipe, ids=found, save=False, remove_private=True, strip_sequences=False
        )
        cleaned[0].save_as(target)

    return one


def dcm_anonymizer() -> One:
    """The one with a manifest of clauses."""
    pipeline: Any = import_module("dcm_anon.pipeline")
    try:
        mapper = import_module("dcm_anon.uid").UIDMapper()
    except ImportError:
        mapper = import_module("dcm_anon").UIDMapper()
    return lambda source, target: pipeline.anonymize_file(source, target, mapper)


TOOLS: dict[str, Callable[[], One]] = {
    "hand-written": hand_written,
    "dicom-anonymizer": dicom_anonymizer,
    "dcmanon": dcmanon,
    "dentdeid": dentdeid,
    "dicognito": dicognito,
    "deid": deid,
    "dcm-anonymizer": dcm_anonymizer,
}


def run(tool: str, source: Path, target: Path) -> dict[str, object]:
    """De-identify the tree file by file; a file the tool raises on is refused and may leave nothing."""
    one, refused, count = TOOLS[tool](), 0, 0
    files = sorted(file for file in source.rglob("*") if file.is_file())
    for folder in {file.parent for file in files}:
        (target / folder.relative_to(source)).mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    for file in files:
        count += 1
        try:
            one(file, target / file.relative_to(source))
        except Exception:  # a refusal is a result here
            refused += 1
    return {"n": count, "s": time.perf_counter() - started, "refused": refused}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))), flush=True)
    # Some tools leave threads behind that never end.
    os._exit(0)
