"""The people of one's own institution."""

import re


def test_only_moderators_see_the_people_page(cast, sign_in):
    assert sign_in(cast.dora).get("/people").status_code == 200
    for member in (cast.alice, cast.charlie):
        assert sign_in(member).get("/people").status_code == 404
        assert sign_in(member).post("/people", {"role": "member"}).status_code == 404


def test_it_lists_ones_own_institution_only(cast, sign_in):
    page = sign_in(cast.dora).get("/people").content.decode()
    assert "Dr Bob" in page
    assert "Dr Charlie" not in page


def test_a_link_is_shown_this_once_and_leads_to_an_invitation(cast, sign_in, client):
    moderator = sign_in(cast.dora)
    page = moderator.post("/people", {"role": "member"}).content.decode()
    link = re.search(r"http://testserver(/invitations/[^\"]+)", page)[1]
    assert client.get(link).status_code == 200
    assert "/invitations/" not in moderator.get("/people").content.decode()


def test_a_moderator_cannot_make_administrators(cast, sign_in):
    moderator = sign_in(cast.dora)
    assert 'value="admin"' not in moderator.get("/people").content.decode()
    assert moderator.post("/people", {"role": "admin"}).status_code == 422


def test_everyone_sees_whom_they_are_signed_in_as(cast, sign_in):
    page = sign_in(cast.alice).get("/me").content.decode()
    assert "Guru Nanak Hospital" in page
    assert "PMC-alice" in page
