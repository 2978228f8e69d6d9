"""Do the waveform samples have the size their header promises? What lies behind them would be nobody's.

Source: PS3.3 C.10.9 (waveform module).
"""

import struct
from typing import Final

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.dictionary import tag_name
from confrere.core.terms import Refused

WAVEFORMS: Final = 0x54000100
SAMPLES_VALUE: Final = 0x54001010
_CHANNELS, _SAMPLES, _BITS = 0x003A0005, 0x003A0010, 0x54001004


def check_waveforms(attributes: Attributes) -> None:
    """Raise unless each group's samples are exactly channels times samples times bits.

    Raises Refused: missing-element, wrong-vr or waveform-size-mismatch.
    """
    index = 0
    while (group := attributes.item(WAVEFORMS, index)) is not None:
        _check_group(group)
        index += 1
    if not index:
        raise Refused("missing-element", tag_name(WAVEFORMS))


def _check_group(group: Attributes) -> None:
    bits = group.unsigned(_BITS)
    count = group.by_tag.get(_SAMPLES)
    value = group.by_tag.get(SAMPLES_VALUE)
    if count is None or value is None:
        raise Refused("missing-element", tag_name(_SAMPLES if count is None else SAMPLES_VALUE))
    if count.vr != b"UL" or count.stop - count.value != 4 or value.vr not in {b"OB", b"OW"}:
        raise Refused("wrong-vr", tag_name(SAMPLES_VALUE))
    samples = struct.unpack_from("<I", group.buffer, count.value)[0]
    expected = group.unsigned(_CHANNELS) * samples * (bits // 8)
    if bits not in {8, 16, 32, 64} or value.stop - value.value not in {expected, expected + expected % 2}:
        raise Refused("waveform-size-mismatch", tag_name(SAMPLES_VALUE))
