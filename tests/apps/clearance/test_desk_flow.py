"""From intake to room by way of a person: nothing whose pixels are in doubt goes on without her word."""

import io
import uuid

import numpy as np
import pytest
from pydicom import dcmread
from support.desk import BANNER, NAME, scan, stub_eyes  # noqa: F401  # fixture
from support.sending import clear, sent_and_cleared, series, zipped

from confrere.adapters.keybox import KeyBox
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.actions.approve import DeskError, Word, approve
from confrere.apps.clearance.actions.shred import discard_held
from confrere.apps.clearance.desk_reads import desk_of, sheet_key_of, waiting_of_case, waiting_of_intake
from confrere.apps.clearance.desk_store import desk_sheets, open_picture
from confrere.apps.clearance.models import Approval, DeviceMask, InstanceClearance, Proposal, SeriesClearance
from confrere.apps.clearance.reads import removed_from, verified_study
from confrere.apps.intake.models import Arrival, Intake, IntakeState
from confrere.apps.intake.quarantine import quarantine
from confrere.core.terms import Broken

pytestmark = [pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]
MASK = [[0, 0, BANNER.left, BANNER.top, BANNER.right, BANNER.bottom, "text", "white", 1.0]]


def words_for(member, intake: Intake, regions=None, kept=()) -> list[Word]:
    return [
        Word(one.proposal_id, one.regions if regions is None else regions, list(kept))
        for one in desk_of(member.id, intake.id)
    ]


def states() -> list[tuple[str, str]]:
    return sorted(SeriesClearance.objects.values_list("state", "reason_code"))


def output_of(row: InstanceClearance):
    return dcmread(io.BytesIO(quarantine()._store.get(row.object_key)))


def test_an_image_in_doubt_waits_for_a_person_and_goes_on_masked_with_her_word(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    assert (intake.state, states()) == (IntakeState.HELD, [("held", "text-in-pixels")])
    (asked,) = desk_of(cast.alice.id, intake.id)
    assert asked.regions == MASK
    assert not Case.objects.exists()
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    clear()
    assert states() == [("verified", "")]
    case = Case.objects.get()
    (instance,) = verified_study(case.id).instances
    cleaned = output_of(InstanceClearance.objects.get(sha256=instance.sha256))
    assert cleaned.BurnedInAnnotation == "NO"
    assert "113101" in [code.CodeValue for code in cleaned.DeidentificationMethodCodeSequence]
    assert not (cleaned.pixel_array[BANNER.top : BANNER.bottom, BANNER.left : BANNER.right]).any()
    assert cleaned.pixel_array[20, 30] == 20
    record = InstanceClearance.objects.get().record.content
    assert record["pixels"] == "masked"
    assert record["approval"] == {"regions": {"text": 1}, "kept": {}, "by": str(cast.alice.id), "rule": ""}
    intake.refresh_from_db()
    assert intake.state == IntakeState.ENDED
    summary = removed_from(case.id)
    assert (summary.looked_at, summary.masked) == (1, 1)


def test_a_draft_of_the_clean_series_grows_when_the_held_one_is_approved(cast) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2, study=900), us_of_study_900()])
    case = Case.objects.get()
    assert (intake.state, case.image_count) == (IntakeState.READY, 2)
    (waiting,) = waiting_of_case(case.id)
    assert (waiting.intake_id, waiting.images) == (intake.id, 1)
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    clear()
    case.refresh_from_db()
    assert (Case.objects.count(), case.image_count) == (1, 3)
    assert waiting_of_case(case.id) == []


def us_of_study_900() -> bytes:
    """An ultrasound of the very study that `series` makes."""
    one, other = dcmread(io.BytesIO(scan())), dcmread(io.BytesIO(series(1, study=900)[0]))
    one.StudyInstanceUID, one.PatientID = other.StudyInstanceUID, other.PatientID
    one.PatientName = other.PatientName
    if "IssuerOfPatientID" in other:
        one.IssuerOfPatientID = other.IssuerOfPatientID
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_what_is_approved_after_the_draft_was_posted_becomes_a_draft_of_its_own(cast) -> None:
    from confrere.apps.rooms.actions.rooms import Post, post_case

    intake = sent_and_cleared(cast.alice, [*series(2, study=900), us_of_study_900()])
    first = Case.objects.get()
    post_case(cast.alice, Post(first.id, cast.room.id, "Level of obstruction?"))
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    clear()
    second = Case.objects.get(state=CaseState.DRAFT)
    assert len(verified_study(first.id).instances) == 2
    assert len(verified_study(second.id).instances) == 1


def test_without_a_word_nothing_leaves_and_the_limit_shreds_sheet_and_original(cast, keys: KeyBox) -> None:
    intake = sent_and_cleared(cast.alice, [scan(1), scan(2)])
    for _ in range(3):
        clear()
    assert not InstanceClearance.objects.filter(outcome="clean").exists()
    (first, *_) = desk_of(cast.alice.id, intake.id)
    key = sheet_key_of(cast.alice.id, intake.id, first.proposal_id)
    assert open_picture(intake.id, key, 0)[:4] == b"RIFF"
    assert NAME.encode() not in desk_sheets()._store.get(key)
    discard_held(str(cast.alice.id), intake.id)
    clear()
    assert list(desk_sheets()._store.keys(f"desk/{intake.id}")) == []
    with pytest.raises(Broken):
        keys.desk_key(str(intake.id))
    assert desk_of(cast.alice.id, intake.id) == []


def test_a_series_goes_on_only_when_all_of_it_is_approved(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan(1), scan(2), scan(3)])
    words = words_for(cast.alice, intake)
    approve(cast.alice, intake.id, words[:1])
    clear()
    assert states() == [("held", "text-in-pixels")]
    assert not Case.objects.exists()
    assert waiting_of_intake(intake.id).images == 2
    approve(cast.alice, intake.id, words[1:])
    clear()
    assert states() == [("verified", "")]
    assert Case.objects.get().image_count == 3


def test_instances_of_one_archive_are_approved_one_by_one(cast) -> None:
    intake = sent_and_cleared(cast.alice, [zipped(scan(1), scan(2, series=2))])
    words = words_for(cast.alice, intake)
    assert len(words) == 2
    approve(cast.alice, intake.id, words[:1])
    clear()
    assert states() == [("held", "text-in-pixels"), ("verified", "")]
    approve(cast.alice, intake.id, words[1:])
    clear()
    assert states() == [("verified", ""), ("verified", "")]


def test_more_approved_while_the_work_is_done_is_not_lost(cast) -> None:
    from confrere.apps.clearance.actions.keep import keep_examined
    from confrere.apps.clearance.actions.plan import batches_due
    from confrere.apps.clearance.examine import examine_batch

    intake = sent_and_cleared(cast.alice, [zipped(scan(1), scan(2, series=2))])
    words = words_for(cast.alice, intake)
    approve(cast.alice, intake.id, words[:1])
    (batch,) = batches_due()
    found = examine_batch(batch)
    approve(cast.alice, intake.id, words[1:])
    keep_examined("conveyor", batch, found)
    assert Arrival.objects.filter(is_examined=False).count() == 1
    clear()
    assert states() == [("verified", ""), ("verified", "")]


def test_text_left_after_masking_sends_it_back_to_the_desk_and_a_persons_word_lets_it_stay(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    approve(cast.alice, intake.id, words_for(cast.alice, intake, regions=[]))
    clear()
    assert states() == [("held", "text-left-in-pixels")]
    (asked,) = desk_of(cast.alice.id, intake.id)
    assert asked.regions == MASK
    approve(cast.alice, intake.id, [Word(asked.proposal_id, [], asked.regions)])
    clear()
    assert states() == [("verified", "")]
    record = InstanceClearance.objects.get().record.content
    assert (record["pixels"], record["approval"]["kept"]) == ("identical", {"text": 1})
    assert Approval.objects.count() == 2


def test_a_remembered_mask_is_proposed_for_the_same_device_and_waits_for_a_word_all_the_same(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    approve(cast.alice, intake.id, words_for(cast.alice, intake), remember=True)
    clear()
    assert DeviceMask.objects.get().boxes == [[BANNER.left, BANNER.top, BANNER.right, BANNER.bottom]]
    assert "Echo" not in str(list(DeviceMask.objects.values()))
    same = sent_and_cleared(cast.bob, [scan(5, study=701, banner=None)])
    (asked,) = desk_of(cast.bob.id, same.id)
    assert (asked.has_device_mask, asked.reason.code) == (True, "pixels-need-a-person")
    assert [region[2:6] for region in asked.regions] == DeviceMask.objects.get().boxes
    other = sent_and_cleared(cast.bob, [scan(6, study=702, banner=None, model="Echo 10")])
    assert [one.has_device_mask for one in desk_of(cast.bob.id, other.id)] == [False]


def test_nobody_else_has_a_desk_or_a_word_there(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    words = words_for(cast.alice, intake)
    key = words[0].proposal_id
    for other in (cast.bob, cast.charlie, cast.dora):
        assert desk_of(other.id, intake.id) == []
        assert sheet_key_of(other.id, intake.id, key) is None
        with pytest.raises(Intake.DoesNotExist):
            approve(other, intake.id, words)
    mine = sent_and_cleared(cast.bob, [scan(study=705)])
    with pytest.raises(DeskError, match="does not wait"):
        approve(cast.bob, mine.id, words)
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        ([[0, 0, 0, 0, 49, 4, "text", "x", 1.0]], "outside"),
        ([[0, 0, 0, 0, 4, 33, "text", "x", 1.0]], "outside"),
        ([[0, 0, -1, 0, 4, 4, "text", "x", 1.0]], "outside"),
        ([[0, 0, 4, 4, 4, 8, "text", "x", 1.0]], "outside"),
        ([[0, 0, 0, 0, float("nan"), 4, "text", "x", 1.0]], "whole number"),
        ([[0, 0, 0, 0, 4.0, 4, "text", "x", 1.0]], "whole number"),
        ([[0, True, 0, 0, 4, 4, "text", "x", 1.0]], "whole number"),
        ([[0, 1, 0, 0, 4, 4, "text", "x", 1.0]], "frames"),
        ([[1, 0, 0, 0, 4, 4, "text", "x", 1.0]], "frames"),
        ([[0, 0, 0, 0, 4, 4, "cat", "x", 1.0]], "kind"),
        ([[0, 0, 0, 0, 4, 4, "text", "<b>", 1.0]], "kind"),
        ([[0, 0, 0, 0, 4, 4, "text", "x", float("nan")]], "certainty"),
        ([[0, 0, 0, 0, 4, 4]], "form"),
        ([{"left": 0}], "form"),
        ("all of it", "list"),
        ([[0, 0, 0, 0, 4, 4, "text", "x", 1.0]] * 5000, "more than"),
    ],
)
def test_boxes_that_no_picture_can_have_are_refused_with_a_sentence(cast, regions, words: str) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    with pytest.raises(DeskError, match=words):
        approve(cast.alice, intake.id, words_for(cast.alice, intake, regions=regions))
    assert not Approval.objects.exists()
    intake.refresh_from_db()
    assert intake.state == IntakeState.HELD


def test_a_word_said_twice_counts_once(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    words = words_for(cast.alice, intake)
    approve(cast.alice, intake.id, words)
    with pytest.raises(DeskError, match="does not wait"):
        approve(cast.alice, intake.id, words)
    with pytest.raises(DeskError, match="twice"):
        approve(cast.alice, intake.id, words * 2)
    with pytest.raises(DeskError, match="between"):
        approve(cast.alice, intake.id, [])
    with pytest.raises(DeskError, match="does not wait"):
        approve(cast.alice, intake.id, [Word(uuid.uuid4(), [], [])])


def test_who_approved_what_is_in_the_ledger_and_in_the_rows(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    lines = {line.event: line for line in LedgerEntry.objects.all()}
    said = lines["pixels.approved"]
    assert (said.actor, said.subject, said.detail["instances"]) == (str(cast.alice.id), str(intake.id), 1)
    assert lines["series.approved"].actor == lines["intake.resumed"].actor == str(cast.alice.id)
    word = Approval.objects.get()
    assert (word.member, word.regions) == (cast.alice, MASK)


def test_a_cine_shows_its_distinct_frames_and_one_picture_of_all(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan(frames=5)])
    (asked,) = desk_of(cast.alice.id, intake.id)
    assert (asked.frames, asked.pictures) == (5, [-1, 0, 1, 2, 3, 4])
    assert asked.regions[0][:2] == [0, 4]
    key = sheet_key_of(cast.alice.id, intake.id, asked.proposal_id)
    assert len({open_picture(intake.id, key, place) for place in range(6)}) == 5, "the last frame is the brightest"
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    clear()
    cleaned = output_of(InstanceClearance.objects.get())
    assert not cleaned.pixel_array[:, BANNER.top : BANNER.bottom, BANNER.left : BANNER.right].any()
    assert list(np.unique(cleaned.pixel_array[:, 20, 30])) == [20, 40, 60, 80, 100]


def test_rows_hold_no_identifier_and_no_word_of_the_header(cast) -> None:
    sent_and_cleared(cast.alice, [scan()])
    told = str([list(table.objects.values()) for table in (Proposal, Approval, InstanceClearance, LedgerEntry)])
    assert not [word for word in ("Zaveriwal", "Quirina", "UHIDQX", "Echo 9", "1.2.826.0.1.7") if word in told]
