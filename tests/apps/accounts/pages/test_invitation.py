"""Accepting an invitation: once, with a registration number."""

import pytest

from confrere.apps.accounts.actions.invitations import invite
from confrere.apps.accounts.models import Member

ANSWER = {
    "username": "esha",
    "display_name": "Dr Esha",
    "registration_number": "PMC-9",
    "password": "a long enough pass phrase",
}


@pytest.fixture
def link(cast) -> str:
    return f"/invitations/{invite(cast.dora, 'member')}"


def test_a_good_link_enrols_and_signs_in(cast, client, link):
    assert "Guru Nanak Hospital" in client.get(link).content.decode()
    assert client.post(link, ANSWER)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Member.objects.get(username="esha").institution == cast.here


def test_a_link_works_once_and_then_looks_like_one_that_never_was(client, link):
    client.post(link, ANSWER)
    client.post("/sign-out")
    for url in (link, "/invitations/nonsense"):
        assert client.get(url).status_code == client.post(url, ANSWER).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"registration_number": " "}, {"username": "alice"}, {"password": "short"}, {"display_name": ""}],
)
def test_an_answer_that_does_not_do_is_shown_again_without_the_password(client, link, changed):
    response = client.post(link, {**ANSWER, **changed})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    assert ANSWER["password"] not in page
    assert not Member.objects.filter(display_name="Dr Esha").exists()
