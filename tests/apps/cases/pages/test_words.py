"""The live check and the refusal on the server: who may ask, what is marked, what is kept, what the ledger says."""

import json

import pytest

from confrere.adapters import name_network
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.actions.words import WordsError, check
from confrere.apps.discuss.actions.comments import CommentError, NewComment, add_comment
from confrere.core.terms import Broken
from made_posts import SCRIPTS, made

SURE = "Seen with Mr Ramesh Iyer, UHID 20231104, mobile 98450 12345"
UNSURE = "Older film of Thottipura, the lesion is the same"
PLAIN = "Grade II MCL sprain, Hoffa pad normal"


def tokens_of(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="confirmed" value="')[1:]]


def test_a_member_sees_marks_and_a_stranger_nothing(cast, sign_in, client) -> None:
    page = sign_in(cast.alice).post("/words/check", {"text": SURE}).content.decode()
    assert page.count("<mark") == 3 and "Ramesh" in page and "Write [name]" in page
    assert "<script" not in page and "style=" not in page
    assert client.post("/words/check", {"text": SURE}).status_code == 404


def test_get_is_not_answered_and_a_plain_text_has_no_mark(cast, sign_in) -> None:
    alice = sign_in(cast.alice)
    assert alice.get("/words/check").status_code == 405
    assert "<mark" not in alice.post("/words/check", {"question": PLAIN}).content.decode()


def test_what_is_written_is_shown_as_text_and_never_as_markup(cast, sign_in) -> None:
    page = sign_in(cast.alice).post("/words/check", {"text": "<img src=x> Mr Ramesh Iyer"}).content.decode()
    assert "<img" not in page and "&lt;img" in page


def test_a_comment_with_a_sure_identifier_is_refused_whatever_is_confirmed(cast, posted_case, sign_in) -> None:
    bob = sign_in(cast.bob)
    url = f"/cases/{posted_case.id}/comments"
    shown = bob.post(url, {"text": SURE}, headers={"hx-request": "true"})
    assert shown.status_code == 422
    every = [mark.token for mark in check(SURE).marks]
    assert bob.post(url, {"text": SURE, "confirmed": every}, headers={"hx-request": "true"}).status_code == 422
    assert posted_case.comments.count() == 0


def test_an_uncertain_one_is_kept_once_confirmed_and_the_ledger_has_no_word_of_it(cast, posted_case, sign_in) -> None:
    bob = sign_in(cast.bob)
    url = f"/cases/{posted_case.id}/comments"
    refused = bob.post(url, {"text": UNSURE}, headers={"hx-request": "true"})
    assert refused.status_code == 422 and posted_case.comments.count() == 0
    tokens = tokens_of(refused.content.decode())
    assert tokens
    assert bob.post(url, {"text": UNSURE, "confirmed": tokens}, headers={"hx-request": "true"}).status_code == 200
    assert posted_case.comments.get().text == UNSURE
    line = LedgerEntry.objects.get(event="words.confirmed")
    assert line.actor == str(cast.bob.id) and line.detail["where"] == "comment"
    assert "Thottipura" not in json.dumps(line.detail)


def test_one_tap_replaces_one_mark_and_keeps_nothing_yet(cast, posted_case, sign_in) -> None:
    bob = sign_in(cast.bob)
    url = f"/cases/{posted_case.id}/comments"
    token = check(SURE).marks[0].token
    page = bob.post(url, {"text": SURE, "replace": token}, headers={"hx-request": "true"}).content.decode()
    assert "Ramesh" not in page and "[name]" in page and posted_case.comments.count() == 0


def test_a_question_with_a_name_is_not_posted(cast, draft_case, sign_in) -> None:
    fields = {"question": "Is it a bleed, Mr Ramesh Iyer?", "room": str(cast.room.id), "purpose": "discuss"}
    answer = sign_in(cast.alice).post(f"/drafts/{draft_case.id}", fields)
    assert answer.status_code == 422 and "<mark" in answer.content.decode()
    draft_case.refresh_from_db()
    assert draft_case.state == "draft" and draft_case.question == ""


def test_a_question_is_replaced_by_one_tap(cast, draft_case, sign_in) -> None:
    question = "Is it a bleed, Mr Ramesh Iyer?"
    fields = {"question": question, "room": str(cast.room.id), "replace": check(question).marks[0].token}
    page = sign_in(cast.alice).post(f"/drafts/{draft_case.id}", fields).content.decode()
    assert "Ramesh" not in page and "[name]" in page


@pytest.mark.parametrize("text", ["a\ud800b", "x" * 4001])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(WordsError):
        check(text)


def test_without_its_network_nothing_is_posted(cast, posted_case, sign_in, monkeypatch) -> None:
    def gone() -> None:
        raise Broken("weights are missing", retryable=False)

    monkeypatch.setattr("confrere.apps.cases.actions.words.load_name_network", gone)
    answer = sign_in(cast.bob).post(
        f"/cases/{posted_case.id}/comments", {"text": PLAIN}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 422 and "not working" in answer.content.decode()
    assert posted_case.comments.count() == 0
    assert name_network.MODEL.sha256


def test_none_of_a_hundred_posts_with_identities_in_ten_scripts_is_posted_unseen(cast, posted_case) -> None:
    posts = list(made(20_261_127, 100))
    assert {post.script for post in posts} == set(SCRIPTS)
    for post in posts:
        with pytest.raises(CommentError, match="seems to name"):
            add_comment(cast.bob, posted_case.id, NewComment(post.text))
    assert posted_case.comments.count() == 0
