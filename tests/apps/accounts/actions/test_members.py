"""Institutions are founded, members enrolled and audiences formed, each with a ledger line; leaving is at once."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from confrere.apps.accounts.actions.members import (
    NewMember,
    end_membership,
    enrol_member,
    form_audience,
    found_institution,
    join_audience,
    leave_audience,
)
from confrere.apps.accounts.models import AudienceMember, Member
from confrere.apps.accounts.reads import is_in_audience
from confrere.apps.audit.models import LedgerEntry

pytestmark = pytest.mark.database
SECRET = "a long enough password"


def lines(subject: object) -> list[tuple[str, str]]:
    found = LedgerEntry.objects.filter(subject=str(subject)).order_by("sequence")
    return list(found.values_list("event", "actor"))


def test_two_institutions_never_share_a_name(cast: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        found_institution("test", cast.here.name)
    assert lines(cast.here.id) == [("institution.founded", "test")]


def test_a_member_is_enrolled_with_a_hashed_password(cast: SimpleNamespace) -> None:
    member = enrol_member("test", cast.here, NewMember("  Eva ", " Dr Eva ", SECRET, registration_number=" PMC-9 "))
    assert (member.username, member.display_name, member.registration_number) == ("eva", "Dr Eva", "PMC-9")
    assert SECRET not in member.password
    assert member.check_password(SECRET)
    assert lines(member.id) == [("member.enrolled", "test")]
    assert SECRET not in repr(list(LedgerEntry.objects.values()))


def test_a_sign_in_name_is_the_same_in_any_case(cast: SimpleNamespace) -> None:
    eva = enrol_member("test", cast.here, NewMember("Eva", "Dr Eva", SECRET))
    assert authenticate(username="EVA", password=SECRET) == eva
    with pytest.raises(IntegrityError), transaction.atomic():
        enrol_member("test", cast.elsewhere, NewMember("eVA", "Dr Other", SECRET))


def test_an_audience_is_formed_of_its_members(cast: SimpleNamespace) -> None:
    audience = form_audience("test", cast.here, [cast.alice, cast.bob])
    assert is_in_audience(cast.alice.id, audience.id)
    assert not is_in_audience(cast.charlie.id, audience.id)
    assert lines(audience.id) == [("audience.formed", "test")] + [("audience.joined", "test")] * 2


def test_joining_twice_changes_nothing(cast: SimpleNamespace) -> None:
    audience = form_audience("test", cast.here, [cast.alice])
    join_audience("test", audience.id, cast.alice.id, is_moderator=True)
    (place,) = AudienceMember.objects.filter(audience=audience)
    assert not place.is_moderator
    assert len(lines(audience.id)) == 2


def test_leaving_is_at_once_and_leaving_twice_changes_nothing(cast: SimpleNamespace) -> None:
    audience = form_audience("test", cast.here, [cast.alice, cast.bob])
    leave_audience("bob", audience.id, cast.bob.id)
    leave_audience("bob", audience.id, cast.bob.id)
    assert not is_in_audience(cast.bob.id, audience.id)
    assert is_in_audience(cast.alice.id, audience.id)
    assert lines(audience.id).count(("audience.left", "bob")) == 1


def test_an_account_that_has_ended_can_not_sign_in_and_stands_nowhere(cast: SimpleNamespace) -> None:
    enrolled = enrol_member("test", cast.here, NewMember("eva", "Dr Eva", SECRET))
    audience = form_audience("test", cast.here, [enrolled])
    end_membership("admin", enrolled.id)
    assert authenticate(username="eva", password=SECRET) is None
    assert not AudienceMember.objects.filter(member=enrolled).exists()
    assert not is_in_audience(enrolled.id, audience.id)
    assert Member.objects.get(id=enrolled.id).display_name == "Dr Eva"
    assert lines(enrolled.id)[-1] == ("member.ended", "admin")


@pytest.mark.parametrize("verb", ["found", "enrol", "form", "join", "leave", "end"])
def test_nothing_changes_without_its_ledger_line(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def fault(*_told: object) -> int:
        raise ZeroDivisionError

    audience = form_audience("test", cast.here, [cast.alice])
    monkeypatch.setattr("confrere.apps.accounts.actions.members.record", fault)
    before = (Member.objects.filter(is_active=True).count(), AudienceMember.objects.count())
    steps = {
        "found": lambda: found_institution("test", "New"),
        "enrol": lambda: enrol_member("test", cast.here, NewMember("eva", "Dr Eva", SECRET)),
        "form": lambda: form_audience("test", cast.here, [cast.bob]),
        "join": lambda: join_audience("test", audience.id, cast.bob.id),
        "leave": lambda: leave_audience("test", audience.id, cast.alice.id),
        "end": lambda: end_membership("test", cast.alice.id),
    }
    with pytest.raises(ZeroDivisionError):
        steps[verb]()
    assert (Member.objects.filter(is_active=True).count(), AudienceMember.objects.count()) == before
