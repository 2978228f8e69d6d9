"""The harvest of an original: everything by default, whatever shape the file is in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from confrere.core.deidentify import HEADERS, Keys, deidentify_instance
from confrere.core.terms import Broken
from confrere.core.verify import Harvest, harvest, residuals

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
