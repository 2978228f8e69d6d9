"""A notice tells open pages that something changed, to those who may know it at that moment."""

from types import SimpleNamespace

import pytest

from confrere.apps.accounts.actions.members import end_membership, join_audience, leave_audience
from confrere.apps.accounts.actions.notices import tell_audience, tell_member
from confrere.apps.accounts.models import Notice
from confrere.apps.accounts.reads import newest_notice, notices_after

pytestmark = pytest.mark.database


def ids(*members: object) -> frozenset[str]:
    return frozenset(str(member.id) for member in members)


def test_a_notice_for_a_member_reaches_that_member_alone(cast: SimpleNamespace) -> None:
    tell_member(cast.alice.id, "draft", "a-case")
    (notice,) = notices_after(0)
    assert (notice.kind, notice.subject, notice.recipients) == ("draft", "a-case", ids(cast.alice))


def test_a_notice_for_an_audience_reaches_who_stands_in_it_when_it_is_read(cast: SimpleNamespace) -> None:
    tell_audience(cast.room.audience_id, "case", "a-case")
    leave_audience("bob", cast.room.audience_id, cast.bob.id)
    join_audience("dora", cast.room.audience_id, cast.charlie.id)
    (notice,) = notices_after(0)
    assert notice.recipients == ids(cast.alice, cast.dora, cast.charlie)


def test_who_has_left_the_institution_hears_nothing(cast: SimpleNamespace) -> None:
    tell_audience(cast.room.audience_id, "case", "a-case")
    end_membership("admin", cast.bob.id)
    assert notices_after(0)[0].recipients == ids(cast.alice, cast.dora)


def test_notices_come_in_order_and_each_once(cast: SimpleNamespace) -> None:
    assert newest_notice() == 0
    for number in range(3):
        tell_member(cast.alice.id, "draft", f"case{number}")
    first = notices_after(0)
    assert [notice.subject for notice in first] == ["case0", "case1", "case2"]
    assert [notice.subject for notice in notices_after(first[0].id)] == ["case1", "case2"]
    assert notices_after(newest_notice()) == []


def test_a_long_absence_is_caught_up_in_portions(cast: SimpleNamespace) -> None:
    Notice.objects.bulk_create(Notice(member=cast.alice, kind="draft", subject=str(n)) for n in range(250))
    portion = notices_after(0)
    assert len(portion) == 200
    assert len(notices_after(portion[-1].id)) == 50
