"""From a draft to what others see of its heads: asked of the rows, done once, and never shown where it was not done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest
from support.sending import One, file_of, open_jail, send, series  # noqa: F401  # a fixture among them

from confrere.adapters.objects import content_key
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions.heads import ask_for_heads, choose_slices, heads_due, keep_head
from confrere.apps.clearance.face_free import FacesDue, FacesHeld, study_for_others
from confrere.apps.clearance.head_reads import heads_of_case
from confrere.apps.clearance.heads import HeadDone, HeadJob, Shown, strip_key
from confrere.apps.clearance.jailed_heads import Fate
from confrere.apps.clearance.models import FaceFree, HeadLook, HeadState
from confrere.apps.clearance.reads import verified_study
from confrere.apps.release import window
from confrere.apps.release.models import ReleasedInstance, ReleaseState
from confrere.apps.rooms.actions.rooms import Post, RoomError, post_case
from confrere.conveyor import Conveyor
from confrere.core.terms import Broken

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys", "open_jail")]

Look = Callable[[HeadJob], HeadDone]
CUT = b"a slice without its face"


def told(fates: Callable[[int], Fate], *, held: bool = False, reason: str = "head-cut", outcome: str = "cut") -> Look:
    """A look that says so of every series: `fates` of the instances by their place."""

    def look(job: HeadJob) -> HeadDone:
        shown = []
        for place, one in enumerate(job.instances):
            fate = fates(place)
            new = (f"{place:064x}", content_key(f"cleared/{job.institution_id}", f"{place:064x}"), {"frames": 1})
            shown.append(Shown(one.sop_instance_uid, one.sha256, fate, *(new if fate is Fate.NEW else ())))
        return HeadDone(held, reason, "" if held else outcome, tuple(shown))

    return look


ALL_CUT = told(lambda place: Fate.NEW)
EVERY_OTHER = told(lambda place: Fate.OUT if place % 2 else Fate.SAME, reason="head-still-a-face", outcome="slices")
BLIND = told(lambda place: Fate.OUT if place % 2 else Fate.SAME, held=True, reason="head-blind")
NO_HEAD = told(lambda place: Fate.SAME, reason="", outcome="other")


def walk(look: Look) -> None:
    Conveyor(lambda: ThreadPoolExecutor(1), clear_series=look).run_until_idle()


def drafted(member, look: Look, contents: list[bytes] | None = None) -> Case:
    send(member, series(5) if contents is None else contents)
    walk(look)
    return Case.objects.get()


def post(cast, case: Case) -> None:
    post_case(cast.alice, Post(case.id, cast.room.id, "Level of obstruction?"))
    case.refresh_from_db()


def shas(member, case: Case) -> list[str]:
    return [pane.sha256 for pane in window.case_instances(member.id, case.id)]


def test_the_draft_shows_all_of_it_and_the_room_what_stands_in_for_it(cast) -> None:
    case = drafted(cast.alice, ALL_CUT)
    originals = [one.sha256 for one in verified_study(case.id).instances]
    assert shas(cast.alice, case) == originals
    assert shas(cast.bob, case) == []
    post(cast, case)
    cut = [f"{place:064x}" for place in range(5)]
    assert sorted(shas(cast.bob, case)) == sorted(shas(cast.alice, case)) == cut
    in_force = ReleasedInstance.objects.filter(release__state=ReleaseState.IN_FORCE)
    assert not set(originals) & set(in_force.values_list("sha256", flat=True))
    assert shas(cast.charlie, case) == []


def test_what_is_left_out_is_neither_served_nor_counted_nor_the_key_image(cast) -> None:
    case = drafted(cast.alice, EVERY_OTHER)
    left_out = set(FaceFree.objects.filter(sha256="").values_list("sop_instance_uid", flat=True))
    Case.objects.filter(id=case.id).update(key_image={**case.key_image, "sop": min(left_out)})
    post(cast, case)
    seen = {pane.sop_instance_uid for pane in window.case_instances(cast.bob.id, case.id)}
    assert (len(seen), case.image_count) == (3, 3)
    assert not seen & left_out
    assert case.key_image["sop"] in seen


def test_a_series_that_is_no_head_goes_on_as_it_is_and_the_draft_keeps_its_release(cast) -> None:
    case = drafted(cast.alice, NO_HEAD)
    originals = [one.sha256 for one in verified_study(case.id).instances]
    post(cast, case)
    assert shas(cast.bob, case) == originals
    assert case.releases.filter(state=ReleaseState.IN_FORCE).count() == 2


def test_a_post_before_the_look_waits_and_nothing_is_released(cast) -> None:
    send(cast.alice, series(5))
    walk(away)
    case = Case.objects.get()
    HeadLook.objects.all().delete()
    with pytest.raises(FacesDue):
        post(cast, case)
    look = HeadLook.objects.get()
    assert (look.state, case.releases.count(), shas(cast.bob, case)) == (HeadState.DUE, 1, [])
    with pytest.raises(FacesDue):
        post(cast, case)
    walk(ALL_CUT)
    post(cast, case)
    assert len(shas(cast.bob, case)) == 5


def away(job: HeadJob) -> HeadDone:
    raise ZeroDivisionError


def test_a_held_head_is_no_part_of_the_post_and_alone_it_is_refused_with_the_reason(cast) -> None:
    case = drafted(cast.alice, BLIND)
    with pytest.raises(FacesHeld):
        study_for_others(case.id)
    with pytest.raises(RoomError, match="No face was seen in this head"):
        post(cast, case)
    assert shas(cast.bob, case) == []
    assert case.state == "draft"


def test_beside_a_held_head_the_rest_is_posted(cast) -> None:
    def by_series(job: HeadJob) -> HeadDone:
        return (BLIND if len(job.instances) == 5 else NO_HEAD)(job)

    others = [file_of(One(place=place, series=7)) for place in range(11, 15)]
    case = drafted(cast.alice, by_series, [*series(5), *others])
    post(cast, case)
    assert len(shas(cast.bob, case)) == 4


def test_the_author_chooses_the_single_slices_that_were_proposed_and_nobody_else_can(cast) -> None:
    case = drafted(cast.alice, BLIND)
    look = HeadLook.objects.get()
    assert len(look.proposed) == 3
    for other in (cast.bob, cast.charlie, cast.dora):
        assert not choose_slices(other, look.id)
    assert choose_slices(cast.alice, look.id)
    assert not choose_slices(cast.alice, look.id), "a word counts once"
    post(cast, case)
    assert {pane.sop_instance_uid for pane in window.case_instances(cast.bob.id, case.id)} == set(look.proposed)
    line = LedgerEntry.objects.get(event="head.slices_chosen")
    assert (line.actor, line.subject) == (str(cast.alice.id), str(look.id))


def test_one_series_sent_in_two_parts_is_looked_at_as_one(cast) -> None:
    jobs: list[HeadJob] = []

    def look(job: HeadJob) -> HeadDone:
        jobs.append(job)
        return ALL_CUT(job)

    send(cast.alice, series(5)[:3])
    walk(look)
    send(cast.alice, series(5)[3:])
    walk(look)
    assert [len(job.instances) for job in jobs] == [3, 5]
    case = Case.objects.get()
    assert sorted(HeadLook.objects.values_list("state", "images")) == [("done", 5), ("outgrown", 3)]
    post(cast, case)
    assert len(shas(cast.bob, case)) == 5


def test_a_look_at_less_than_the_case_holds_now_counts_for_nothing(cast) -> None:
    case = drafted(cast.alice, ALL_CUT)
    HeadLook.objects.update(fingerprint="0" * 64)
    with pytest.raises(FacesDue):
        study_for_others(case.id)


def test_two_slices_show_no_surface_but_those_of_several_series_together_may(cast) -> None:
    few = [file_of(One(place=place, series=900 + place)) for place in (1, 2)]
    send(cast.alice, few)
    walk(away)
    case = Case.objects.get()
    assert set(HeadLook.objects.values_list("state", "outcome")) == {("done", "planes")}
    assert len(study_for_others(case.id).instances) == 2
    assert heads_of_case(case.id) == []
    send(cast.alice, [file_of(One(place=3, series=903))])
    walk(away)
    assert Case.objects.count() == 1
    told = heads_of_case(case.id)
    assert [(one.is_held, one.reason.code) for one in told] == [(True, "head-loose-slices")] * 3
    with pytest.raises(FacesHeld) as stop:
        study_for_others(case.id)
    assert [reason.code for reason in stop.value.reasons] == ["head-loose-slices"]


def test_other_bytes_than_those_looked_at_are_never_stood_in_for(cast) -> None:
    case = drafted(cast.alice, ALL_CUT)
    FaceFree.objects.update(instead_of="0" * 64)
    with pytest.raises(FacesHeld):
        study_for_others(case.id)


def test_a_look_that_dies_is_tried_again_and_the_third_time_the_head_is_held(cast) -> None:
    tries: list[int] = []

    def dying(job: HeadJob) -> HeadDone:
        tries.append(1)
        raise BrokenProcessPool

    case = drafted(cast.alice, dying)
    look = HeadLook.objects.get()
    assert (len(tries), look.state, look.reason_code) == (3, HeadState.HELD, "head-look-stopped")
    with pytest.raises(RoomError, match="more time or memory than allowed, or failed"):
        post(cast, case)


def test_a_store_that_is_away_for_a_moment_is_no_fault_of_the_head(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere import conveyor

    monkeypatch.setattr(conveyor, "RETRY_PAUSE_S", 0.01)
    tries: list[int] = []

    def later(job: HeadJob) -> HeadDone:
        tries.append(1)
        if len(tries) < 4:
            raise Broken("store: no answer", retryable=True)
        return ALL_CUT(job)

    drafted(cast.alice, later)
    assert HeadLook.objects.values_list("state", "attempts").get() == (HeadState.DONE, 0)


def test_a_conveyor_killed_in_the_middle_finds_the_same_work_again_and_writes_it_once(cast) -> None:
    send(cast.alice, series(5))
    killed = Conveyor(lambda: ThreadPoolExecutor(1), clear_series=ALL_CUT)
    while not killed.heads.under_way:
        killed.round()
    (job,) = killed.heads.under_way.values()
    assert list(heads_due()) == [job]
    walk(ALL_CUT)
    assert list(heads_due()) == []
    killed.run_until_idle()
    keep_head("conveyor", job, BLIND(job))
    assert HeadLook.objects.get().state == HeadState.DONE
    assert FaceFree.objects.count() == 5


def test_asking_twice_asks_once_and_a_thrown_away_draft_is_looked_at_no_more(cast) -> None:
    from confrere.apps.rooms.actions.rooms import discard_case

    send(cast.alice, series(5))
    walker = Conveyor(lambda: ThreadPoolExecutor(1), clear_series=ALL_CUT)
    while not HeadLook.objects.exists():
        for name, station in walker.stations():
            if name != "clear heads":
                station()
    case = Case.objects.get()
    ask_for_heads("conveyor", verified_study(case.id))
    assert HeadLook.objects.count() == 1
    discard_case(cast.alice, case.id)
    assert list(heads_due()) == []


def test_a_class_nobody_has_listed_may_show_a_face(cast) -> None:
    from confrere.apps.clearance.face_free import may_show_face

    case = drafted(cast.alice, NO_HEAD)
    study = verified_study(case.id)
    for stated, expected in (("1.2.3", 1), (None, 1), ("1.2.840.10008.5.1.4.1.1.6.1", 0)):
        changed = tuple(replace(one, facts={**one.facts, "sop_class_uid": stated}) for one in study.instances)
        assert len(may_show_face(replace(study, instances=changed))) == expected


def test_renderings_are_destroyed_once_no_draft_shows_them(cast) -> None:
    def with_strips(job: HeadJob) -> HeadDone:
        for name in ("before", "after"):
            window.store().put(strip_key(job.look_id, name), b"a face")
        return replace(ALL_CUT(job), strips=("before", "after"))

    case = drafted(cast.alice, with_strips)
    look = HeadLook.objects.get()
    assert window.store().get(strip_key(look.id, "before")) == b"a face"
    post(cast, case)
    walk(with_strips)
    assert list(window.store().keys("heads")) == []
    look.refresh_from_db()
    assert (look.strips, look.state) == ([], HeadState.DONE)
    assert LedgerEntry.objects.filter(event="head.renderings_destroyed").count() == 1
