"""Taking a case back: by its author or a moderator of its room, and then nobody sees it."""

import pytest


@pytest.mark.parametrize("who", ["alice", "dora"])
def test_author_and_moderator_take_a_case_back_and_nobody_sees_it_any_more(cast, posted_case, sign_in, who):
    client = sign_in(getattr(cast, who))
    assert "Take the case back" in client.get(f"/cases/{posted_case.id}").content.decode()
    assert client.post(f"/cases/{posted_case.id}/withdraw")["Location"] == "/"
    for member in (cast.alice, cast.bob, cast.dora):
        for part in ("", "/thread", "/stack.json"):
            assert sign_in(member).get(f"/cases/{posted_case.id}{part}").status_code == 404


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_nobody_else_can(cast, posted_case, sign_in, who):
    client = sign_in(getattr(cast, who))
    assert client.post(f"/cases/{posted_case.id}/withdraw").status_code == 404
    assert "Take the case back" not in client.get(f"/cases/{posted_case.id}").content.decode()
    assert sign_in(cast.alice).get(f"/cases/{posted_case.id}").status_code == 200


def test_asking_by_get_changes_nothing(cast, posted_case, sign_in):
    assert sign_in(cast.alice).get(f"/cases/{posted_case.id}/withdraw").status_code == 405
