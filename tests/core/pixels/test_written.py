"""The new file is the old one around new pixels, in an encoding that says what it is."""

from io import BytesIO

import pydicom
from support import dicom_bytes as made

from confrere.core.dicom.registry import EXPLICIT_LITTLE, IMPLICIT_LITTLE, RLE
from confrere.core.dicom.stored_values import open_instance
from confrere.core.pixels.written import Written, encoded, write_instance


def test_nothing_of_the_preamble_or_group_two_is_carried_over() -> None:
    source = made.part10(made.dataset(), preamble=b"ZQXNAME " * 16)
    whole = write_instance(open_instance(source), Written(EXPLICIT_LITTLE, native=bytes(128)))
    assert b"ZQXNAME" not in whole
    assert whole[:132] == bytes(128) + b"DICM"
    assert pydicom.dcmread(BytesIO(whole)).file_meta.MediaStorageSOPInstanceUID == made.SOP_UID


def test_deflated_and_big_endian_files_come_out_plain() -> None:
    source = made.part10(made.dataset(), made.DEFLATED)
    read = pydicom.dcmread(BytesIO(write_instance(open_instance(source), Written(EXPLICIT_LITTLE, native=bytes(128)))))
    assert read.file_meta.TransferSyntaxUID == EXPLICIT_LITTLE
    assert read.PatientID == made.PATIENT_ID


def test_implicit_files_stay_implicit() -> None:
    source = made.ct_file(syntax=made.IMPLICIT)
    read = pydicom.dcmread(BytesIO(write_instance(open_instance(source), Written(IMPLICIT_LITTLE, native=bytes(128)))))
    assert read.file_meta.TransferSyntaxUID == IMPLICIT_LITTLE
    assert read.Rows == 8


def test_streams_are_one_fragment_each_behind_a_table_of_offsets() -> None:
    source = made.ct_file({0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(256))})
    whole = write_instance(open_instance(source), Written(RLE, streams=(b"abc", b"defg")))
    value = pydicom.dcmread(BytesIO(whole)).PixelData
    assert value[8:16] == (0).to_bytes(4, "little") + (12).to_bytes(4, "little")
    assert [b"abc\0" in value, b"defg" in value] == [True, True]


def test_an_element_has_an_even_length_in_both_encodings() -> None:
    assert len(encoded(0x00280301, b"CS", b"YES", implicit=False)) == 12
    assert len(encoded(0x00280301, b"CS", b"YES", implicit=True)) == 12
