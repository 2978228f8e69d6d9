"""One room: its members see it, its moderators let people in and out."""

from confrere.apps.rooms.models import Room


def test_members_see_the_room_and_outsiders_do_not(cast, posted_case, sign_in):
    for url in (f"/rooms/{cast.room.id}", f"/rooms/{cast.room.id}/cards"):
        assert "Level of obstruction?" in sign_in(cast.bob).get(url).content.decode()
        assert sign_in(cast.charlie).get(url).status_code == 404


def test_the_room_lists_its_people(cast, sign_in):
    page = sign_in(cast.bob).get(f"/rooms/{cast.room.id}").content.decode()
    assert all(name in page for name in ("Dr Alice", "Dr Bob", "Dr Dora", "3 members"))
    assert "Let in" not in page


def test_a_moderator_lets_in_a_colleague_of_their_own_institution_only(cast, sign_in):
    url = f"/rooms/{cast.room.id}/members"
    moderator = sign_in(cast.dora)
    moderator.post(f"/rooms/{cast.room.id}/members/{cast.bob.id}/remove")
    assert sign_in(cast.bob).get(f"/rooms/{cast.room.id}").status_code == 404
    assert moderator.post(url, {"member": str(cast.bob.id)}).status_code == 302
    assert sign_in(cast.bob).get(f"/rooms/{cast.room.id}").status_code == 200
    assert moderator.post(url, {"member": str(cast.charlie.id)}).status_code == 404
    assert moderator.post(url, {"member": "nonsense"}).status_code == 404


def test_who_does_not_moderate_lets_nobody_in_and_takes_nobody_out(cast, sign_in):
    for member in (cast.bob, cast.charlie):
        client = sign_in(member)
        assert client.post(f"/rooms/{cast.room.id}/members", {"member": str(cast.bob.id)}).status_code == 404
        assert client.post(f"/rooms/{cast.room.id}/members/{cast.alice.id}/remove").status_code == 404
    assert sign_in(cast.alice).get(f"/rooms/{cast.room.id}").status_code == 200


def test_whoever_leaves_loses_the_cases_at_once(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    assert client.post(f"/rooms/{cast.room.id}/leave")["Location"] == "/"
    assert client.get(f"/cases/{posted_case.id}").status_code == 404
    assert client.get(f"/cases/{posted_case.id}/stack.json").status_code == 404


def test_an_outsider_cannot_leave_what_they_are_not_in(cast, sign_in):
    assert sign_in(cast.charlie).post(f"/rooms/{cast.room.id}/leave").status_code == 404


def test_a_moderator_opens_a_room_and_a_member_cannot(cast, sign_in):
    fields = {"name": "Chest", "about": "", "kind": "class"}
    assert sign_in(cast.alice).get("/rooms/new").status_code == 404
    assert sign_in(cast.alice).post("/rooms/new", fields).status_code == 404
    assert sign_in(cast.dora).get("/rooms/new").status_code == 200
    response = sign_in(cast.dora).post("/rooms/new", fields)
    assert response["Location"] == f"/rooms/{Room.objects.get(name='Chest').id}"


def test_a_room_needs_a_name_and_a_known_kind(cast, sign_in):
    client = sign_in(cast.dora)
    assert client.post("/rooms/new", {"name": " ", "kind": "class"}).status_code == 422
    assert client.post("/rooms/new", {"name": "Chest", "kind": "public"}).status_code == 422
