"""Read an original with pydicom and harvest every value that could point to a person.

Default-deny: any text attribute that vocabulary.toml does not list as technical is harvested, at every depth,
and so is any printable run of private values, of values with an unknown meaning, of the preamble and of bytes
after the end. The engine's own reader and tables are not used.
Source: PS3.15 Annex E, E.1.1 (what must go); PS3.5 6.2 (VRs) and 6.2.1 (person names).
"""

import re
import warnings
from io import BytesIO

import pydicom
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from confrere.core.terms import Broken
from confrere.core.verify import views
from confrere.core.verify.layout import layout_of
from confrere.core.verify.needles import PRIVATE, Gatherer, Harvest
from confrere.core.verify.vocabulary import vocabulary

_TEXT_VRS = frozenset(("AE", "LO", "LT", "SH", "ST", "UC", "UR", "UT"))
_TECHNICAL_VRS = frozenset(("AS", "CS", "DS", "IS"))
_BINARY_VRS = frozenset(("OB", "OW", "UN", "OB or OW", "OD", "OF", "OL", "OV"))
_RUNS = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_ASCII_RUNS = re.compile(rb"[\x20-\x7e]{6,}")
_WIDE_RUNS = re.compile(rb"(?:[\x20-\x7e]\0){6,}")
_PIECES = re.compile(rb"[\s\"<>|\[\]{}\\]+")
_ID_KEYWORD = re.compile(r"(IDs?|Numbers?|Identifier|Identification|Locator|EntityTitle|StationName)$")
# Inside these sequences even a code's meaning can be a person's name.
_OF_PERSONS = re.compile(r"Person|Physician|Operator|Observer|Performer|Author|Requesting|Institution")
_MAX_RUNS = 3000
_LARGE = 16 << 20
# Group 0028 holds colour and grey tables: numbers that only look like text.
_IMAGE_GROUP = 0x0028
_MAX_DEPTH = 64


class _Reader:
    """Walks one data set and feeds the gatherer."""

    def __init__(self, gather: Gatherer, buffer: bytes) -> None:
        self.gather = gather
        self.buffer = buffer

    def dataset(self, dataset: Dataset, path: tuple[int, ...] = ()) -> None:
        for element in list(dataset.values()):
            here = (*path, int(element.tag))
            try:
                self.element(dataset, element, here)
            except Broken:
                raise
            except Exception:  # a value pydicom cannot read is harvested as bytes, never skipped
                if isinstance(element, RawDataElement):
                    self.runs(element.value or b"")

    def element(self, dataset: Dataset, element: RawDataElement | DataElement, path: tuple[int, ...]) -> None:
        tag = path[-1]
        if tag >> 16 == 0x7FE0 or tag & 0xFFFF == 0:
            return
        if not isinstance(element, RawDataElement):
            self.converted(element, path)
            return
        vr = _vr_of(element)
        raw = element.value or b""
        if vr == "SQ":
            self.converted(dataset[element.tag], path)
        elif raw:
            self.value(dataset, vr, raw, path)

    def converted(self, element: DataElement, path: tuple[int, ...]) -> None:
        """An element that pydicom has already turned into Python values; nearly always a sequence."""
        if element.VR == "SQ":
            if len(path) > _MAX_DEPTH:
                raise Broken("the original nests too deep to be read", retryable=False)
            for item in element.value:
                self.dataset(item, path)
        elif isinstance(element.value, bytes):
            self.runs(element.value)
        elif element.VR in _TECHNICAL_VRS:
            self.gather.technical.append(str(element.value).encode("utf-8"))
        elif element.value is not None:
            self.runs(str(element.value).encode("utf-8"))

    def value(self, dataset: Dataset, vr: str, raw: bytes, path: tuple[int, ...]) -> None:
        tag = path[-1]
        if tag >> 16 & 1 and vr not in ("PN", "DA", "DT", "UI"):
            self.runs(raw)
            return
        keyword = keyword_for_tag(tag)
        if vr == "UI":
            self.uids(keyword, raw)
        elif vr in ("DA", "DT"):
            self.dates(raw, path)
        elif vr == "PN":
            self.name(dataset, raw, tag)
        elif vr in _TEXT_VRS or not keyword:
            self.text(dataset, vr, raw, path)
        elif vr in _TECHNICAL_VRS:
            self.gather.technical.append(raw)
        elif vr in _BINARY_VRS and tag >> 16 != _IMAGE_GROUP:
            self.runs(raw)

    def uids(self, keyword: str, raw: bytes) -> None:
        if keyword in vocabulary().class_uids:
            return
        for uid in raw.split(b"\\"):
            plain = uid.strip(b"\0 ")
            if len(plain) >= 6 and not plain.startswith(b"1.2.840.10008."):
                self.gather.uids.add(plain)

    def dates(self, raw: bytes, path: tuple[int, ...]) -> None:
        for value in raw.split(b"\\"):
            compact = value.strip().replace(b".", b"", 2) if value[4:5] == b"." else value.strip()
            ordinals = views.compact_days(compact[:8]) if compact[:8].isdigit() else set()
            first = views.day(int(compact[:4]), int(compact[4:6]), int(compact[6:8])) if ordinals else None
            if first is not None:
                self.gather.days.add(first)
                self.gather.days_at.add((path, first))
            elif value.strip(b"\0 "):
                self.gather.days |= views.days_in(value)

    def name(self, dataset: Dataset, raw: bytes, tag: int) -> None:
        for value in _decoded(dataset, raw, tag):
            self.gather.name(value)
        if not raw.isascii() or b"\x1b" in raw:
            for part in {*raw.split(b"="), *re.split(rb"[\^= \\]+", raw)}:
                self.gather.raw_bytes(part, "name")

    def text(self, dataset: Dataset, vr: str, raw: bytes, path: tuple[int, ...]) -> None:
        tag, keyword = path[-1], keyword_for_tag(path[-1])
        of_person = any(_OF_PERSONS.search(keyword_for_tag(outer)) for outer in path[:-1])
        if keyword in vocabulary().technical_attributes and not of_person:
            self.gather.technical.append(raw)
            return
        if not raw.isascii() or b"\x1b" in raw:
            for value in _decoded(dataset, raw, tag):
                self.gather.not_ascii(value.strip(), "text")
            self.gather.raw_bytes(raw, "text")
        for one in [raw] if vr in ("LT", "ST", "UT", "UR") else raw.split(b"\\"):
            plain = one.strip(b"\0 ")
            if _ID_KEYWORD.search(keyword) or vr == "AE":
                self.gather.identifier(plain)
            elif plain:
                self.gather.suspect(plain)

    def runs(self, raw: bytes, kind: str = PRIVATE) -> None:
        """The printable runs of bytes whose meaning nobody vouches for."""
        found = (_RUNS if _mostly_text(raw) else _ASCII_RUNS).findall(raw)
        found += [run.replace(b"\0", b"") for run in _WIDE_RUNS.findall(raw)]
        for run in found[:_MAX_RUNS]:
            for piece in (run,) if len(run) <= 80 else _PIECES.split(run):
                if sum(97 <= byte | 0x20 <= 122 for byte in piece) >= 3 or _digit_count(piece) >= 8:
                    self.run(piece.strip(), kind)

    def run(self, piece: bytes, kind: str) -> None:
        if re.fullmatch(rb"[0-9]+(\.[0-9]+){4,}", piece):
            self.uids("", piece)
        elif not re.fullmatch(rb"[-+0-9.eE\\ ]+", piece) or (_digit_count(piece) >= 8 and b"." not in piece):
            self.gather.suspect(piece, kind)
            if not piece.isascii():
                self.gather.raw_bytes(piece, kind)


def _digit_count(raw: bytes) -> int:
    return sum(48 <= byte <= 57 for byte in raw)


def _mostly_text(raw: bytes) -> bool:
    sample = raw[:256].rstrip(b"\0")
    return bool(sample) and sum(byte >= 0x20 for byte in sample) >= len(sample) * 0.95


def _vr_of(element: RawDataElement) -> str:
    if element.VR and element.VR != "UN":
        return element.VR
    try:
        return dictionary_VR(element.tag)
    except KeyError:
        return element.VR or "UN"


def _decoded(dataset: Dataset, raw: bytes, tag: int) -> list[str]:
    """The values of a text element as str, by the data set's own character set where pydicom can."""
    if raw.isascii() and b"\x1b" not in raw:
        return [value.strip(" \0") for value in raw.decode("ascii").split("\\")]
    try:
        value = dataset[tag].value
        values = value if isinstance(value, list | pydicom.multival.MultiValue) else [value]
        return [str(one) for one in values]
    except Exception:  # any failure to decode leaves Latin-1, in which every byte has a letter
        return [raw.decode("latin-1")]


def _read(original: bytes) -> Dataset:
    try:
        dataset = pydicom.dcmread(BytesIO(original), force=True, defer_size=_LARGE)
    except Exception as fault:  # whatever stops pydicom: the original cannot be harvested
        raise Broken(f"the original cannot be read: {type(fault).__name__}", retryable=False) from None
    if not len(dataset):
        raise Broken("the original holds no element", retryable=False)
    return dataset


def harvest(original: bytes) -> Harvest:
    """Everything in `original` that must not be found again, as needles.

    Raises Broken (not retryable) when pydicom cannot read it or finds nothing in it: hold the instance.
    """
    gather = Gatherer()
    # First, because it inflates within bounds; pydicom would follow a deflate bomb to its end.
    layout = layout_of(original)
    with warnings.catch_warnings():
        # pydicom's warnings quote values; they must not reach a log.
        warnings.simplefilter("ignore")
        dataset = _read(original)
        reader = _Reader(gather, original)
        reader.dataset(getattr(dataset, "file_meta", None) or Dataset())
        reader.dataset(dataset)
        if original[128:132] == b"DICM":
            reader.runs(original[:128])
        if layout.end > 132:
            reader.runs(layout.buffer[layout.end : layout.end + _LARGE])
    known = gather.finish()
    if not len(known):
        # A second look for nothing would find nothing: every real instance has at least its own UIDs.
        raise Broken("the original yields nothing to look for", retryable=False)
    return known
