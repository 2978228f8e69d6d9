"""The case page: who sees it, what it says, and what its forms do."""

import html
import json
import re
import uuid

import pytest

MISSING = uuid.UUID(int=7)


def part_urls(case_id):
    base = f"/cases/{case_id}"
    return [base, f"{base}/thread", f"{base}/stack.json"]


def words(response):
    """A page's text without what differs at every request anyway: the masked CSRF token."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())


def test_the_owner_and_a_colleague_see_question_chips_and_images(cast, posted_case, sign_in):
    for member in (cast.alice, cast.bob):
        page = sign_in(member).get(f"/cases/{posted_case.id}").content.decode()
        assert "Level of obstruction?" in page
        assert "Guru Nanak Hospital" in page
        assert "Neuroradiology" in page
        assert f'data-stack-url="/cases/{posted_case.id}/stack.json"' in page


def test_an_outsider_gets_not_found_exactly_as_for_a_case_that_is_not_there(cast, posted_case, sign_in):
    outsider = sign_in(cast.charlie)
    for yours, missing in zip(part_urls(posted_case.id), part_urls(MISSING), strict=True):
        theirs, nothing = outsider.get(yours), outsider.get(missing)
        assert theirs.status_code == nothing.status_code == 404
        assert words(theirs) == words(nothing)


def test_an_outsider_can_neither_write_nor_mark_nor_take_back(cast, posted_case, sign_in):
    outsider = sign_in(cast.charlie)
    for verb in ("comments", "read", "withdraw"):
        assert outsider.post(f"/cases/{posted_case.id}/{verb}", {"text": "x"}).status_code == 404
    assert posted_case.comments.count() == 0


def test_a_stranger_is_sent_to_the_door(posted_case, client):
    response = client.get(f"/cases/{posted_case.id}", headers={"accept": "text/html"})
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in")


def test_a_part_whose_session_has_ended_sends_the_whole_page_to_the_door(posted_case, client):
    part = {"hx-request": "true", "accept": "text/html"}
    response = client.get(f"/cases/{posted_case.id}/thread", headers=part)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/sign-in"


def test_a_draft_is_no_case_yet_but_its_author_has_its_stack(cast, draft_case, sign_in):
    author = sign_in(cast.alice)
    assert author.get(f"/cases/{draft_case.id}").status_code == 404
    assert author.get(f"/cases/{draft_case.id}/stack.json").status_code == 200
    assert sign_in(cast.bob).get(f"/cases/{draft_case.id}/stack.json").status_code == 404


def test_the_stack_names_every_slice_in_order_and_the_window_serves_them(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    stack = client.get(f"/cases/{posted_case.id}/stack.json").json()
    (series,) = stack["series"]
    assert [one["position"][2] for one in series["instances"]] == [0.0, 5.0, 10.0]
    address = stack["frames"].format(
        study=series["study"], series=series["series"], sop=series["instances"][0]["sop"], frame=1
    )
    assert len(client.get(address).content) == 16 * 16 * 2
    assert sign_in(cast.charlie).get(address).status_code == 404


def test_a_comment_appears_in_the_thread_with_its_pin_on_its_slice(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    fields = {"text": "Here", "pin_sop": "2.25.1000.3", "pin_frame": "1", "pin_x": "4.5", "pin_y": "2"}
    response = client.post(f"/cases/{posted_case.id}/comments", fields, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert response["HX-Trigger"] == "thread-changed"
    part = client.get(f"/cases/{posted_case.id}/thread").content.decode()
    assert "Pin 1 · slice 3" in part
    (pin,) = json.loads(html.unescape(re.search(r'data-thread-pins="([^"]*)"', part)[1]))
    assert (pin["sop"], pin["x"], pin["window"]) == ("2.25.1000.3", 4.5, None)


def test_a_reply_stands_inside_its_comment(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    client.post(f"/cases/{posted_case.id}/comments", {"text": "First"})
    first = posted_case.comments.get()
    client.post(f"/cases/{posted_case.id}/comments", {"text": "Second", "parent": str(first.id)})
    assert 'class="thread replies"' in client.get(f"/cases/{posted_case.id}/thread").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "  "},
        {"text": "x" * 4001},
        {"text": "x", "parent": "no-uuid"},
        {"text": "x", "parent": str(MISSING)},
        {"text": "x", "pin_sop": "2.25.1", "pin_x": "1", "pin_y": "1"},
        {"text": "x", "pin_sop": "2.25.1000.1", "pin_x": "17", "pin_y": "1"},
        {"text": "x", "pin_sop": "2.25.1000.1", "pin_x": "nan", "pin_y": "1"},
        {"text": "x", "pin_sop": "2.25.1000.1", "pin_x": "1", "pin_y": "1", "pin_frame": "9e99"},
    ],
)
def test_a_comment_that_cannot_be_taken_says_why_and_keeps_what_was_typed(cast, posted_case, sign_in, fields):
    client = sign_in(cast.bob)
    response = client.post(f"/cases/{posted_case.id}/comments", fields, headers={"hx-request": "true"})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert fields["text"].strip() in response.content.decode()
    assert posted_case.comments.count() == 0


def test_without_scripts_the_comment_form_leads_back_to_the_page(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    url = f"/cases/{posted_case.id}/comments"
    assert client.post(url, {"text": "Plain"})["Location"] == f"/cases/{posted_case.id}#write"
    refused = client.post(url, {"text": ""})
    assert refused.status_code == 422
    assert "Write something first." in refused.content.decode()


def test_words_of_a_comment_cannot_become_markup(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    client.post(f"/cases/{posted_case.id}/comments", {"text": "</script><img src=x onerror=alert(1)>"})
    page = client.get(f"/cases/{posted_case.id}").content.decode()
    assert "<img src=x" not in page


def test_opening_a_case_changes_nothing_until_the_page_says_it_was_read(cast, posted_case, sign_in):
    client = sign_in(cast.bob)
    client.get(f"/cases/{posted_case.id}")
    assert "is-unread" in client.get("/feed/cards").content.decode()
    assert client.post(f"/cases/{posted_case.id}/read").status_code == 204
    assert "is-unread" not in client.get("/feed/cards").content.decode()


def test_no_page_of_a_case_holds_inline_script_or_style(cast, posted_case, sign_in):
    page = sign_in(cast.alice).get(f"/cases/{posted_case.id}").content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", page)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))
