"""The rail of every page and where a case stands."""


def test_the_rail_names_ones_rooms_and_counts_what_is_unread(cast, posted_case, sign_in):
    page = sign_in(cast.bob).get("/me").content.decode()
    assert "Neuroradiology" in page
    assert '<span class="count">1<' in page
    assert "Neuroradiology" not in sign_in(cast.charlie).get("/me").content.decode()


def test_people_and_new_room_are_offered_to_moderators_only(cast, sign_in):
    assert 'href="/people"' in sign_in(cast.dora).get("/me").content.decode()
    assert 'href="/people"' not in sign_in(cast.bob).get("/me").content.decode()


def test_a_case_names_the_rooms_one_shares_with_it(cast, posted_case, sign_in):
    page = sign_in(cast.bob).get(f"/cases/{posted_case.id}").content.decode()
    assert f'<a href="/rooms/{cast.room.id}">Neuroradiology</a>' in page
