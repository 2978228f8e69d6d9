"""A file out of which the face was taken says so, truthfully, and is otherwise what it was."""

from io import BytesIO

import pydicom
import pytest
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import STRICT, deidentify_instance
from confrere.core.deidentify.features import with_clean_features
from confrere.core.terms import Refused
from confrere.core.verify import verify_instance


def cleaned(syntax: str = made.EXPLICIT) -> bytes:
    return bytes(deidentify_instance(made.ct_file(syntax=syntax), keys=KEYS, profile=STRICT).content)


@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT])
def test_one_code_more_and_a_plain_no_are_all_that_changes(syntax: str) -> None:
    before = pydicom.dcmread(BytesIO(cleaned(syntax)))
    content = with_clean_features(cleaned(syntax))
    after = pydicom.dcmread(BytesIO(content))
    assert [one.CodeValue for one in after.DeidentificationMethodCodeSequence] == ["113100", "113107", "113102"]
    assert after.DeidentificationMethodCodeSequence[-1].CodeMeaning == "Clean Recognizable Visual Features Option"
    assert after.RecognizableVisualFeatures == "NO"
    changed = {element.tag for element in after if element.tag not in before or before[element.tag] != element}
    assert changed == {0x00120064, 0x00280302}
    assert {element.tag for element in before} <= {element.tag for element in after}
    assert after.file_meta == before.file_meta
    assert verify_instance(content, None) == ()


def test_saying_it_twice_says_it_once() -> None:
    once = with_clean_features(cleaned())
    assert with_clean_features(once) == once


def test_a_file_that_was_never_de_identified_cannot_say_it() -> None:
    with pytest.raises(Refused) as stop:
        with_clean_features(made.ct_file())
    assert stop.value.code == "missing-element"
