"""Photographs on the same road: a person approves, and what goes on is a new DICOM file of approved pixels."""

import io

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from support.desk import stub_eyes  # noqa: F401  # fixture
from support.sending import clear, sent_and_cleared, zipped

from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions.approve import Word, approve
from confrere.apps.clearance.desk_reads import desk_of
from confrere.apps.clearance.models import InstanceClearance
from confrere.apps.clearance.reads import verified_study
from confrere.apps.intake.models import IntakeState
from confrere.apps.intake.quarantine import quarantine

pytestmark = [pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]


def photograph(form: str = "PNG", shade: int = 90) -> bytes:
    pixels = np.full((64, 96, 3), shade, np.uint8) + (np.arange(96, dtype=np.uint8) % 32)[:, None]
    pixels[8:20, 16:72] = 255
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, quality=95)
    return out.getvalue()


def approve_all(member, intake) -> None:
    approve(member, intake.id, [Word(one.proposal_id, one.regions, []) for one in desk_of(member.id, intake.id)])


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_photograph_waits_at_the_desk_and_goes_on_as_a_new_file_of_approved_pixels(cast, form: str) -> None:
    intake = sent_and_cleared(cast.alice, [photograph(form)])
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "photograph-needs-person")
    (asked,) = desk_of(cast.alice.id, intake.id)
    assert asked.regions[0][2:6] == [16, 8, 72, 20]
    approve_all(cast.alice, intake)
    clear()
    row = InstanceClearance.objects.get()
    assert row.outcome == "clean"
    cleaned = dcmread(io.BytesIO(quarantine()._store.get(row.object_key)))
    assert cleaned.Modality == "XC"
    assert cleaned.pixel_array[9:19, 17:71].max() < 40
    assert row.record.content["approval"]["by"] == str(cast.alice.id)
    assert Case.objects.get().modality == "XC"


def test_the_photographs_of_a_zip_are_one_draft(cast) -> None:
    intake = sent_and_cleared(cast.alice, [zipped(photograph(), photograph(shade=120))])
    assert len(desk_of(cast.alice.id, intake.id)) == 2
    approve_all(cast.alice, intake)
    clear()
    assert len(verified_study(Case.objects.get().id).instances) == 2


def test_a_file_that_is_no_picture_after_all_is_refused(cast) -> None:
    intake = sent_and_cleared(cast.alice, [photograph()[:60]])
    assert intake.state == IntakeState.ENDED
    assert InstanceClearance.objects.get().outcome == "refused"


@pytest.mark.parametrize("content", [b"%PDF-1.7" + bytes(100), b"\x1f\x8b" + bytes(100)])
def test_a_document_that_cannot_be_read_is_refused(cast, content: bytes) -> None:
    sent_and_cleared(cast.alice, [content])
    row = InstanceClearance.objects.get()
    assert (row.outcome, row.reason_code) in {("refused", "bad-volume"), ("refused", "bad-document")}
