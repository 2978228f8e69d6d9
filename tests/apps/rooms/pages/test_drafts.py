"""Drafts: only their author sees them; posting goes through the gate and says why when it is shut."""

from collections.abc import Callable

import pytest

from confrere.apps.clearance.models import InstanceClearance, SeriesClearance
from confrere.apps.intake.models import Arrival
from confrere.apps.rooms.actions.rooms import NewRoom, add_member, found_room


@pytest.fixture
def post(cast, draft_case, sign_in) -> Callable:
    """Alice's draft form, sent with these fields changed."""

    def send(**changed):
        fields = {"question": "Level?", "room": str(cast.room.id), "purpose": "discuss", "consent": "none"}
        return sign_in(cast.alice).post(f"/drafts/{draft_case.id}", {**fields, **changed})

    return send


def test_only_the_author_sees_a_draft(cast, draft_case, sign_in):
    for url in (f"/drafts/{draft_case.id}", f"/drafts/{draft_case.id}/audience"):
        assert sign_in(cast.alice).get(url).status_code == 200
        for other in (cast.bob, cast.charlie, cast.dora):
            assert sign_in(other).get(url).status_code == 404


def test_nobody_else_can_post_or_discard_a_draft(cast, draft_case, sign_in):
    for other in (cast.bob, cast.charlie):
        assert sign_in(other).post(f"/drafts/{draft_case.id}", {"question": "x"}).status_code == 404
        assert sign_in(other).post(f"/drafts/{draft_case.id}/discard").status_code == 404
    draft_case.refresh_from_db()
    assert draft_case.state == "draft"


def test_the_page_says_who_will_see_it_and_what_was_removed(cast, draft_case, sign_in):
    page = sign_in(cast.alice).get(f"/drafts/{draft_case.id}").content.decode()
    assert "3 verified members" in page
    assert "3 image files de-identified (PS3.15 2026d)" in page
    assert "<b>3</b> emptied" in page
    assert "no identifier left" in page


def test_a_held_series_is_named_with_its_reason(cast, draft_case, sign_in):
    study = draft_case.studies.get()
    SeriesClearance.objects.create(
        study=study, series_instance_uid="2.25.9", modality="SC", state="held", reason_code="burned-in-text"
    )
    page = sign_in(cast.alice).get(f"/drafts/{draft_case.id}").content.decode()
    assert "1 series is not in this draft" in page
    assert "The pixels may carry text" in page


def test_a_file_that_fits_no_series_is_named_with_its_reason(cast, draft_case, sign_in):
    intake = draft_case.studies.get().intake
    InstanceClearance.objects.create(
        arrival=Arrival.objects.create(intake=intake, ordinal=99, is_complete=True, is_examined=True),
        institution=cast.here,
        outcome="refused",
        reason_code="truncated",
    )
    page = sign_in(cast.alice).get(f"/drafts/{draft_case.id}").content.decode()
    assert "Some files of this sending are not in this draft" in page
    assert "1 file: The file ends before its contents do." in page


def test_posting_makes_the_case_and_leads_to_it(draft_case, post):
    response = post()
    assert response["Location"] == f"/cases/{draft_case.id}"
    draft_case.refresh_from_db()
    assert (draft_case.state, draft_case.question) == ("posted", "Level?")


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "  "},
        {"room": "nonsense"},
        {"room": "00000000-0000-0000-0000-000000000007"},
        {"purpose": "advertise"},
    ],
)
def test_a_form_that_does_not_do_is_shown_again_with_what_was_typed(draft_case, post, changed):
    response = post(**changed)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    draft_case.refresh_from_db()
    assert draft_case.state == "draft"


def test_a_room_one_is_not_in_cannot_be_posted_to(cast, draft_case, post):
    other = found_room(cast.dora, NewRoom("Other"))
    assert post(room=str(other.id)).status_code == 422


def test_teaching_without_consent_is_refused_in_one_sentence_with_clauses_and_ways_out(draft_case, post):
    response = post(purpose="teaching")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Not posted." in page
    assert "Instead you can:" in page
    assert "Which rules" in page
    draft_case.refresh_from_db()
    assert draft_case.state == "draft"


def test_teaching_with_written_consent_passes(draft_case, post):
    assert post(purpose="teaching", consent="written").status_code == 302
    assert draft_case.consents.get().form == "written"


def test_a_consent_chosen_for_another_purpose_is_not_written_down(draft_case, post):
    post(purpose="discuss", consent="written")
    assert not draft_case.consents.exists()


def test_a_discarded_draft_is_gone(cast, draft_case, sign_in):
    client = sign_in(cast.alice)
    assert client.post(f"/drafts/{draft_case.id}/discard")["Location"] == "/drafts"
    assert client.get(f"/drafts/{draft_case.id}").status_code == 404
    assert client.get(f"/cases/{draft_case.id}/stack.json").status_code == 404


def test_the_tray_and_the_list_show_ones_own_drafts_only(cast, draft_case, sign_in):
    for url in ("/drafts", "/drafts/tray"):
        assert str(draft_case.id) in sign_in(cast.alice).get(url).content.decode()
        assert str(draft_case.id) not in sign_in(cast.bob).get(url).content.decode()


def test_the_room_last_used_is_preset(cast, post, sign_in, another_draft):
    add_member(cast.dora, found_room(cast.dora, NewRoom("Abdomen")), cast.alice)
    post()
    page = sign_in(cast.alice).get(f"/drafts/{another_draft(cast.alice).id}").content.decode()
    assert f'value="{cast.room.id}" selected' in page
