"""The desk's pages: for the sender alone, a look is a ledger line, nothing is approved by accident."""

import json
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from support.desk import BANNER, scan, stub_eyes  # noqa: F401  # fixture
from support.sending import clear, sent_and_cleared, series

from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case
from confrere.apps.clearance.desk_reads import desk_of
from confrere.apps.clearance.models import Approval
from confrere.apps.intake.models import Intake

pytestmark = [pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]
MASK = [0, 0, BANNER.left, BANNER.top, BANNER.right, BANNER.bottom, "text", "white", 1.0]


@pytest.fixture
def intake(cast) -> Intake:
    return sent_and_cleared(cast.alice, [scan(1), scan(2)])


@pytest.fixture
def proposals(cast, intake: Intake) -> list[uuid.UUID]:
    return [one.proposal_id for one in desk_of(cast.alice.id, intake.id)]


def said(proposals, **more: object) -> str:
    images = [{"proposal": str(one), "regions": [MASK], "kept": [], "rule": "", **more} for one in proposals]
    return json.dumps({"images": images, "remember": False})


def post(client: Client, address: str, body: str):
    return client.post(address, body, content_type="application/json")


def test_the_page_tells_boxes_and_reasons_and_no_word_of_the_header(cast, intake, sign_in) -> None:
    page = sign_in(cast.alice).get(f"/desk/{intake.id}")
    assert page.status_code == 200
    text = page.content.decode()
    assert "2 images wait for your look" in text
    assert "The pixels may carry text" in text
    assert page["Cache-Control"] == "private, no-store"
    assert not [word for word in ("Zaveriwal", "UHIDQX", "Echo 9", "1.2.826.0.1.7") if word in text]


def test_a_picture_is_shown_only_after_the_look_stands_in_the_ledger(cast, intake, proposals, sign_in) -> None:
    alice = sign_in(cast.alice)
    address = f"/desk/{intake.id}/pictures/{proposals[0]}/0"
    assert alice.get(address).status_code == 404
    assert post(alice, f"/desk/{intake.id}/open", "").status_code == 204
    line = LedgerEntry.objects.get(event="desk.opened")
    assert (line.actor, line.subject, line.detail) == (str(cast.alice.id), str(intake.id), {"instances": 2})
    shown = alice.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert shown["Cache-Control"] == "private, no-store"
    assert alice.get(f"/desk/{intake.id}/pictures/{proposals[0]}/1").status_code == 200, "the thumbnail"
    assert alice.get(f"/desk/{intake.id}/pictures/{proposals[0]}/2").status_code == 404
    assert LedgerEntry.objects.filter(event="desk.opened").count() == 1


def test_the_desks_token_is_enough_for_the_page_and_opens_no_original(
    cast, intake, proposals, sign_in, desk_token: Callable[[], None]
) -> None:
    from confrere.apps.intake.quarantine import keybox
    from confrere.core.terms import Broken

    desk_token()
    alice = sign_in(cast.alice)
    post(alice, f"/desk/{intake.id}/open", "")
    assert alice.get(f"/desk/{intake.id}/pictures/{proposals[0]}/0").status_code == 200
    with pytest.raises(Broken, match="may not ask"):
        keybox().private_key(str(intake.id))


def test_for_everyone_else_there_is_no_desk_and_it_looks_as_if_there_were_none(
    cast, intake, proposals, sign_in
) -> None:
    nowhere = uuid.uuid4()
    for other in (cast.bob, cast.charlie, cast.dora):
        client = sign_in(other)
        for verb, address, body in (
            ("get", f"/desk/{intake.id}", ""),
            ("post", f"/desk/{intake.id}/open", ""),
            ("post", f"/desk/{intake.id}/approve", said(proposals)),
            ("get", f"/desk/{intake.id}/pictures/{proposals[0]}/0", ""),
        ):
            asked = client.get(address) if verb == "get" else post(client, address, body)
            missing = address.replace(str(intake.id), str(nowhere))
            other_way = client.get(missing) if verb == "get" else post(client, missing, body)
            assert (asked.status_code, other_way.status_code) == (404, 404), address
    assert not Approval.objects.exists()
    assert not LedgerEntry.objects.filter(event="desk.opened").exists()


def test_a_stranger_finds_nothing(intake, db) -> None:
    assert Client().get(f"/desk/{intake.id}").status_code == 404


def test_approving_answers_how_many_and_the_draft_comes(cast, intake, proposals, sign_in) -> None:
    alice = sign_in(cast.alice)
    answer = post(alice, f"/desk/{intake.id}/approve", said(proposals))
    assert (answer.status_code, answer.json()) == (200, {"approved": 2, "left": 0})
    assert "2 images you approved are being masked" in alice.get(f"/desk/{intake.id}").content.decode()
    assert "2 images you approved are being masked" in alice.get("/send/sent").content.decode()
    clear()
    assert Case.objects.get().image_count == 2
    assert "Nothing of this sending waits" in alice.get(f"/desk/{intake.id}").content.decode()
    assert post(alice, f"/desk/{intake.id}/open", "").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"images": 5}',
        '{"images": [5]}',
        '{"images": [{"proposal": "x", "regions": [], "kept": []}]}',
        '{"images": [{"proposal": null, "more": 1}]}',
        '{"images": [{"rule": 7}]}',
        "[" * 5000,
        '{"images": [], "x": "' + "x" * (1 << 20) + '"}',
    ],
)
def test_a_body_the_page_does_not_send_is_refused_with_a_sentence(cast, intake, sign_in, body: str) -> None:
    answer = post(sign_in(cast.alice), f"/desk/{intake.id}/approve", body)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Approval.objects.exists()


def test_forged_boxes_are_refused_with_a_sentence_and_nothing_of_the_rest_counts(
    cast, intake, proposals, sign_in
) -> None:
    alice = sign_in(cast.alice)
    for forged, words in (
        ('[[0,0,0,0,4800,4,"text","x",1]]', "outside"),
        ('[[0,0,NaN,0,4,4,"text","x",1]]', "whole number"),
        ('[[0,0,0,0,1e99,4,"text","x",1]]', "whole number"),
    ):
        body = said(proposals).replace(json.dumps([MASK]), forged, 1)
        answer = post(alice, f"/desk/{intake.id}/approve", body)
        assert answer.status_code == 422
        assert words in answer.json()["error"]
    assert not Approval.objects.exists()


def test_asking_by_the_wrong_verb_changes_nothing(cast, intake, sign_in) -> None:
    alice = sign_in(cast.alice)
    assert alice.get(f"/desk/{intake.id}/approve").status_code == 405
    assert alice.get(f"/desk/{intake.id}/open").status_code == 405


def test_without_the_token_of_the_page_nothing_is_approved(cast, intake, proposals) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert post(client, f"/desk/{intake.id}/approve", said(proposals)).status_code == 403
    assert not Approval.objects.exists()


def test_the_sender_is_told_where_she_sent_it_and_in_the_draft(cast, sign_in) -> None:
    from apps.clearance.test_desk_flow import us_of_study_900

    intake = sent_and_cleared(cast.alice, [*series(2, study=900), us_of_study_900()])
    alice = sign_in(cast.alice)
    link = f'href="/desk/{intake.id}"'
    draft = alice.get(f"/drafts/{Case.objects.get().id}").content.decode()
    assert link in draft
    assert "1 image waits for your look" in draft
    assert link in alice.get("/send/sent").content.decode()


def test_a_picture_that_was_just_approved_may_still_load_until_its_original_has_ended(
    cast, intake, proposals, sign_in
) -> None:
    alice = sign_in(cast.alice)
    post(alice, f"/desk/{intake.id}/open", "")
    post(alice, f"/desk/{intake.id}/approve", said(proposals))
    address = f"/desk/{intake.id}/pictures/{proposals[0]}/0"
    assert alice.get(address).status_code == 200
    clear()
    assert alice.get(address).status_code == 404
