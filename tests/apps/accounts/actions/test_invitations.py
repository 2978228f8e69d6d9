"""An invitation is made by who may, works once, for a week, and its token is kept nowhere."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from confrere.adapters.clock import now
from confrere.apps.accounts.actions import invitations
from confrere.apps.accounts.actions.invitations import (
    INVITATION_LIFE,
    Acceptance,
    InvitationError,
    accept,
    invite,
    open_invitation,
)
from confrere.apps.accounts.actions.members import NewMember, end_membership, enrol_member
from confrere.apps.accounts.models import Invitation, Member, Role
from confrere.apps.accounts.reads import is_in_audience
from confrere.apps.audit.models import LedgerEntry

pytestmark = pytest.mark.database
EVA = Acceptance("eva", "Dr Eva", "PMC-77", "a long enough password")


@pytest.fixture
def admin(cast: SimpleNamespace) -> Member:
    return enrol_member("test", cast.here, NewMember("ada", "Dr Ada", "x" * 12, Role.ADMIN, "PMC-1"))


@pytest.mark.parametrize("role", list(Role))
def test_a_plain_member_invites_nobody(cast: SimpleNamespace, role: str) -> None:
    with pytest.raises(InvitationError):
        invite(cast.alice, role)
    assert not Invitation.objects.exists()


def test_a_moderator_invites_members_only(cast: SimpleNamespace) -> None:
    assert invite(cast.dora, Role.MEMBER)
    for role in (Role.MODERATOR, Role.ADMIN):
        with pytest.raises(InvitationError):
            invite(cast.dora, role)
    assert Invitation.objects.count() == 1


def test_an_administrator_invites_for_any_role(admin: Member) -> None:
    for role in Role:
        assert open_invitation(invite(admin, role)) is not None


def test_the_token_is_kept_nowhere(cast: SimpleNamespace) -> None:
    token = invite(cast.dora, Role.MEMBER)
    assert token not in repr(list(Invitation.objects.values()))
    assert token not in repr(list(LedgerEntry.objects.values()))
    assert len(token) >= 32


def test_who_accepts_becomes_a_member_of_the_inviters_institution(cast: SimpleNamespace) -> None:
    token = invite(cast.dora, Role.MEMBER, cast.room.audience_id)
    eva = accept(token, EVA)
    assert (eva.institution_id, eva.role, eva.registration_number) == (cast.here.id, Role.MEMBER, "PMC-77")
    assert is_in_audience(eva.id, cast.room.audience_id)
    assert Invitation.objects.get().accepted_by_id == eva.id
    assert LedgerEntry.objects.get(event="member.enrolled", subject=str(eva.id)).actor == str(cast.dora.id)


def test_an_invitation_works_once(cast: SimpleNamespace) -> None:
    token = invite(cast.dora, Role.MEMBER)
    accept(token, EVA)
    assert open_invitation(token) is None
    with pytest.raises(InvitationError, match="used or has expired"):
        accept(token, Acceptance("fay", "Dr Fay", "PMC-78", "a long enough password"))
    assert not Member.objects.filter(username="fay").exists()


def test_an_invitation_lasts_a_week(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    token = invite(cast.dora, Role.MEMBER)

    def clock(by: timedelta) -> None:
        def then() -> datetime:
            return now() + by

        monkeypatch.setattr(invitations, "now", then)

    clock(INVITATION_LIFE - timedelta(minutes=1))
    assert open_invitation(token) is not None
    clock(INVITATION_LIFE + timedelta(minutes=1))
    assert open_invitation(token) is None
    with pytest.raises(InvitationError):
        accept(token, EVA)


@pytest.mark.parametrize("token", ["", "x", "a" * 5000])
def test_a_token_nobody_gave_out_opens_nothing(cast: SimpleNamespace, token: str) -> None:
    assert open_invitation(token) is None
    with pytest.raises(InvitationError):
        accept(token, EVA)


def test_an_invitation_ends_with_the_account_of_who_made_it(cast: SimpleNamespace) -> None:
    token = invite(cast.dora, Role.MEMBER)
    end_membership("admin", cast.dora.id)
    assert open_invitation(token) is None
    with pytest.raises(InvitationError):
        accept(token, EVA)
    assert not Member.objects.filter(username="eva").exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Acceptance("eva", "Dr Eva", "  ", "a long enough password"), "registration number"),
        (Acceptance(" ", "Dr Eva", "PMC-77", "a long enough password"), "name"),
        (Acceptance("eva", " ", "PMC-77", "a long enough password"), "name"),
        (Acceptance("ALICE", "Dr Eva", "PMC-77", "a long enough password"), "taken"),
        (Acceptance("eva", "Dr Eva", "PMC-77", "short"), "too short"),
        (Acceptance("eva", "Dr Eva", "PMC-77", "password1234"), "too common"),
    ],
)
def test_an_answer_that_does_not_do_leaves_the_invitation_open(
    cast: SimpleNamespace, answer: Acceptance, words: str
) -> None:
    token = invite(cast.dora, Role.MEMBER)
    members = Member.objects.count()
    with pytest.raises(InvitationError, match=words):
        accept(token, answer)
    assert Member.objects.count() == members
    assert accept(token, EVA)


def test_a_role_is_what_was_invited_for_whatever_else_is_said(admin: Member) -> None:
    assert accept(invite(admin, Role.MODERATOR), EVA).role == Role.MODERATOR
