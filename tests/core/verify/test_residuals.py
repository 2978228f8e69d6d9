"""Every kind of identifier is found in every place it can hide in, and a clean file gives no alarm."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, JPEG2000Lossless

from confrere.core.verify import Harvest, Residual, harvest, harvest_known, residuals, verify_instance

Write = Callable[[Dataset], bytes]

VALUES = {
    "name": "Sharma^Rajesh Kavina",
    "id": "UHID20190001234",
    "phone": "9876543210",
    "date": "1956-02-29",
    "uid": "1.2.356.9999.1.20240229.77.123456",
    "text": "Meenakshi",
    "private": "tGuarantor = Lakshmi Pillai",
}


def _even(raw: bytes) -> bytes:
    return raw + b" " * (len(raw) % 2)


def _top(dataset: Dataset, text: str) -> None:
    dataset.ImageComments = f"see {text} again"


def _sequence(dataset: Dataset, text: str) -> None:
    item = Dataset()
    item.TextValue = text
    dataset.AcquisitionContextSequence = Sequence([item])


def _private(dataset: Dataset, text: str) -> None:
    dataset.private_block(0x0043, "GEMS_PARM_01", create=True).add_new(0x10, "OB", _even(b"\x07\x01" + text.encode()))


def _utf16(dataset: Dataset, text: str) -> None:
    block = dataset.private_block(0x0043, "GEMS_PARM_01", create=True)
    block.add_new(0x10, "OB", b"\x07\x01" + text.encode("utf-16-le"))


def _file_meta(dataset: Dataset, text: str) -> None:
    dataset.file_meta.PrivateInformationCreatorUID = UID("1.2.3")
    dataset.file_meta.PrivateInformation = _even(text.encode())


def _preamble(dataset: Dataset, text: str) -> None:
    dataset.preamble = (text.encode() + bytes(128))[:128]


def _padding(dataset: Dataset, text: str) -> None:
    dataset.add_new(0xFFFCFFFC, "OB", _even(text.encode()) + bytes(16))


def _overlay(dataset: Dataset, text: str) -> None:
    dataset.add_new(0x60024000, "LT", text)


def _pixel_tail(dataset: Dataset, text: str) -> None:
    dataset.PixelData = dataset.PixelData + _even(b"\x00\x00" + text.encode())


PLACES: dict[str, Callable[[Dataset, str], None]] = {
    "top": _top,
    "sequence": _sequence,
    "private": _private,
    "file_meta": _file_meta,
    "preamble": _preamble,
    "padding": _padding,
    "overlay": _overlay,
    "pixel_tail": _pixel_tail,
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("place", PLACES)
def test_each_kind_is_found_in_each_place(
    place: str, kind: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    PLACES[place](clean, VALUES[kind])
    found = residuals(write(clean), harvest(write(identified)))
    assert (kind, place) in {(one.kind, one.place) for one in found}


@pytest.mark.parametrize("kind", VALUES)
def test_each_kind_is_found_after_the_last_element(
    kind: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    found = residuals(write(clean) + VALUES[kind].encode(), harvest(write(identified)))
    assert (kind, "trailing") in {(one.kind, one.place) for one in found}


@pytest.mark.parametrize("kind", VALUES)
def test_each_kind_is_found_as_utf_16(kind: str, identified: Dataset, clean: Dataset, write: Write) -> None:
    _utf16(clean, VALUES[kind])
    assert kind in {one.kind for one in residuals(write(clean), harvest(write(identified)))}


@pytest.mark.parametrize(
    "spelling",
    [
        "SHARMA^RAJESH KAVINA",
        "sharma rajesh kavina",
        "Rajesh Kavina Sharma",
        "Kavina, Rajesh",
        "Rajesh_Sharma",
        "RajeshSharma01",
        "RKSharma",
        "for r.k.sharma",
        "29.02.56",
        "SHARMA",
        "Dr. Rao",
        "patient 1956 02 29",
        "29/02/1956",
        "29-02-1956",
        "29.02.1956",
        "02/29/1956",
        "29 Feb 1956",
        "29-FEB-1956",
        "February 29, 1956",
        "29021956",
        "19560229101530",
        "098765-43210",
        "+919876543210",
        "98765 43210",
        "uhid 2019 0001234",
        "a4711",
        "Venkatesh",
        "HARJIT",
    ],
)
def test_a_value_is_found_in_other_spellings(spelling: str, identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.ImageComments = spelling
    assert residuals(write(clean), harvest(write(identified)))


def test_a_clean_file_gives_none(identified: Dataset, clean: Dataset, write: Write) -> None:
    assert residuals(write(clean), harvest(write(identified))) == ()


def test_the_original_itself_is_full_of_residuals(identified: Dataset, write: Write) -> None:
    raw = write(identified)
    kinds = {one.kind for one in residuals(raw, harvest(raw))}
    assert kinds >= {"name", "id", "phone", "date", "uid", "text", "private"}


@pytest.mark.parametrize(
    ("name", "encoding"), [("शर्मा^राजेश", "utf-8"), ("王^小东", "gb18030"), ("Müller^Jörg", "latin-1")]
)
def test_names_in_other_scripts_are_found(
    name: str, encoding: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    identified.SpecificCharacterSet = {"utf-8": "ISO_IR 192", "gb18030": "GB18030", "latin-1": "ISO_IR 100"}[encoding]
    identified.PatientName = f"Wang^XiaoDong={name}" if encoding != "latin-1" else name
    known = harvest(write(identified))
    for codec in (encoding, "utf-8", "utf-16-le"):
        _private(clean, "")
        clean[0x00431010].value = _even(b"\x01\x02" + name.replace("^", " ").encode(codec))
        assert "name" in {one.kind for one in residuals(write(clean), known)}, codec


def test_text_after_the_codestream_is_found(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.file_meta.TransferSyntaxUID = JPEG2000Lossless
    noise = bytes((i * i * 7 + i) % 251 for i in range(4000))
    clean.PixelData = encapsulate([noise])
    clean["PixelData"].VR = "OB"
    assert residuals(write(clean), harvest(write(identified))) == ()
    clean.PixelData = encapsulate([noise + b"Rajesh Sharma\0"])
    assert residuals(write(clean), harvest(write(identified))) == (Residual("name", "pixel_tail", 0x7FE00010),)


def test_the_picture_itself_is_not_searched(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.PixelData = (b"Sharma^Rajesh Kavina" * 7)[:128]
    assert residuals(write(clean), harvest(write(identified))) == ()


def test_an_unshifted_date_is_a_residual(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.SeriesDate = identified.SeriesDate
    assert residuals(write(clean), harvest(write(identified))) == (Residual("date", "top", 0x00080021),)


def test_a_date_that_the_shift_moves_onto_another_original_is_none(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    clean.StudyDate, clean.SeriesDate = "20240117", "20240119"
    assert residuals(write(clean), harvest(write(identified))) == ()


def test_two_dates_that_changed_places_are_residuals(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.StudyDate, clean.SeriesDate = identified.SeriesDate, identified.StudyDate
    assert Residual("date", "top", 0x00080020) in residuals(write(clean), harvest(write(identified)))


def test_a_birth_date_put_elsewhere_is_a_residual(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.ContentDate = identified.PatientBirthDate
    assert residuals(write(clean), harvest(write(identified))) == (Residual("date", "top", 0x00080023),)


def test_a_two_letter_name_counts_in_text_only(identified: Dataset, clean: Dataset, write: Write) -> None:
    known = harvest(write(identified))
    clean.ScanOptions = "OM"
    assert residuals(write(clean), known) == ()
    clean.PerformingPhysicianName = "OM"
    assert residuals(write(clean), known) == (Residual("name", "top", 0x00081050),)


def test_a_file_that_breaks_off_is_searched_to_its_end(identified: Dataset, clean: Dataset, write: Write) -> None:
    raw = write(clean)
    at = raw.index(b"LightSpeed")
    broken = raw[:at] + b"Sharma^Rajesh"
    assert {one.kind for one in residuals(broken, harvest(write(identified)))} >= {"name"}


def test_a_deflated_file_is_searched_inflated(identified: Dataset, clean: Dataset, write: Write) -> None:
    clean.ImageComments = "for Rajesh Sharma"
    clean.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert {one.place for one in residuals(write(clean), harvest(write(identified)))} == {"top"}


def test_formats_are_found_without_an_original(clean: Dataset, write: Write) -> None:
    clean.ImageComments = "write to meena.k@example.in"
    assert verify_instance(write(clean), None) == (Residual("email", "top", 0x00204000),)
    assert verify_instance(write(clean), Harvest()) == verify_instance(write(clean), None)


def test_numbers_and_uids_never_look_like_formats(clean: Dataset, write: Write) -> None:
    clean.ImagePositionPatient = ["9876543210", "-9876543210", "234123412346"]
    clean.FrameOfReferenceUID = "2.25.987654321012345678901234567890"
    clean.ImagerPixelSpacing = ["9876543210", "9876543210"]
    assert verify_instance(write(clean), None) == ()


def test_listed_values_are_found(clean: Dataset, write: Write) -> None:
    known = harvest_known(["Gurpreet Singh", "", "MR-55012", "02/03/1961", "1.2.356.1.2.3.4"])
    for text in ("SINGH^GURPREET", "mr55012", "19610302", "1.2.356.1.2.3.4"):
        clean.ImageComments = text
        assert verify_instance(write(clean), known), text


def test_no_residual_and_no_harvest_shows_a_value(identified: Dataset, write: Write) -> None:
    raw = write(identified)
    known = harvest(raw)
    shown = (repr(known) + repr(residuals(raw, known)) + str(known)).lower()
    for value in ("sharma", "rajesh", "uhid2019", "98765", "19560229", "meenakshi", "9999.1"):
        assert value not in shown


def test_a_bare_run_of_hexadecimal_is_no_name(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.PatientName = "Abed^Fade"
    assert residuals(write(clean), harvest(write(identified))) == ()


def test_the_verifier_is_blind_to_the_engine() -> None:
    code = (
        "import sys, confrere.core.verify;"
        "print([m for m in sys.modules if m.startswith(('confrere.core.deidentify', 'confrere.core.dicom'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_series_shares_one_harvest(identified: Dataset, clean: Dataset, write: Write) -> None:
    first: Any = harvest(write(identified))
    identified.AccessionNumber = "B8812"
    both = first.merge(harvest(write(identified)))
    for number in ("A4711", "B8812"):
        clean.ImageComments = number
        assert residuals(write(clean), both), number


def test_an_identifier_in_its_own_attribute_is_found_without_knowing_the_patient(clean: Dataset, write: Write) -> None:
    assert verify_instance(write(clean), None) == ()
    clean.PatientID = "123565"
    clean.AccessionNumber = "LOOKSLIKEATOKENA"
    assert verify_instance(write(clean), None) == (
        Residual("id", "top", 0x00080050),
        Residual("id", "top", 0x00100020),
    )


@pytest.mark.parametrize("kept", ["1.2.356.9999.1.20240229.77.123456.3", "1.2.356.9999.1.20240229.77.123456"])
def test_a_uid_kept_with_or_without_a_suffix_is_found(
    kept: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    clean.FrameOfReferenceUID = kept
    assert residuals(write(clean), harvest(write(identified))) == (Residual("uid", "top", 0x00200052),)


@pytest.mark.filterwarnings("ignore:Invalid value for VR DT")
@pytest.mark.parametrize("zone", ["", "+0530", ".123456+0530", "-0800"])
def test_a_date_with_time_and_zone_is_found_unless_it_moved(
    zone: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    identified.AcquisitionDateTime = f"20240116081500{zone}"
    known = harvest(write(identified))
    clean.AcquisitionDateTime = f"20240425081500{zone}"
    assert residuals(write(clean), known) == ()
    for kept in (f"20240116081500{zone}", f"20240116{zone}"):
        clean.AcquisitionDateTime = kept
        assert residuals(write(clean), known) == (Residual("date", "top", 0x0008002A),)


def test_an_age_is_no_residual(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.PatientAge = clean.PatientAge = "068Y"
    assert residuals(write(clean), harvest(write(identified))) == ()
