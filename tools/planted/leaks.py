"""Count what survives a de-identifier: planted identifiers (bad), clinical facts and pixels (good).

Every planted value of a file is searched for in its whole output, in every spelling it may have taken on; only a
pixel value that is byte for byte the input's is passed over, because nothing was planted there. What cannot be
matched to an input is searched for everything planted anywhere.
"""

import hashlib
import re
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from planted.manifest import CORPUS, EDGE, Manifest
from planted.people import Plant

CLINICAL = (
    "Modality Manufacturer SliceThickness KVP SpacingBetweenSlices RepetitionTime EchoTime PixelSpacing "
    "ImageOrientationPatient ImagePositionPatient Rows Columns BitsStored RescaleIntercept RescaleSlope WindowCenter "
    "WindowWidth SOPClassUID ImageType PhotometricInterpretation SliceLocation ConvolutionKernel "
    "MagneticFieldStrength InstanceNumber PatientPosition"
).split()
_SHORTEST = 6
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")


def spellings(plant: Plant) -> set[bytes]:
    """The lower-case byte strings that would give the value away, in 8-bit and in both 16-bit encodings."""
    texts = {plant.text, plant.text.replace("^", " "), plant.text.replace("^", ", ")}
    if plant.category == "date":
        texts |= _dates(plant.text)
    elif "^" in plant.text and "=" not in plant.text:
        family, _caret, given = plant.text.partition("^")
        # The last word of a planted name belongs to nobody else.
        texts |= {f"{given} {family}", f"{given}_{family}", f"{family}{given}", *given.split()[1:]}
    digits = re.sub(r"\D", "", plant.text)
    if len(digits) >= 10 and re.fullmatch(r"[+\d ]+", plant.text):
        # A phone number with or without its country, an Aadhaar number with or without its gaps.
        texts |= {digits, digits[-10:], f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"}
    found = {plant.raw.lower()}
    for text in texts:
        found |= {text.lower().encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")}
    return {one for one in found if len(one) >= _SHORTEST}


def _dates(text: str) -> set[str]:
    match = _DATE.fullmatch(text)
    if match is None:
        return set()
    year, month, day = match.groups()
    forms = {mark.join(order) for mark in "-/." for order in ((year, month, day), (day, month, year))}
    return forms | {f"{day}{month}{year}"}


def searchable(content: bytes) -> bytes:
    """The bytes of a file, and of a deflated one what is in it."""
    with suppress(Exception):  # what is no DICOM is searched as it is
        meta = pydicom.dcmread(BytesIO(content), stop_before_pixels=True, specific_tags=[]).file_meta
        if meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
            start = 144 + meta.FileMetaInformationGroupLength
            return content + zlib.decompressobj(-zlib.MAX_WBITS).decompress(content[start:])
    return content


@dataclass(slots=True)
class Tally:
    """What one output tree shows; `planted` and `leaked` count (file, place) pairs by category."""

    files: int = 0
    missing: list[str] = field(default_factory=list)
    strangers: int = 0
    unreadable: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    leaked: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    clinical_kept: int = 0
    clinical_there: int = 0
    clinical_lost: Counter[str] = field(default_factory=Counter)
    pixels_same: int = 0

    @property
    def leaks(self) -> int:
        """All (file, place) pairs that survive."""
        return self.leaked.total()

    def as_json(self) -> dict[str, object]:
        """The tally as plain JSON."""
        return {
            "files": self.files,
            "missing": self.missing,
            "strangers": self.strangers,
            "unreadable": self.unreadable,
            "leaked": self.leaks,
            "planted": self.planted.total(),
            "by_category": {name: [self.leaked[name], self.planted[name]] for name in sorted(self.planted)},
            "places": self.places.most_common(),
            "clinical": [self.clinical_kept, self.clinical_there],
            "clinical_lost": self.clinical_lost.most_common(),
            "pixels_same": self.pixels_same,
        }

    def lines(self) -> list[str]:
        """The tally in words."""
        categories = "  ".join(f"{name} {self.leaked[name]}/{self.planted[name]}" for name in sorted(self.planted))
        return [
            f"{self.files} files, {len(self.missing)} of the corpus without output, {self.strangers} unmatched, "
            f"{len(self.unreadable)} unreadable",
            f"clinical elements kept {self.clinical_kept}/{self.clinical_there}, "
            f"pixels identical {self.pixels_same}/{self.files}",
            f"LEAKED {self.leaks}/{self.planted.total()}  {categories}",
            *(f"  {place} x{count}" for place, count in self.places.most_common(20)),
        ]


def _read(content: bytes) -> Dataset | None:
    """The data set with every element decoded, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # planted headers are odd on purpose
            ds = pydicom.dcmread(BytesIO(content), force=True)
            for _element in ds.iterall():
                pass
    except Exception:  # whatever pydicom makes of it, a reader elsewhere would stumble too
        return None
    return ds if "SOPClassUID" in ds or "PixelData" in ds else None


def pixel_value(ds: Dataset | None) -> bytes:
    """The bytes of PixelData, empty where there are none."""
    return bytes(ds.PixelData) if ds is not None and "PixelData" in ds else b""


def same_pixels(before: Dataset, after: Dataset | None) -> bool:
    """Whether the pixel values are identical; of a big endian original, once its bytes are swapped."""
    if after is None or not pixel_value(after):
        return False
    old, new = pixel_value(before), pixel_value(after)
    if before.file_meta.get("TransferSyntaxUID") == ExplicitVRBigEndian and before.BitsAllocated == 16:
        return old == new or np.frombuffer(old, ">u2").astype("<u2").tobytes() == new
    return old == new


class Scanner:
    """Searches outputs against one corpus, or its edge set."""

    def __init__(self, folder: Path, *, edge: bool = False) -> None:
        self.manifest = Manifest.load(folder)
        self.source = folder / (EDGE if edge else CORPUS)
        self.paths = self.manifest.edge if edge else self.manifest.files
        self._by_pixels: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            self._by_pixels[self.manifest.pixels[path]].append(path)

    def scan(self, output: Path) -> Tally:
        """Look at every file below `output`."""
        tally, seen = Tally(), set()
        for path in sorted(one for one in output.rglob("*") if one.is_file() and not one.is_symlink()):
            content = path.read_bytes()
            ds = _read(content)
            matched = self._match(str(path.relative_to(output)), ds)
            if matched is None or matched in seen:
                tally.strangers += 1
                self._search(tally, searchable(content), self.manifest.everything(), count_planted=False)
                continue
            seen.add(matched)
            self._look(tally, matched, content, ds)
        tally.missing = sorted(set(self.paths) - seen)
        return tally

    def _match(self, relative: str, ds: Dataset | None) -> str | None:
        if relative in self.paths:
            return relative
        by_pixels = self._by_pixels.get(hashlib.sha256(pixel_value(ds)).hexdigest(), [])
        return by_pixels[0] if len(by_pixels) == 1 else None

    def _look(self, tally: Tally, path: str, content: bytes, ds: Dataset | None) -> None:
        tally.files += 1
        before = pydicom.dcmread(self.source / path, force=True)
        if ds is None:
            tally.unreadable.append(path)
        unsearched = pixel_value(ds) if same_pixels(before, ds) else b""
        tally.pixels_same += bool(unsearched)
        content = searchable(content)
        if unsearched:
            content = content.replace(unsearched, b"\0", 1)
        self._search(tally, content, self.manifest.planted_in(path))
        for keyword in CLINICAL:
            if before.get(keyword) not in (None, ""):
                tally.clinical_there += 1
                kept = ds is not None and ds.get(keyword) == before.get(keyword)
                tally.clinical_kept += kept
                tally.clinical_lost[keyword] += not kept
        tally.clinical_lost += Counter()

    def _search(self, tally: Tally, content: bytes, plants: Iterable[Plant], *, count_planted: bool = True) -> None:
        lowered = content.lower()
        for plant in plants:
            tally.planted[plant.category] += count_planted
            if plant.raw in content or any(spelling in lowered for spelling in spellings(plant)):
                tally.leaked[plant.category] += 1
                tally.places[f"{plant.category}: {plant.place}"] += 1
