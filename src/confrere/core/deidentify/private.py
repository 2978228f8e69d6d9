"""Which private attributes may stay: those that the standard lists as safe, known by their creator's words.

A private attribute's number says nothing: the block it lies in is whatever the creator element of the same
data set or item reserved. Of a listed one only numbers, coded words and short harmless text are kept.

Source: PS3.15 E.3.10 and Table E.3.10-1 (tables/safe_private.json, made by tools/make_safe_private_table.py);
PS3.5 7.8.1 (private data elements).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from confrere.core.deidentify.values import fits
from confrere.core.deidentify.words import holds_own, tells_own
from confrere.core.dicom.walk import Buffer, Element

_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF
_TEXT = re.compile(rb"[A-Za-z0-9 _.,:;*+/=()\\-]{0,64}")
_CODED = re.compile(rb"[A-Z0-9 _\\]{0,64}")
_MANY_DIGITS = re.compile(rb"[0-9]{5}")
_WRITTEN_AS = {b"FL": 4, b"FD": 8, b"SL": 4, b"SS": 2, b"UL": 4, b"US": 2}
_TEXT_VRS, _NUMBER_VRS = frozenset({b"LO", b"SH"}), frozenset({b"DS", b"IS"})
_MOST_OF_N = 64


@dataclass(frozen=True, slots=True)
class SafeList:
    """`rows` by creator, group and number within the block: the VR and the most values it may have."""

    edition: str
    rows: dict[tuple[str, int, int], tuple[bytes, int]]


@cache
def safe_list() -> SafeList:
    """The list this version of Confrere was built with."""
    read = json.loads(files("confrere.core.deidentify").joinpath("tables/safe_private.json").read_text("utf-8"))
    rows = {}
    for creator, group, number, vr, multiplicity, _ in read["rows"]:
        last = multiplicity.split("-")[-1]
        rows[creator, int(group, 16), int(number, 16)] = vr.encode(), int(last) if last.isdigit() else _MOST_OF_N
    return SafeList(read["edition"], rows)


def kept_private(buffer: Buffer, elements: Iterable[Element], own: frozenset[bytes]) -> dict[int, bytes]:
    """The private tags among `elements`, of one data set or item, that may stay, each with the VR it is written as.

    A creator's element is among them only when something of its block is. `own` are the patient's own words.
    """
    private = [element for element in elements if element.tag >> 16 & 1]
    creators = {}
    for element in private:
        if _FIRST_BLOCK <= element.tag & 0xFFFF <= _LAST_BLOCK and element.vr in {b"LO", b"UN"}:
            raw = bytes(buffer[element.value : element.stop])
            creators[element.tag] = raw.strip(b"\0 ").decode("latin-1")
    kept: dict[int, bytes] = {}
    for element in private:
        group, number = element.tag >> 16, element.tag & 0xFFFF
        reserved = group << 16 | number >> 8
        row = safe_list().rows.get((creators.get(reserved, ""), group, number & 0xFF))
        if row is not None and _harmless(bytes(buffer[element.value : element.stop]), element, row, own):
            kept[element.tag] = row[0]
            kept[reserved] = b"LO"
    return kept


def _harmless(raw: bytes, element: Element, row: tuple[bytes, int], own: frozenset[bytes]) -> bool:
    vr, most = row
    if element.vr not in {vr, b"UN"} or element.items is not None:
        return False
    width = _WRITTEN_AS.get(vr)
    if width is not None:
        return len(raw) % width == 0 and len(raw) <= most * width
    bare = raw.strip(b"\0 ")
    if not fits(element.tag, vr, raw) or bare.count(b"\\") >= most:
        return False
    if holds_own(bare, own):
        return False
    if vr in _NUMBER_VRS:
        return True
    if tells_own(bare, own):
        return False
    form = _TEXT if vr in _TEXT_VRS else _CODED if vr == b"CS" else None
    return form is not None and not _MANY_DIGITS.search(bare) and form.fullmatch(bare) is not None
