"""Make the DICOMDIR of a cleaned file-set anew; the one of the source is never read, edited or copied.

Source: PS3.10 section 8 (names of files), PS3.3 Annex F (records of a directory), 2026c.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePath

from pydicom import Dataset, dcmread
from pydicom.fileset import FileSet
from pydicom.uid import UID

from confrere.core.terms import Outcome
from confrere.server.bulk.cleaning import TEMPORARY
from confrere.server.bulk.manifest import Line
from confrere.server.bulk.walking import DICOMDIR

MOST_FILES = 20_000
"""More than any medium that a DICOMDIR was made for; building one takes memory for each file."""

_COMPONENT = re.compile(r"[A-Z0-9_]{1,8}")
_MOST_COMPONENTS = 8
_NEXT = "OffsetOfTheNextDirectoryRecord"
_LOWER = "OffsetOfReferencedLowerLevelDirectoryEntity"
_OFFSETS = (_NEXT, _LOWER)
_ROOT_OFFSETS = (
    "OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity",
    "OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity",
)
# What tells the records of a level apart; below a series lie the files.
_LEVELS = {"PATIENT": "PatientID", "STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID"}
# Records that stand outside every patient.
_ALONE = frozenset({"PALETTE", "HANGING PROTOCOL", "IMPLANT", "IMPLANT ASSY", "IMPLANT GROUP"})
# pydicom looks through all files of a set for each one that is added.
_AT_A_TIME = 64
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
    """The directory that pydicom makes of a few files at a time, its records put together under their true names."""
    top = _Entry()
    uids: list[str] = []
    made = Dataset()
    for start in range(0, len(names), _AT_A_TIME):
        by_uid = {}
        fileset = FileSet()
        for name in names[start : start + _AT_A_TIME]:
            header = _header(folder / name)
            by_uid[header.SOPInstanceUID] = name
            fileset.add(header)
        fileset.write(scratch / str(start))
        made = dcmread(scratch / str(start) / DICOMDIR)
        _take_in(top, made, by_uid)
        uids += by_uid
    # A UID made of the files' own, so that the same input gives the same directory.
    told = hashlib.blake2b("".join(uids).encode(), digest_size=16).digest()
    made.file_meta.MediaStorageSOPInstanceUID = UID(f"2.25.{int.from_bytes(told, 'big')}")
    made.DirectoryRecordSequence = [entry.record for entry in top.below_it()]
    return _with_true_offsets(made, top, scratch / "measured")


@dataclass(slots=True)
class _Entry:
    """A record with those below it, by what tells them apart."""

    record: Dataset = field(default_factory=Dataset)
    below: "dict[str, _Entry]" = field(default_factory=dict)
    offset: int = 0

    def below_it(self) -> "Iterator[_Entry]":
        """Every entry below this one, each before those below itself."""
        for entry in self.below.values():
            yield entry
            yield from entry.below_it()


def _take_in(top: _Entry, made: Dataset, by_uid: Mapping[str, str]) -> None:
    """Put the records of a directory where they belong; they lie in it in the order of `below_it`."""
    way = [top]
    for record in made.DirectoryRecordSequence:
        kind = record.DirectoryRecordType
        if kind in _LEVELS:
            depth, key = list(_LEVELS).index(kind), str(record[_LEVELS[kind]].value)
        elif len(way) == len(_LEVELS) + 1 and kind not in _ALONE:
            depth, key = len(_LEVELS), record.ReferencedSOPInstanceUIDInFile
            record.ReferencedFileID = list(PurePath(by_uid[key]).parts)
        else:
            raise ValueError(kind)
        way[depth + 1 :] = []
        way.append(way[depth].below.setdefault(key, _Entry(record)))
        if depth == len(_LEVELS):
            way.pop()


def _header(path: Path) -> Dataset:
    header = dcmread(path, stop_before_pixels=True)
    for keyword, value in _FILLED.items():
        if not header.get(keyword):
            setattr(header, keyword, value)
    return header


def _with_true_offsets(made: Dataset, top: _Entry, scratch: Path) -> Dataset:
    """The directory with the places of its records; an offset has a fixed size, so that a first writing tells them."""
    for keyword in _ROOT_OFFSETS:
        setattr(made, keyword, 0)
    for entry in top.below_it():
        for keyword in _OFFSETS:
            setattr(entry.record, keyword, 0)
    made.save_as(scratch, enforce_file_format=True)
    for entry, record in zip(top.below_it(), dcmread(scratch).DirectoryRecordSequence, strict=True):
        entry.offset = record.seq_item_tell
    patients = list(top.below.values())
    for keyword, entry in zip(_ROOT_OFFSETS, (patients[0], patients[-1]), strict=True):
        setattr(made, keyword, entry.offset)
    for parent in (top, *top.below_it()):
        siblings = list(parent.below.values())
        if parent is not top and siblings:
            setattr(parent.record, _LOWER, siblings[0].offset)
        for entry, following in pairwise(siblings):
            setattr(entry.record, _NEXT, following.offset)
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
