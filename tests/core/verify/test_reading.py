"""The harvest of an original: everything by default, whatever shape the file is in."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from confrere.core.deidentify import HEADERS, Keys, deidentify_instance
from confrere.core.terms import Broken
from confrere.core.verify import Harvest, Residual, harvest, residuals

Write = Callable[[Dataset], bytes]


def test_public_vocabulary_is_not_harvested(identified: Dataset, write: Write) -> None:
    known = harvest(write(identified))
    words = {word for _, word in (*known.words, *known.phrases, *known.context)}
    assert not words & {b"brain", b"hospital", b"standard", b"systems", b"head", b"ct"}
    assert not any(uid.startswith(b"1.2.840.10008.") for uid in known.uids)


def test_a_machine_s_word_in_free_text_is_not_harvested(identified: Dataset, write: Write) -> None:
    identified.ImageComments = "made with lightspeed"
    assert b"lightspeed" not in {word for _, word in harvest(write(identified)).phrases}


def test_a_name_in_a_machine_s_value_is_still_harvested(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.ManufacturerModelName = clean.ManufacturerModelName = "LightSpeed of Sharma"
    assert residuals(write(clean), harvest(write(identified)))


def test_an_unknown_attribute_is_harvested(identified: Dataset, clean: Dataset, write: Write) -> None:
    identified.add_new(0x00104002, "UN", b"Bhaskaran Pillai")
    clean.PatientComments = "bhaskaran pillai"
    assert residuals(write(clean), harvest(write(identified)))


def test_a_code_s_meaning_is_harvested_where_it_names_a_person(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    code = Dataset()
    code.CodeMeaning = "Dr Zainab Ansari"
    person = Dataset()
    person.PersonIdentificationCodeSequence = Sequence([code])
    identified.OperatorIdentificationSequence = Sequence([person])
    clean.PatientComments = "Zainab"
    assert residuals(write(clean), harvest(write(identified)))


def _code(scheme: str | None, meaning: str, version: str = "") -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodeMeaning = "A17", meaning
    if scheme is not None:
        code.CodingSchemeDesignator = scheme
    if version:
        code.CodingSchemeVersion = version
    return code


@pytest.mark.parametrize("scheme", ["99HOSPITAL", "L", "", None])
def test_a_private_code_s_meaning_is_harvested(
    scheme: str | None, identified: Dataset, clean: Dataset, write: Write
) -> None:
    identified.ProcedureCodeSequence = Sequence([_code("SCT", "Biopsy"), _code(scheme, "Zainab Ansari", "1.0")])
    known = harvest(write(identified))
    assert residuals(write(clean), known) == ()
    clean.ProcedureCodeSequence = Sequence([_code("SCT", "Zainab Ansari")])
    assert residuals(write(clean), known) == (Residual("text", "sequence", 0x00080104),)


def test_a_public_code_s_meaning_is_not(identified: Dataset, clean: Dataset, write: Write) -> None:
    codes = Sequence([_code("SCT", "Splenectomy", "2019"), _code("99HOSPITAL", "Zainab"), _code("DCM", "Portogram")])
    identified.ProcedureCodeSequence = codes
    clean.ProcedureCodeSequence = Sequence([codes[0], codes[2]])
    assert residuals(write(clean), harvest(write(identified))) == ()


SCRIPTS = ("शर्मा राजेश", "முருகன்", "অনন্যা", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "محمود خان", "王小东")


@pytest.mark.parametrize("vr", ["OB", "UN", "LO", "UT"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_other_scripts_in_private_elements_are_harvested(
    name: str, vr: str, identified: Dataset, clean: Dataset, write: Write
) -> None:
    codecs = ["utf-8", "gb18030"] if name == "王小东" else ["utf-8"]
    if vr in ("OB", "UN"):
        codecs += ["utf-16-le", "utf-16-be"]
    identified.SpecificCharacterSet = clean.SpecificCharacterSet = "ISO_IR 192"
    clean.ImageComments = f"for {name.split()[0]}"
    for codec in codecs:
        value = name.encode(codec)
        held = b"\x01\x02\0\0" + value + bytes(4) if vr in ("OB", "UN") else value
        raw = write(identified).replace(b"\x01\x02\x00tGuarantor = Lakshmi Pillai\x00\x00", bytes(32))
        element = b"\x29\x00\x11\x10" + vr.encode()
        held += b" " * (len(held) % 2)
        element += struct.pack("<H", len(held)) if vr == "LO" else struct.pack("<HI", 0, len(held))
        at = raw.index(b"\xe0\x7f\x10\x00OW")
        known = harvest(raw[:at] + element + held + raw[at:])
        assert residuals(write(clean), known) == (Residual("private", "top", 0x00204000),), codec


def test_samples_of_a_waveform_are_no_text_but_a_long_name_in_them_is(
    identified: Dataset, clean: Dataset, write: Write
) -> None:
    for dataset in (identified, clean):
        wave = Dataset()
        wave.add_new(0x54001010, "OW", b"Z\x7f2ndfPd \x01\x02~2pp22L\0" * 40)
        dataset.WaveformSequence = Sequence([wave])
    known = harvest(write(identified))
    assert residuals(write(clean), known) == ()
    clean.WaveformSequence[0].WaveformData += b"\0Rajesh Sharma\0"
    assert residuals(write(clean), known) == (Residual("name", "sequence", 0x54001010),)


def test_deep_sequences_are_harvested(identified: Dataset, clean: Dataset, write: Write) -> None:
    inner = Dataset()
    inner.PersonName = "Chatterjee^Ananya"
    for _ in range(5):
        outer = Dataset()
        outer.ContentSequence = Sequence([inner])
        inner = outer
    identified.ContentSequence = Sequence([inner])
    clean.PatientComments = "Ananya Chatterjee"
    assert residuals(write(clean), harvest(write(identified)))


def test_a_value_pydicom_cannot_decode_is_harvested_as_bytes(identified: Dataset, clean: Dataset, write: Write) -> None:
    raw = write(identified).replace(b"Sharma^Rajesh Kavina", b"\xff\xfe\x81Sharma^RajeshKav")
    clean.PatientComments = "rajeshkav"
    assert residuals(write(clean), harvest(raw))


def test_what_is_no_dicom_at_all_is_broken() -> None:
    for raw in (b"", b"%PDF-1.7 not a scan", b"DICM"):
        with pytest.raises(Broken):
            harvest(raw)


def test_a_nesting_beyond_reading_is_broken_and_quick(identified: Dataset, write: Write) -> None:
    item = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    for depth in (80, 400, 1200):
        with pytest.raises(Broken):
            harvest(bytes(128) + b"DICM" + item * depth + b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * depth)


def test_truncation_at_any_point_never_raises_but_broken(identified: Dataset, write: Write) -> None:
    raw = write(identified)
    for cut in range(132, len(raw), 37):
        try:
            assert isinstance(harvest(raw[:cut]), Harvest)
        except Broken as fault:
            assert not fault.retryable


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm"])
def test_what_the_engine_leaves_of_a_real_header_is_clean(name: str) -> None:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    original = Path(path).read_bytes()
    cleaned = deidentify_instance(original, keys=Keys(b"k" * 32, "test"), profile=HEADERS).content
    known = harvest(original)
    assert residuals(cleaned, known) == ()
    assert residuals(original, known)
