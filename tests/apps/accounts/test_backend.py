"""Demo members exist in demo homes on this machine, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from confrere.apps.accounts.actions.members import NewMember, end_membership, enrol_member, found_institution
from confrere.apps.accounts.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PASSWORD = "correct horse battery"


def member(*, is_demo: bool) -> Member:
    institution = found_institution("test", "Guru Nanak Hospital")
    return enrol_member("test", institution, NewMember("alice", "Dr Alice", PASSWORD, "member", "PMC-1", is_demo))


def signs_in(address: str = "127.0.0.1") -> bool:
    request = RequestFactory().post("/sign-in", REMOTE_ADDR=address)
    return authenticate(request, username="Alice", password=PASSWORD) is not None


def test_a_member_signs_in_whatever_the_case_of_the_name() -> None:
    member(is_demo=False)
    assert signs_in()
    assert signs_in("10.1.2.3")


def test_a_demo_member_signs_in_only_where_the_home_is_a_demo_and_only_from_this_machine(
    settings: LazySettings,
) -> None:
    member(is_demo=True)
    assert not signs_in()
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=True)
    assert signs_in()
    assert not signs_in("10.1.2.3")


def test_a_demo_session_ends_when_the_home_is_no_demo_any_more(
    settings: LazySettings, sign_in: Callable[[Member], Client]
) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=True)
    client = sign_in(member(is_demo=True))
    assert client.get("/me").status_code == 200
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=False)
    assert client.get("/me").status_code == 302


def test_a_member_whose_membership_has_ended_is_out_at_the_next_request(sign_in: Callable[[Member], Client]) -> None:
    alice = member(is_demo=False)
    client = sign_in(alice)
    assert client.get("/me").status_code == 200
    end_membership("test", alice.id)
    assert client.get("/me").status_code == 302
    assert not signs_in()
