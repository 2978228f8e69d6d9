"""Samples are exactly as many bytes as their header says, or the waveform is refused."""

import struct

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import walk
from confrere.core.dicom.waveforms import check_waveforms
from confrere.core.terms import Refused


def group(*, channels: int = 2, samples: int = 5, bits: int = 16, size: int = 20, vr: str = "OW") -> bytes:
    return made.item(
        made.element(0x003A0005, "US", made.us(channels))
        + made.element(0x003A0010, "UL", struct.pack("<I", samples))
        + made.element(0x54001004, "US", made.us(bits))
        + made.element(0x54001010, vr, bytes(size))
    )


def attributes(*groups: bytes) -> Attributes:
    buffer = made.element(0x54000100, "SQ", b"".join(groups))
    return Attributes(buffer, walk(buffer, 0, implicit=False).elements)


def test_groups_of_the_promised_size_pass_with_their_padding() -> None:
    check_waveforms(attributes(group(), group(bits=8, channels=1, size=5, vr="OB")))


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ((), "missing-element"),
        ((made.item(made.element(0x54001004, "US", made.us(16))),), "missing-element"),
        ((group(), group(size=22)), "waveform-size-mismatch"),
        ((group(size=18),), "waveform-size-mismatch"),
        ((group(bits=12, size=10),), "waveform-size-mismatch"),
        ((group(vr="UT"),), "wrong-vr"),
    ],
)
def test_anything_else_is_refused(groups: tuple[bytes, ...], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        check_waveforms(attributes(*groups))
    assert caught.value.code == reason
