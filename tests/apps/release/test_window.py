"""The window is asked anew each time: what a member may see ends with the place, the account, the release, the day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from confrere.adapters.clock import now
from confrere.adapters.objects import ObjectMissing
from confrere.apps.accounts.actions.members import end_membership, join_audience, leave_audience
from confrere.apps.accounts.models import Member
from confrere.apps.cases.models import Case
from confrere.apps.release import window
from confrere.apps.release.actions.issue import end_releases
from confrere.apps.release.models import Release, ReleasedInstance
from confrere.core.terms import Broken

pytestmark = pytest.mark.database
STUDY, SERIES, SOP = "2.25.1000.90", "2.25.1000.91", "2.25.1000.2"


def open_for(member: Member, case: Case) -> bool:
    """Whether every question about the case is answered with pixels; all of them agree."""
    answers = {
        window.instance(member.id, STUDY, SERIES, SOP) is not None,
        len(window.series_of(member.id, STUDY, SERIES)) == 3,
        len(window.case_instances(member.id, case.id)) == 3,
        window.may_see_case(member.id, case.id),
    }
    assert len(answers) == 1
    return answers.pop()


def test_a_draft_is_open_to_its_author_alone(cast: SimpleNamespace, draft_case: Case) -> None:
    assert open_for(cast.alice, draft_case)
    for other in (cast.bob, cast.charlie, cast.dora):
        assert not open_for(other, draft_case)


def test_a_posted_case_is_open_to_its_room_and_nobody_else(cast: SimpleNamespace, posted_case: Case) -> None:
    for member in (cast.alice, cast.bob, cast.dora):
        assert open_for(member, posted_case)
    assert not open_for(cast.charlie, posted_case)


def test_who_joins_sees_and_who_leaves_sees_nothing_at_once(cast: SimpleNamespace, posted_case: Case) -> None:
    join_audience("dora", cast.room.audience_id, cast.charlie.id)
    assert open_for(cast.charlie, posted_case)
    leave_audience("dora", cast.room.audience_id, cast.charlie.id)
    assert not open_for(cast.charlie, posted_case)


def test_the_end_of_an_account_closes_the_window(cast: SimpleNamespace, posted_case: Case) -> None:
    end_membership("admin", cast.bob.id)
    assert not open_for(cast.bob, posted_case)


def test_an_account_that_is_switched_off_alone_closes_the_window(cast: SimpleNamespace, posted_case: Case) -> None:
    Member.objects.filter(id=cast.bob.id).update(is_active=False)
    assert not open_for(cast.bob, posted_case)


def test_revoking_closes_the_window_for_everyone(cast: SimpleNamespace, posted_case: Case) -> None:
    assert end_releases("alice", posted_case.id) == 2
    for member in (cast.alice, cast.bob, cast.dora):
        assert not open_for(member, posted_case)
    assert end_releases("alice", posted_case.id) == 0


def test_the_window_closes_at_the_moment_of_expiry(
    cast: SimpleNamespace, posted_case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = now() + timedelta(hours=1)
    Release.objects.filter(audience_id=cast.room.audience_id).update(expires_at=at)

    def clock(moment: datetime) -> None:
        monkeypatch.setattr(window, "now", lambda: moment)

    clock(at - timedelta(milliseconds=1))
    assert open_for(cast.bob, posted_case)
    clock(at)
    assert not open_for(cast.bob, posted_case)


def test_two_releases_show_an_instance_once(cast: SimpleNamespace, posted_case: Case) -> None:
    assert ReleasedInstance.objects.filter(sop_instance_uid=SOP).count() == 2
    assert len(window.case_instances(cast.alice.id, posted_case.id)) == 3


def test_one_release_revoked_leaves_the_other_open(cast: SimpleNamespace, posted_case: Case) -> None:
    Release.objects.filter(audience_id=cast.room.audience_id).update(state="revoked")
    assert open_for(cast.alice, posted_case)
    assert not open_for(cast.bob, posted_case)


@pytest.mark.parametrize(
    "uids",
    [
        ("2.25.1000.90", "2.25.1000.91", "2.25.1000.9"),
        ("2.25.1000.90", "2.25.1000.92", "2.25.1000.2"),
        ("2.25.1000.9", "2.25.1000.91", "2.25.1000.2"),
        ("", "", ""),
    ],
)
def test_every_uid_must_be_right(cast: SimpleNamespace, posted_case: Case, uids: tuple[str, str, str]) -> None:
    assert window.instance(cast.alice.id, *uids) is None
    assert window.series_of(cast.alice.id, uids[0], uids[1]) == [] or uids[:2] == (STUDY, SERIES)


def test_another_case_of_the_same_member_opens_nothing_here(
    cast: SimpleNamespace, draft_case: Case, another_draft: Callable[[Member], Case]
) -> None:
    other = another_draft(cast.bob)
    assert window.may_see_case(cast.bob.id, other.id)
    assert not window.may_see_case(cast.bob.id, draft_case.id)


def test_the_audiences_of_a_case_are_those_with_a_release_in_force(cast: SimpleNamespace, posted_case: Case) -> None:
    assert cast.room.audience_id in window.audiences_of_case(posted_case.id)
    assert len(window.audiences_of_case(posted_case.id)) == 2
    end_releases("alice", posted_case.id)
    assert window.audiences_of_case(posted_case.id) == []


def test_a_flipped_bit_at_rest_is_never_read(cast: SimpleNamespace, posted_case: Case) -> None:
    pane = window.instance(cast.bob.id, STUDY, SERIES, SOP)
    assert pane is not None
    assert window.read(pane)
    path = Path(settings.CONFIGURATION.home) / "objects" / pane.object_key
    sound = path.read_bytes()
    for place in (0, 200, len(sound) // 2, len(sound) - 1):
        broken = bytearray(sound)
        broken[place] ^= 1
        path.write_bytes(broken)
        with pytest.raises(Broken) as fault:
            window.read(pane)
        assert not fault.value.retryable
    path.write_bytes(sound)
    assert window.read(pane) == sound
    path.unlink()
    with pytest.raises(ObjectMissing):
        window.read(pane)


def test_a_long_series_is_asked_for_in_one_query(cast: SimpleNamespace, posted_case: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        window.series_of(cast.alice.id, STUDY, SERIES)
    assert len(asked) == 1
