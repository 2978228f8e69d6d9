"""Signing in and out."""

from dataclasses import replace


def test_the_right_password_lets_in_and_the_wrong_one_does_not(cast, client):
    fields = {"username": "ALICE", "password": "wrong wrong wrong"}
    refused = client.post("/sign-in", fields)
    assert refused.status_code == 200
    assert "do not match" in refused.content.decode()
    fields["password"] = "correct horse battery"
    assert client.post("/sign-in", fields)["Location"] == "/"


def test_an_ended_account_does_not_get_in(cast, client):
    cast.alice.is_active = False
    cast.alice.save()
    response = client.post("/sign-in", {"username": "alice", "password": "correct horse battery"})
    assert response.status_code == 200


def test_next_leads_only_to_our_own_pages(cast, client):
    fields = {"username": "alice", "password": "correct horse battery", "next": "https://elsewhere.example/"}
    assert client.post("/sign-in", fields)["Location"] == "/"


def test_demo_members_are_listed_in_a_demo_home_only(cast, client, settings):
    cast.alice.is_demo = True
    cast.alice.save()
    assert "Demo members" not in client.get("/sign-in").content.decode()
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demo=True)
    page = client.get("/sign-in").content.decode()
    assert "<b>alice</b>" in page
    assert "<b>bob</b>" not in page


def test_signing_out_takes_a_post(cast, sign_in):
    client = sign_in(cast.alice)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
