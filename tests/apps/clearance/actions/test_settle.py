"""Studies and series are judged as wholes, and what is clean becomes a draft of the one who sent it."""

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace

import pytest
from pydicom.dataset import Dataset
from support.desk import stub_eyes  # noqa: F401  # fixture
from support.sending import One, file_of, sent_and_cleared, series, too_deep, ultrasound, with_text, zipped
from support.studies import Planted, ct_series

from confrere.apps.accounts.models import Notice
from confrere.apps.cases.models import Case, CaseState
from confrere.apps.clearance.actions.settle import settle_intake
from confrere.apps.clearance.models import InstanceClearance, SeriesClearance, StudyClearance
from confrere.apps.clearance.reads import series_of_case, verified_study
from confrere.apps.intake.models import Door, Intake, IntakeState
from confrere.apps.release import window
from confrere.apps.release.models import Release

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]


def ends() -> list[tuple[str, str]]:
    return list(InstanceClearance.objects.order_by("id").values_list("outcome", "reason_code"))


def states() -> set[tuple[str, str, str]]:
    return set(SeriesClearance.objects.values_list("modality", "state", "reason_code"))


def as_bytes(dataset: Dataset) -> bytes:
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_a_real_study_becomes_a_draft_released_to_its_author_alone(cast: SimpleNamespace) -> None:
    planted = Planted()
    intake = sent_and_cleared(cast.alice, [as_bytes(ds) for ds in ct_series(planted, 3)], Door.DICOM_NODE)
    assert intake.state == IntakeState.ENDED
    case = Case.objects.get()
    assert (case.author_id, case.state, case.source, case.image_count) == (cast.alice.id, "draft", "workstation", 3)
    assert (case.modality, case.region, case.age_band, case.sex) == ("CT", "Head", "60–69", "F")  # noqa: RUF001
    assert [pane.facts["instance_number"] for pane in window.case_instances(cast.alice.id, case.id)] == [1, 2, 3]
    for other in (cast.bob, cast.charlie, cast.dora):
        assert not window.may_see_case(other.id, case.id)
    for pane in window.case_instances(cast.alice.id, case.id):
        content = window.read(pane)
        assert not [canary for canary in planted.canaries() if canary in content]


def test_the_key_image_is_the_middle_one_by_number_whatever_came_first(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, list(reversed(series(5))))
    key_image = Case.objects.get().key_image
    third = InstanceClearance.objects.get(facts__instance_number=3)
    assert (key_image["sop"], key_image["series"]) == (third.sop_instance_uid, third.series_instance_uid)


def test_the_sender_is_told_of_the_draft(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(1))
    notice = Notice.objects.get()
    assert (notice.kind, notice.member_id, notice.subject) == ("draft", cast.alice.id, str(Case.objects.get().id))


def test_the_sender_is_told_when_nothing_became_a_draft(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [b"no DICOM at all"])
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject) == ("intake", str(intake.id))


def test_settling_twice_changes_nothing(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, series(2))
    assert settle_intake("conveyor", intake.id) == []
    assert Case.objects.count() == 1
    assert StudyClearance.objects.count() == 1


def test_two_studies_in_one_intake_are_two_drafts(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, [*series(2), *series(2, study=800)])
    assert Case.objects.count() == 2
    assert sorted(Case.objects.values_list("image_count", flat=True)) == [2, 2]
    assert Release.objects.count() == 2


def test_two_patients_in_one_study_are_held(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2), file_of(One(place=3, patient="UHIDOTHER88"))])
    assert intake.state == IntakeState.HELD
    assert intake.reason_code == "more-than-one-patient"
    assert set(ends()) == {("held", "more-than-one-patient")}
    assert not Case.objects.exists()
    assert intake.shredded_at is None


def test_two_patients_in_two_studies_are_two_drafts(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, [*series(1), file_of(One(study=800, patient="UHIDOTHER88"))])
    assert StudyClearance.objects.values("patient_token").distinct().count() == 2
    assert Case.objects.count() == 2


def test_a_patient_has_the_same_token_in_every_intake(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(1))
    sent_and_cleared(cast.bob, series(1, study=800))
    sent_and_cleared(cast.charlie, series(1))
    here, there = [
        set(StudyClearance.objects.filter(intake__institution=where).values_list("patient_token", flat=True))
        for where in (cast.here, cast.elsewhere)
    ]
    assert len(here) == len(there) == 1
    assert here != there


def test_the_same_uid_with_other_pixels_is_held_and_the_first_stays(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(1))
    case = Case.objects.get()
    (pane,) = window.case_instances(cast.alice.id, case.id)
    before = window.read(pane)
    second = sent_and_cleared(cast.bob, series(1, shade=1))
    assert (second.state, second.reason_code) == (IntakeState.HELD, "uid-conflict")
    assert ends() == [("clean", "ok"), ("held", "uid-conflict")]
    assert [window.read(one) for one in window.case_instances(cast.alice.id, case.id)] == [before]


def test_the_same_uid_with_other_pixels_in_one_intake_holds_the_series(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2), file_of(One(place=1, shade=1))])
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "uid-conflict")
    assert ends() == [("clean", "ok"), ("clean", "ok"), ("held", "uid-conflict")]
    assert not Case.objects.exists()


def test_another_institution_may_have_the_same_uid(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(1))
    assert sent_and_cleared(cast.charlie, series(1, shade=1)).state == IntakeState.ENDED


def test_the_same_instance_sent_many_times_is_there_once(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(2) * 5)
    case = Case.objects.get()
    assert len(verified_study(case.id).instances) == 2
    assert len(window.case_instances(cast.alice.id, case.id)) == 2
    assert case.image_count == 2
    assert [one.images for one in series_of_case(case.id)] == [2]


def test_a_study_that_comes_in_parts_is_one_draft_and_its_author_sees_all_of_it(cast: SimpleNamespace) -> None:
    whole = series(6)
    for part in (whole[:2], whole[2:5], whole[5:]):
        sent_and_cleared(cast.alice, part, Door.DICOM_NODE)
    case = Case.objects.get()
    assert case.image_count == len(window.case_instances(cast.alice.id, case.id)) == 6
    assert [one.images for one in series_of_case(case.id)] == [6]
    assert Release.objects.filter(case=case, state="in_force").count() == 1
    assert Notice.objects.filter(member=cast.alice, kind="draft").count() == 3


def test_a_part_with_something_to_hold_leaves_the_rest_of_the_draft_as_it_is(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(2))
    sent_and_cleared(cast.alice, [with_text()])
    case = Case.objects.get()
    assert len(window.case_instances(cast.alice.id, case.id)) == 2


def test_the_same_study_of_another_member_is_a_draft_of_their_own(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(2))
    sent_and_cleared(cast.bob, series(2))
    assert {case.author_id for case in Case.objects.all()} == {cast.alice.id, cast.bob.id}


def test_a_study_sent_again_after_it_was_discarded_is_a_new_draft_of_the_same_bytes(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, series(2))
    first = Case.objects.get()
    before = [pane.sha256 for pane in window.case_instances(cast.alice.id, first.id)]
    Case.objects.update(state=CaseState.DISCARDED)
    sent_and_cleared(cast.alice, series(2))
    second = Case.objects.get(state=CaseState.DRAFT)
    assert [pane.sha256 for pane in window.case_instances(cast.alice.id, second.id)] == before


@pytest.mark.parametrize("other", [with_text, ultrasound])
def test_a_series_whose_pixels_may_carry_text_is_held_while_the_rest_is_released(
    cast: SimpleNamespace, other: Callable[[], bytes]
) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2), other()])
    assert (intake.state, intake.reason_code) == (IntakeState.READY, "pixels-need-a-person")
    assert {(state, reason) for _, state, reason in states()} == {("verified", ""), ("held", "pixels-need-a-person")}
    case = Case.objects.get()
    assert len(window.case_instances(cast.alice.id, case.id)) == 2
    assert [one.reason.code for one in series_of_case(case.id) if one.reason] == ["pixels-need-a-person"]
    # What is held may still go on, so its original stays until the limit.
    assert intake.shredded_at is None


def test_an_intake_of_ultrasound_alone_is_held(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [ultrasound()])
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "pixels-need-a-person")
    assert not Case.objects.exists()
    assert not InstanceClearance.objects.exclude(object_key="").exists()


def test_what_is_no_dicom_is_refused_and_nothing_of_it_stays(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [b"\0\1\2 neither picture nor text"])
    assert (intake.state, intake.reason_code) == (IntakeState.ENDED, "not-dicom")
    assert intake.shredded_at is not None


def test_a_refused_file_beside_a_study_does_not_stop_the_study(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [*series(2), b"a note from the ward"])
    assert intake.state == IntakeState.ENDED
    assert Case.objects.get().image_count == 2


def test_a_zip_gives_the_same_draft_as_its_files(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, [zipped(*series(3))])
    sent_and_cleared(cast.bob, series(3))
    one, two = Case.objects.order_by("created_at")
    assert one.image_count == two.image_count == 3
    assert [one.sha256 for one in verified_study(one.id).instances] == [
        one.sha256 for one in verified_study(two.id).instances
    ]


def test_a_bad_file_in_a_zip_does_not_stop_the_others(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.alice, [zipped(*series(2), too_deep()), b""])
    assert sorted(ends()) == [("clean", "ok")] * 2 + [("refused", "empty-file"), ("refused", "nesting-too-deep")]


def test_without_a_patient_id_there_is_no_token_and_the_study_is_held(cast: SimpleNamespace) -> None:
    intake = sent_and_cleared(cast.alice, [file_of(One(changes={0x00100020: None}))])
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "patient-unknown")
    assert not Case.objects.exists()


def test_a_draft_never_names_what_the_author_did_not_send(cast: SimpleNamespace) -> None:
    sent_and_cleared(cast.bob, series(2))
    sent_and_cleared(cast.alice, series(2, study=800))
    mine = Case.objects.get(author=cast.alice)
    assert mine.state == CaseState.DRAFT
    assert {one.study_instance_uid for one in verified_study(mine.id).instances} == {
        StudyClearance.objects.get(case=mine).study_instance_uid
    }
    assert Intake.objects.count() == 2
