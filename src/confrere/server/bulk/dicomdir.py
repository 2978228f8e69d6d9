"""Make the DICOMDIR of a cleaned file-set anew; the one of the source is never read, edited or copied.

Source: PS3.10 section 8 (names of files), PS3.3 Annex F (records of a directory), 2026c.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePath

from pydicom import Dataset, dcmread
from pydicom.fileset import FileSet
from pydicom.uid import UID

from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import TEMPORARY
from confrere.server.bulk.manifest import Line

DICOMDIR = "DICOMDIR"
MOST_FILES = 20_000
"""More than any medium that a DICOMDIR was made for; building one takes memory for each file."""

_COMPONENT = re.compile(r"[A-Z0-9_]{1,8}")
_MOST_COMPONENTS = 8
_OFFSETS = (
    "OffsetOfTheNextDirectoryRecord",
    "OffsetOfReferencedLowerLevelDirectoryEntity",
)
_ROOT_OFFSETS = (
    "OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity",
    "OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity",
)
# What a directory must have and a cleaned header may leave empty (PS3.3 section F.5, type 1).
_FILLED = {
    "PatientID": "0",
    "StudyID": "0",
    "StudyDate": "19000101",
    "StudyTime": "000000",
    "SeriesNumber": "0",
    "InstanceNumber": "0",
    "ContentDate": "19000101",
    "ContentTime": "000000",
}


def directories_of(directories: list[str], lines: Iterable[Line]) -> dict[str, list[str]]:
    """The clean files below each DICOMDIR, as paths relative to its folder; one too many where there are too many."""
    folders = {os.path.dirname(path): path for path in directories}  # noqa: PTH120  # once for each of millions
    found: dict[str, list[str]] = {path: [] for path in directories}
    for line in lines:
        if line.outcome != Outcome.CLEAN or PurePath(line.path).name == DICOMDIR:
            continue
        for parent in map(str, PurePath(line.path).parents):
            directory = folders.get("" if parent == "." else parent)
            if directory is not None and len(found[directory]) <= MOST_FILES:
                found[directory].append(str(PurePath(line.path).relative_to(parent)))
    return found


def is_file_id(path: str) -> bool:
    """Whether a directory may name the file (PS3.10 section 8.2: eight parts of A-Z, 0-9, _, each up to eight long)."""
    parts = PurePath(path).parts
    return len(parts) <= _MOST_COMPONENTS and all(_COMPONENT.fullmatch(part) for part in parts)


def make_dicomdir(target: Path, path: str, names: list[str]) -> bool:
    """Write target/path, a directory of the cleaned files `names` below its folder; returns whether it could be."""
    place = target / path
    try:
        # What an earlier run made of an earlier state.
        place.unlink(missing_ok=True)
        if not 0 < len(names) <= MOST_FILES or not all(map(is_file_id, names)):
            return False
        with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
            _write(place, _directory(place.parent, sorted(names), Path(scratch)))
    except Exception:
        # The reader's own messages quote values, and no directory is better than a wrong one.
        return False
    return True


def _directory(folder: Path, names: list[str], scratch: Path) -> Dataset:
    """The directory of stand-ins (headers without pixels) that pydicom writes, with the true names put in."""
    fileset = FileSet()
    by_uid = {}
    for name in names:
        header = _header(folder / name)
        if header.SOPInstanceUID not in by_uid:
            by_uid[header.SOPInstanceUID] = name
            fileset.add(header)
    fileset.write(scratch)
    made = dcmread(scratch / DICOMDIR)
    for record in made.DirectoryRecordSequence:
        if "ReferencedSOPInstanceUIDInFile" in record:
            record.ReferencedFileID = list(PurePath(by_uid[record.ReferencedSOPInstanceUIDInFile]).parts)
    # A UID made of the files' own, so that the same input gives the same directory.
    told = hashlib.blake2b("".join(by_uid).encode(), digest_size=16).digest()
    made.file_meta.MediaStorageSOPInstanceUID = UID(f"2.25.{int.from_bytes(told, 'big')}")
    return _with_true_offsets(made, scratch / "moved")


def _header(path: Path) -> Dataset:
    header = dcmread(path, stop_before_pixels=True)
    for keyword, value in _FILLED.items():
        if not header.get(keyword):
            setattr(header, keyword, value)
    return header


def _with_true_offsets(made: Dataset, scratch: Path) -> Dataset:
    """The directory after its records have moved: offsets have a fixed size, so where they lie is known."""
    before = {0: 0} | {record.seq_item_tell: place for place, record in enumerate(made.DirectoryRecordSequence, 1)}
    made.save_as(scratch, enforce_file_format=True)
    after = [0] + [record.seq_item_tell for record in dcmread(scratch).DirectoryRecordSequence]
    for keyword in _ROOT_OFFSETS:
        setattr(made, keyword, after[before[made[keyword].value]])
    for record in made.DirectoryRecordSequence:
        for keyword in _OFFSETS:
            setattr(record, keyword, after[before[record[keyword].value]])
    return made


def _write(place: Path, made: Dataset) -> None:
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as out:
            made.save_as(out, enforce_file_format=True)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
