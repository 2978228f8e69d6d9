"""The corpus's truth in the format of the public MIDI-B validator, so that anyone can run it on any de-identifier.

One row of the SQLite table `answer_data` for each instance, with what must have been done to each element as JSON;
two CSV files with `id_old,id_new` that pair the UIDs and patient IDs of the input with those of the output.
Source: the format is that of CBIIT/MIDI_validation_script as published for the MIDI-B challenge of 2024 (format and
meaning of the actions alone; the code here is our own). The required elements are those of PS3.3 2026d, C.7 and C.12.
"""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from planted.leaks import CLINICAL
from planted.manifest import CORPUS, Manifest
from planted.people import Plant

# Type 1 of every image, then type 2: the first must keep a value, the second must stay as elements.
NOT_NULL = (
    "SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID Modality Rows Columns SamplesPerPixel BitsAllocated "
    "BitsStored HighBit PixelRepresentation PhotometricInterpretation"
).split()
RETAINED = (
    "PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime AccessionNumber ReferringPhysicianName "
    "StudyID InstanceNumber"
).split()
STANDARD_UIDS = "1.2.840.10008."
_TABLE = """create table answer_data (SOPInstanceUID text, SeriesInstanceUID text, StudyInstanceUID text,
 PatientID text, Modality text, SOPClassUID text, scope text, AnswerData text)"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What must have been done to one element: `action` on `text`, which is all or a part of `value`."""

    path: str
    name: str
    action: str
    value: str
    text: str

    def as_json(self) -> dict[str, object]:
        """The row's entry; the validator wants every text between angle brackets."""
        return {
            "tag": f"<{self.path.rpartition('<')[2].rstrip('>')}>",
            "tag_ds": self.path,
            "tag_name": f"<{self.name}>",
            "value": f"<{self.value}>",
            "action": f"<{self.action}>",
            "action_text": f"<{self.text}>",
            "answer_category_v2": _category(self.action),
        }


def _category(action: str) -> dict[str, object]:
    """The part of the rules an action belongs to, as the validator's reports group them."""
    required = "DICOM-IOD-1" if action in ("tag_retained", "text_notnull") else ""
    basic = {"patid_consistent": "DICOM-P15-BASIC-C", "uid_consistent": "DICOM-P15-BASIC-U"}.get(action, "")
    lawful = {"text_removed": "HIPAA-A", "date_shifted": "HIPAA-C", "uid_changed": "HIPAA-R"}.get(action, "")
    practice = {"pixels_retained": "TCIA-P15-PIX-K", "text_retained": "TCIA-P15-DESC-C"}.get(action, "")
    return {
        "hipaa": {"z": "", "m": lawful},
        "dicom": {"p15": basic, "iod": required, "safe": ""},
        "tcia": {"ptkb": "", "p15": practice, "rev": ""},
        "prev_cat": "",
    }


def path_of(element: DataElement, above: str = "") -> str:
    """Where an element stands: `<(gggg,eeee)>`, by creator where private, behind the path of its item."""
    group, number = element.tag.group, element.tag.element
    if element.tag.is_private and element.private_creator:
        return f'{above}<({group:04x},"{element.private_creator.upper()}",{number & 0xFF:02x})>'
    return f"{above}<({group:04x},{number:04x})>"


def elements(ds: Dataset, above: str = "") -> Iterator[tuple[str, DataElement]]:
    """Every element with its path, those of sequences included."""
    for element in ds:
        path = path_of(element, above)
        yield path, element
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from elements(item, f"{path}[<{number:04d}>]")


def text_of(element: DataElement) -> str:
    """An element's value as the validator writes it down."""
    return "" if element.value is None else str(element.value).strip()


def _answers_of(path: str, element: DataElement, plants: Iterable[Plant]) -> Iterator[Answer]:
    text, name = text_of(element), element.name

    def answer(action: str, part: str = text) -> Answer:
        return Answer(path, name, action, text, part)

    top = element.keyword if "[" not in path else ""
    if top in NOT_NULL:
        yield answer("text_notnull")
    if top in NOT_NULL or top in RETAINED:
        yield answer("tag_retained")
    if top in CLINICAL and text:
        yield answer("text_retained")
    if element.VR == "UI" and text and not text.startswith((STANDARD_UIDS, "[")):
        yield answer("uid_changed")
        yield answer("uid_consistent")
    if element.VR in ("DA", "DT") and text:
        yield answer("date_shifted")
    if element.VR not in ("SQ", "UI", "DA", "DT"):
        yield from (answer("text_removed", plant.text) for plant in plants if plant.text in text)
    if top == "PatientID":
        yield answer("patid_consistent")


def answers(ds: Dataset, plants: list[Plant]) -> list[Answer]:
    """Everything that must have been done to that instance."""
    found = [answer for path, element in elements(ds) for answer in _answers_of(path, element, plants)]
    # The validator's digest is MD5; it tells files apart, it protects nothing.
    digest = hashlib.md5(ds.PixelData, usedforsecurity=False).hexdigest()
    return [*found, Answer("<(7fe0,0010)>", "Pixel Data", "pixels_retained", digest, digest)]


def write_key(corpus: Path, target: Path) -> int:
    """Write the answer key of a corpus as SQLite; returns how many actions it asks for."""
    manifest, count = Manifest.load(corpus), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as database:
        database.execute(_TABLE)
        for path in manifest.files:
            ds = pydicom.dcmread(corpus / CORPUS / path)
            asked = answers(ds, manifest.planted_in(path))
            count += len(asked)
            row = [str(ds[keyword].value) for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")]
            row += [str(ds.PatientID), str(ds.Modality), str(ds.SOPClassUID), "<Instance>"]
            row.append(json.dumps({str(number): one.as_json() for number, one in enumerate(asked)}))
            database.execute("insert into answer_data values (?,?,?,?,?,?,?,?)", row)
    database.close()
    return count


def write_pairs(target: Path, pairs: dict[str, str]) -> None:
    """Write one of the two CSV files."""
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["id_old", "id_new"])
        writer.writerows(sorted(pairs.items()))
