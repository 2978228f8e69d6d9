"""What the other stations may ask about members and audiences."""

import uuid
from types import SimpleNamespace

import pytest

from confrere.apps.accounts import reads
from confrere.apps.accounts.actions.members import NewMember, end_membership, enrol_member, form_audience, join_audience
from confrere.apps.accounts.models import Audience, Member, Role

pytestmark = pytest.mark.database


def test_an_audience_is_told_by_size_institutions_and_who_is_not_verified(cast: SimpleNamespace) -> None:
    audience = form_audience("test", cast.here, [cast.alice, cast.bob, cast.charlie])
    facts = reads.audience_facts(audience.id)
    assert (facts.members, facts.institutions, facts.unverified, facts.only_member) == (3, 2, 0, None)
    alone = form_audience("test", cast.here, [cast.alice])
    assert reads.audience_facts(alone.id).only_member == cast.alice.id
    eva = enrol_member("test", cast.here, NewMember("eva", "Dr Eva", "x" * 12))
    join_audience("test", audience.id, eva.id)
    assert reads.audience_facts(audience.id).unverified == 1
    Member.objects.filter(id=cast.bob.id).update(is_active=False)
    assert reads.audience_facts(audience.id).unverified == 2


def test_an_audience_that_is_not_there_is_an_error(db: None) -> None:
    with pytest.raises(Audience.DoesNotExist):
        reads.audience_facts(uuid.uuid4())


def test_a_place_counts_only_for_an_active_member(cast: SimpleNamespace) -> None:
    assert reads.is_in_audience(cast.bob.id, cast.room.audience_id)
    Member.objects.filter(id=cast.bob.id).update(is_active=False)
    assert not reads.is_in_audience(cast.bob.id, cast.room.audience_id)
    assert not reads.is_in_audience(cast.charlie.id, cast.room.audience_id)


def test_members_are_listed_by_name_and_those_who_left_last(cast: SimpleNamespace) -> None:
    end_membership("admin", cast.alice.id)
    listed = reads.members_of(cast.here.id)
    assert [one.name for one in listed] == ["Dr Bob", "Dr Dora", "Dr Alice"]
    assert [one.is_active for one in listed] == [True, True, False]


def test_only_active_colleagues_of_the_house_are_offered(cast: SimpleNamespace) -> None:
    eva = enrol_member("test", cast.here, NewMember("eva", "Dr Eva", "x" * 12))
    assert [one.id for one in reads.colleagues_outside(cast.here.id, cast.room.audience_id)] == [eva.id]
    end_membership("admin", eva.id)
    assert reads.colleagues_outside(cast.here.id, cast.room.audience_id) == []


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.MEMBER, []), (Role.MODERATOR, ["member"]), (Role.ADMIN, ["member", "moderator", "admin"])],
)
def test_a_role_offers_what_it_may_invite_for(cast: SimpleNamespace, role: str, offered: list[str]) -> None:
    cast.alice.role = role
    assert [value for value, _label in reads.roles_to_invite(cast.alice)] == offered


def test_demo_logins_are_those_of_demo_members_alone(cast: SimpleNamespace) -> None:
    assert reads.demo_logins() == []
    demo = enrol_member("test", cast.here, NewMember("demo", "Dr Demo", "x" * 12, is_demo=True))
    assert [one.id for one in reads.demo_logins()] == [demo.id]
    end_membership("admin", demo.id)
    assert reads.demo_logins() == []


def test_members_are_found_by_number(cast: SimpleNamespace) -> None:
    assert reads.member_by_id(cast.alice.id) == cast.alice
    assert reads.has_institutions()
    with pytest.raises(Member.DoesNotExist):
        reads.member_by_id(uuid.uuid4())


def test_an_empty_home_has_no_institution(db: None) -> None:
    assert not reads.has_institutions()
