"""The Part 10 wrapper keeps every byte, and the first look finds what was not announced."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import UID

from confrere.adapters.dimse.part10 import build_part10, check_announced, check_uid
from confrere.core.terms import Refused

if TYPE_CHECKING:
    from tests.adapters.dimse.conftest import Wire


IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"


def encoded(syntax: str) -> tuple[bytes, str, str]:
    """The small CT as a data set in `syntax`, with its class and instance UID."""
    ct = dcmread(str(get_testdata_file("CT_small.dcm")))
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = UID(syntax).is_implicit_VR, UID(syntax).is_little_endian
    if syntax == BIG_ENDIAN:
        del ct.PixelData
    write_dataset(out, ct)
    data = out.getvalue()
    if syntax == DEFLATED:
        deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data = deflate.compress(data) + deflate.flush()
    return data, str(ct.SOPClassUID), str(ct.SOPInstanceUID)


def look(data: bytes, sop_class: str, instance: str, syntax: str) -> None:
    check_announced(memoryview(data), sop_class_uid=sop_class, sop_instance_uid=instance, transfer_syntax_uid=syntax)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN])
def test_a_data_set_as_announced_passes_in_every_syntax(syntax: str) -> None:
    data, sop_class, instance = encoded(syntax)
    look(data, sop_class, instance, syntax)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN])
def test_another_instance_or_class_than_announced_is_found(syntax: str) -> None:
    data, sop_class, instance = encoded(syntax)
    for announced in ((sop_class, instance + "1"), ("1.2.840.10008.5.1.4.1.1.4", instance)):
        with pytest.raises(Refused, match="uid-mismatch"):
            look(data, *announced, syntax)


@pytest.mark.parametrize("sent", [IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN])
@pytest.mark.parametrize("agreed", [IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN])
def test_a_syntax_other_than_agreed_is_found(sent: str, agreed: str) -> None:
    if sent == agreed:
        return
    data, sop_class, instance = encoded(sent)
    with pytest.raises(Refused, match="syntax-mismatch"):
        look(data, sop_class, instance, agreed)


def test_a_language_code_sequence_before_the_identifiers_is_stepped_over(wire: type[Wire]) -> None:
    head = struct.pack("<HH2sHL", 0x0008, 0x0006, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF) + struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
    end = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    look(head + item + end + wire.data_set(), wire.CT, "2.25.7", EXPLICIT)


@given(st.binary(max_size=300), st.sampled_from([IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN]))
def test_no_bytes_make_the_look_fail_otherwise_than_by_refusing(noise: bytes, syntax: str) -> None:
    with pytest.raises(Refused, match="mismatch"):
        look(noise, "1.2", "1.3", syntax)


def test_the_part_10_file_holds_the_data_set_untouched(wire: type[Wire]) -> None:
    data = wire.data_set()
    whole = build_part10(wire.CT, "2.25.7", EXPLICIT, memoryview(data))
    assert whole.endswith(data)
    meta = dcmread(BytesIO(whole)).file_meta
    assert whole == bytes(128) + b"DICM" + whole[132 : -len(data)] + data
    assert (meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID) == (wire.CT, "2.25.7")
    assert meta.TransferSyntaxUID == EXPLICIT
    assert "SourceApplicationEntityTitle" not in meta


@pytest.mark.parametrize("uid", ["", "../../etc", "1.2.", "1..2", "1.2\n", "1" * 65, "1.2/3", "\uff11.2"])
def test_what_is_no_uid_never_becomes_a_name(uid: str) -> None:
    with pytest.raises(Refused, match="bad-uid"):
        check_uid(uid)
