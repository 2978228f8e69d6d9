"""The calendar days that an instance states of itself: no shifted date may fall on one of them.

Moved by the patient's one offset, a date can by chance become another date of the same patient: true to the offset, and
yet an original date in a cleaned file. Such a value is left out.

Source: PS3.15 E.3.6 (modified dates); PS3.5 table 6.2-1 (DA, DT).
"""

from collections.abc import Iterable

from confrere.core.dicom.walk import Buffer, Element

DATED_VRS = frozenset({b"DA", b"DT"})
_DAY = 8


def days_in(buffer: Buffer, elements: Iterable[Element]) -> frozenset[bytes]:
    """The days, as eight digits, that `elements` and all within them state in values of VR DA and DT."""
    found: set[bytes] = set()
    for element in elements:
        if element.items is not None:
            for item in element.items:
                found |= days_in(buffer, item.elements)
        elif element.vr in DATED_VRS:
            found |= days_of(bytes(buffer[element.value : element.stop]))
    return frozenset(found)


def days_of(value: bytes) -> set[bytes]:
    """The days that one value of VR DA or DT states."""
    starts = (part.strip(b"\0 ")[:_DAY] for part in value.split(b"\\"))
    return {start for start in starts if len(start) == _DAY and start.isdigit()}
