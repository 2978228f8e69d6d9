"""What is said of the heads of a draft: to its author alone, and GET changes nothing."""

import pytest

from confrere.apps.clearance.actions.heads import ask_for_heads, heads_due, keep_head
from confrere.apps.clearance.heads import HeadDone, Shown, strip_key
from confrere.apps.clearance.jailed_heads import Fate
from confrere.apps.clearance.models import HeadLook, HeadState
from confrere.apps.clearance.reads import verified_study
from confrere.apps.release.window import store

ADDRESSES = ("heads", "heads/ready", "heads/{look}/before.webp")


@pytest.fixture
def look(draft_case) -> HeadLook:
    """Alice's draft, its head held with two of three slices proposed."""
    HeadLook.objects.all().delete()
    ask_for_heads("conveyor", verified_study(draft_case.id))
    (job,) = heads_due()
    fates = [Fate.SAME, Fate.OUT, Fate.SAME]
    shown = tuple(Shown(one.sop_instance_uid, one.sha256, fate) for one, fate in zip(job.instances, fates, strict=True))
    store().put(strip_key(job.look_id, "before"), b"RIFF")
    keep_head("conveyor", job, HeadDone(held=True, reason="head-blind", shown=shown, strips=("before",)))
    return HeadLook.objects.get()


def test_only_the_author_is_told_of_the_heads_of_a_draft(cast, draft_case, look, sign_in) -> None:
    for name in ADDRESSES:
        address = f"/drafts/{draft_case.id}/{name.format(look=look.id)}"
        assert sign_in(cast.alice).get(address).status_code == 200, address
        for other in (cast.bob, cast.charlie, cast.dora):
            assert sign_in(other).get(address).status_code == 404, address
    choose = f"/drafts/{draft_case.id}/heads/{look.id}/slices"
    for other in (cast.bob, cast.charlie):
        assert sign_in(other).post(choose).status_code == 404
    assert HeadLook.objects.get().state == HeadState.HELD


def test_the_draft_page_says_what_is_not_handed_on_why_and_what_can_be_done(cast, draft_case, look, sign_in) -> None:
    page = sign_in(cast.alice).get(f"/drafts/{draft_case.id}").content.decode()
    assert "3 images are not handed on:" in page
    assert "No face was seen in this head from any side" in page
    assert "I have looked: hand on 2 single slices" in page
    assert f"/drafts/{draft_case.id}/heads/{look.id}/before.webp" in page


def test_choosing_the_slices_says_so_and_keeps_what_was_written(cast, draft_case, look, sign_in) -> None:
    alice = sign_in(cast.alice)
    choose = f"/drafts/{draft_case.id}/heads/{look.id}/slices"
    assert alice.get(choose).status_code == 405
    part = alice.post(choose, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "2 of 3 images are handed on." in part.content.decode()
    assert "<html" not in part.content.decode()
    assert alice.post(choose).status_code == 404, "a word counts once"


def test_without_script_the_choice_leads_back_to_the_draft(cast, draft_case, look, sign_in) -> None:
    answer = sign_in(cast.alice).post(f"/drafts/{draft_case.id}/heads/{look.id}/slices")
    assert answer["Location"] == f"/drafts/{draft_case.id}"


@pytest.mark.parametrize("name", ["after", "other", "before-"])
def test_a_rendering_that_was_not_made_is_not_there(cast, draft_case, look, sign_in, name: str) -> None:
    assert sign_in(cast.alice).get(f"/drafts/{draft_case.id}/heads/{look.id}/{name}.webp").status_code == 404


def test_a_draft_is_ready_when_nothing_is_due(cast, draft_case, look, sign_in) -> None:
    alice = sign_in(cast.alice)
    ready = f"/drafts/{draft_case.id}/heads/ready"
    assert alice.get(ready).json() == {"ready": True}
    HeadLook.objects.update(state=HeadState.DUE)
    assert alice.get(ready).json() == {"ready": False}
    assert "3 images are being looked at" in alice.get(f"/drafts/{draft_case.id}/heads").content.decode()


@pytest.mark.parametrize("code", ["head-look-stopped", "pixel-engine-missing"])
def test_a_look_that_failed_can_be_asked_for_once_more_by_the_author(
    cast, draft_case, look, sign_in, code: str
) -> None:
    again = f"/drafts/{draft_case.id}/heads/{look.id}/again"
    assert sign_in(cast.alice).post(again).status_code == 404, "what was seen of the head is not asked again"
    HeadLook.objects.update(reason_code=code, attempts=3, proposed=[])
    assert "Look again" in sign_in(cast.alice).get(f"/drafts/{draft_case.id}").content.decode()
    assert sign_in(cast.bob).post(again).status_code == 404
    part = sign_in(cast.alice).post(again, headers={"HX-Request": "true"})
    assert "3 images are being looked at" in part.content.decode()
    assert HeadLook.objects.values_list("state", "attempts").get() == (HeadState.DUE, 0)
    assert [job.look_id for job in heads_due()] == [look.id]
