"""A release names bytes, audience and purpose for good; it is issued once and ends once."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import get_type_hints

import pytest

from confrere.adapters.clock import now
from confrere.apps.accounts.actions.members import form_audience
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions.gate import Ask, pass_gate
from confrere.apps.clearance.cleared import ClearedStudy
from confrere.apps.clearance.face_free import study_for_others
from confrere.apps.release.actions.issue import end_releases, expire_releases, issue_release, supersede_releases
from confrere.apps.release.models import Release, ReleasedInstance, ReleaseState
from confrere.apps.release.reads import drafts_without_release
from confrere.core.lifecycle import IllegalMove

pytestmark = pytest.mark.database


@pytest.fixture
def cleared(cast: SimpleNamespace, draft_case: Case) -> ClearedStudy:
    return pass_gate("alice", Ask(study_for_others(draft_case.id), cast.alice, cast.room.audience_id, "discuss"))


def test_a_release_names_the_bytes_the_gate_let_through(cleared: ClearedStudy, cast: SimpleNamespace) -> None:
    release = Release.objects.get(id=issue_release("alice", cleared))
    assert (release.case_id, release.audience_id) == (cleared.study.case_id, cast.room.audience_id)
    assert (release.purpose, release.state, release.issued_by) == ("discuss", ReleaseState.IN_FORCE, "alice")
    assert release.decision == cleared.decision
    named = ReleasedInstance.objects.filter(release=release).order_by("id")
    assert [(row.sop_instance_uid, row.sha256, row.object_key) for row in named] == [
        (one.sop_instance_uid, one.sha256, one.object_key) for one in cleared.study.instances
    ]


def test_issuing_writes_a_ledger_line_of_our_own_identifiers(cleared: ClearedStudy) -> None:
    release_id = issue_release("alice", cleared)
    line = LedgerEntry.objects.get(subject=str(release_id))
    assert (line.event, line.actor) == ("release.issued", "alice")
    assert line.detail["instances"] == 3
    assert line.detail["case"] == str(cleared.study.case_id)


def test_issuing_twice_issues_once(cleared: ClearedStudy) -> None:
    first = issue_release("alice", cleared)
    lines = LedgerEntry.objects.count()
    assert issue_release("alice", cleared) == first
    assert LedgerEntry.objects.count() == lines


def test_another_audience_or_purpose_is_another_release(cleared: ClearedStudy, cast: SimpleNamespace) -> None:
    one = issue_release("alice", cleared)
    elsewhere = form_audience("test", cast.here, [cast.dora])
    two = issue_release("alice", replace(cleared, audience_id=elsewhere.id))
    three = issue_release("alice", replace(cleared, purpose="consult"))
    assert len({one, two, three}) == 3


def test_a_release_that_has_run_out_does_not_stand_for_a_new_one(cleared: ClearedStudy) -> None:
    old = issue_release("alice", cleared, expires_at=now() - timedelta(seconds=1))
    assert issue_release("alice", cleared) != old


def test_a_revoked_release_stays_revoked_and_a_new_one_is_its_own(cleared: ClearedStudy) -> None:
    old = issue_release("alice", cleared)
    end_releases("alice", cleared.study.case_id)
    new = issue_release("alice", cleared)
    assert new != old
    assert Release.objects.get(id=old).state == ReleaseState.REVOKED


def test_revoking_ends_every_release_of_the_case_with_a_line_each(cleared: ClearedStudy) -> None:
    issue_release("alice", cleared)
    assert end_releases("alice", cleared.study.case_id) == 2
    assert LedgerEntry.objects.filter(event="release.revoked", actor="alice").count() == 2
    assert set(Release.objects.values_list("state", flat=True)) == {ReleaseState.REVOKED}


def test_a_release_ends_only_as_its_table_says(cleared: ClearedStudy) -> None:
    issue_release("alice", cleared)
    with pytest.raises(IllegalMove):
        end_releases("alice", cleared.study.case_id, "withdraw")
    assert set(Release.objects.values_list("state", flat=True)) == {ReleaseState.IN_FORCE}


def test_only_what_passed_the_gate_can_be_released(cleared: ClearedStudy) -> None:
    assert get_type_hints(issue_release)["cleared"] is ClearedStudy
    with pytest.raises(AttributeError):
        issue_release("alice", cleared.study)


def test_a_release_that_fails_halfway_leaves_nothing(cleared: ClearedStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_told: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("confrere.apps.release.actions.issue.record", fault)
    before = Release.objects.count()
    with pytest.raises(ZeroDivisionError):
        issue_release("alice", cleared)
    assert Release.objects.count() == before


def test_a_draft_its_author_cannot_see_yet_is_found(cast: SimpleNamespace, draft_case: Case) -> None:
    assert drafts_without_release() == []
    Release.objects.all().delete()
    assert drafts_without_release() == [draft_case.id]


def test_a_draft_that_has_grown_since_its_release_is_found(cast: SimpleNamespace, draft_case: Case) -> None:
    Case.objects.filter(id=draft_case.id).update(active_at=now())
    assert drafts_without_release() == [draft_case.id]


def test_a_release_that_names_more_takes_the_place_of_those_before_it(cleared: ClearedStudy) -> None:
    newest = issue_release("alice", cleared)
    older = set(Release.objects.filter(case_id=cleared.study.case_id, state=ReleaseState.IN_FORCE)) - {
        Release.objects.get(id=newest)
    }
    assert supersede_releases("conveyor", cleared.study.case_id, by=newest) == len(older) > 0
    assert supersede_releases("conveyor", cleared.study.case_id, by=newest) == 0
    standing = Release.objects.filter(case_id=cleared.study.case_id, state=ReleaseState.IN_FORCE)
    assert [one.id for one in standing] == [newest]
    assert LedgerEntry.objects.filter(event="release.superseded").count() == len(older)


def test_a_release_whose_time_has_passed_becomes_expired_once(cleared: ClearedStudy) -> None:
    ending = issue_release("alice", cleared, expires_at=now() + timedelta(hours=1))
    assert expire_releases("conveyor") == 0
    Release.objects.filter(id=ending).update(expires_at=now() - timedelta(seconds=1))
    assert expire_releases("conveyor") == 1
    assert expire_releases("conveyor") == 0
    assert Release.objects.get(id=ending).state == ReleaseState.EXPIRED
    assert LedgerEntry.objects.filter(event="release.expired", subject=str(ending)).count() == 1
