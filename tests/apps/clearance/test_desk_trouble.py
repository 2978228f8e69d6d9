"""What goes wrong between a person's word and its end: workers die, children lie, networks are missing."""

import pytest
from apps.clearance.test_desk_flow import MASK, states, words_for
from support.desk import scan, stub_eyes  # noqa: F401  # fixture
from support.sending import clear, sent_and_cleared

from confrere.apps.clearance.actions.approve import DeskError, Word, approve
from confrere.apps.clearance.desk_reads import desk_of
from confrere.apps.clearance.models import Approval, DeviceMask, InstanceClearance, Proposal
from confrere.apps.intake.models import IntakeState

pytestmark = [pytest.mark.usefixtures("keys", "open_jail", "stub_eyes")]


def test_a_worker_that_dies_over_an_approved_image_loses_no_word_and_the_third_time_holds_it(
    cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from confrere.apps.clearance.examine import examine_batch
    from confrere.conveyor import Conveyor

    def dying(times: int):
        left = [times]

        def examine(batch):
            if left[0]:
                left[0] -= 1
                raise BrokenProcessPool
            return examine_batch(batch)

        return examine

    first = sent_and_cleared(cast.alice, [scan(1)])
    approve(cast.alice, first.id, words_for(cast.alice, first))
    Conveyor(lambda: ThreadPoolExecutor(1), examine=dying(2)).run_until_idle()
    assert states() == [("verified", "")]
    second = sent_and_cleared(cast.alice, [scan(2, study=709)])
    approve(cast.alice, second.id, words_for(cast.alice, second))
    Conveyor(lambda: ThreadPoolExecutor(1), examine=dying(9)).run_until_idle()
    assert states() == [("held", "clearance-failed"), ("verified", "")]
    assert Approval.objects.count() == 2
    assert desk_of(cast.alice.id, second.id) == []


def test_a_conveyor_killed_between_word_and_work_finds_the_same_work_again(cast) -> None:
    from confrere.apps.clearance.actions.plan import batches_due

    intake = sent_and_cleared(cast.alice, [scan(1), scan(2)])
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    first, again = list(batches_due()), list(batches_due())
    assert first == again
    assert [one.by for ref in first[0].arrivals for one in ref.approved] == [str(cast.alice.id)] * 2


def test_nothing_that_a_hostile_child_says_of_boxes_is_believed(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere.apps.clearance import jailed_pixels

    monkeypatch.setattr(jailed_pixels, "regions_told", lambda _regions: [[0, 0, 0, 0, 9999, 4, "text", "x", 1.0]])
    intake = sent_and_cleared(cast.alice, [scan()])
    assert not Proposal.objects.exists()
    assert (intake.state, intake.reason_code) == (IntakeState.HELD, "clearance-failed")


def test_a_mark_left_once_and_remembered_is_left_in_the_next_proposal_of_the_device(
    cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from support import desk

    from confrere.apps.clearance import jailed_pixels
    from confrere.core.pixels.marks import POSSIBLE_MARK
    from confrere.core.pixels.propose import Proposal as Proposed
    from confrere.core.pixels.propose import Tier
    from confrere.core.pixels.regions import Box, Region, RegionKind

    mark = Region(0, 0, Box(40, 2, 46, 8), RegionKind.TEXT, POSSIBLE_MARK, 0.8)

    def with_mark(frames, _facts, _detector, _templates):
        return Proposed((*desk.white_boxes(frames), mark), Tier.DISTINCT, sure=False, reason="pixels-need-a-person")

    monkeypatch.setattr(jailed_pixels, "propose_regions", with_mark)
    intake = sent_and_cleared(cast.alice, [scan()])
    (asked,) = desk_of(cast.alice.id, intake.id)
    masks = [one for one in asked.regions if one[7] != POSSIBLE_MARK]
    left = [one for one in asked.regions if one[7] == POSSIBLE_MARK]
    approve(cast.alice, intake.id, [Word(asked.proposal_id, masks, left)], remember=True)
    clear()
    assert DeviceMask.objects.get().kept == [[40, 2, 46, 8]]
    following = sent_and_cleared(cast.alice, [scan(4, study=711)])
    (asked,) = desk_of(cast.alice.id, following.id)
    assert [one[2:6] for one in asked.kept] == [[40, 2, 46, 8]]
    assert asked.has_device_mask


def test_no_free_text_is_taken_as_a_rule_or_as_the_source_of_a_box(cast) -> None:
    intake = sent_and_cleared(cast.alice, [scan()])
    (asked,) = desk_of(cast.alice.id, intake.id)
    named = [[*MASK[0][:7], "Zaveriwal", 1.0]]
    for word in (
        Word(asked.proposal_id, MASK, [], "as Zaveriwal said"),
        Word(asked.proposal_id, named, []),
        Word(asked.proposal_id, [], named),
    ):
        with pytest.raises(DeskError, match="offers"):
            approve(cast.alice, intake.id, [word])
    assert not Approval.objects.exists()
    drawn = [[0, 0, 0, 0, 4, 4, "drawn", "person", 1]]
    approve(cast.alice, intake.id, [Word(asked.proposal_id, [*MASK, *drawn], [], "device, all alike")])


def test_a_network_that_is_missing_when_a_word_is_carried_out_releases_nothing_and_the_word_can_be_given_again(
    cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from confrere.apps.clearance import jailed_pixels
    from confrere.core.terms import Held

    def missing() -> None:
        raise Held("pixel-engine-missing")

    intake = sent_and_cleared(cast.alice, [scan()])
    with monkeypatch.context() as broken:
        broken.setattr(jailed_pixels, "second_detector", missing)
        approve(cast.alice, intake.id, words_for(cast.alice, intake))
        clear()
    assert states() == [("held", "pixel-engine-missing")]
    assert not InstanceClearance.objects.exclude(object_key="").exists()
    (asked,) = desk_of(cast.alice.id, intake.id)
    assert (asked.reason.code, asked.regions) == ("pixel-engine-missing", MASK)
    approve(cast.alice, intake.id, words_for(cast.alice, intake))
    clear()
    assert states() == [("verified", "")]
