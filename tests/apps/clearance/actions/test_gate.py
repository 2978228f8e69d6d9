"""The gate lets a study through only over the hard floor and within the rules; the ledger has a line either way."""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from confrere.apps.accounts.actions.members import NewMember, end_membership, enrol_member, form_audience, join_audience
from confrere.apps.accounts.models import Audience, Member
from confrere.apps.audit.models import LedgerEntry
from confrere.apps.cases.actions.drafts import ConsentGiven, record_consent
from confrere.apps.cases.models import Case
from confrere.apps.clearance.actions import gate
from confrere.apps.clearance.actions.gate import Ask, GateRefused, pass_gate
from confrere.apps.clearance.face_free import study_for_others
from confrere.apps.clearance.reads import verified_study
from confrere.core.rules import FloorFacts

pytestmark = pytest.mark.database
SOURCE = Path(__file__).resolve().parents[4] / "src"


@pytest.fixture
def ask(cast: SimpleNamespace, draft_case: Case) -> Ask:
    return Ask(study_for_others(draft_case.id), cast.alice, cast.room.audience_id, "discuss")


def newest_line() -> LedgerEntry:
    return LedgerEntry.objects.order_by("-sequence")[0]


def refused(ask: Ask) -> GateRefused:
    with pytest.raises(GateRefused) as stop:
        pass_gate("alice", ask)
    line = newest_line()
    assert (line.event, line.actor, line.subject) == ("gate.refused", "alice", str(ask.study.case_id))
    assert line.detail["floor"] == list(stop.value.floor)
    return stop.value


def test_a_study_passes_to_a_verified_audience(ask: Ask) -> None:
    cleared = pass_gate("alice", ask)
    assert (cleared.study, cleared.audience_id, cleared.purpose) == (ask.study, ask.audience_id, "discuss")
    line = newest_line()
    assert (line.event, line.actor, line.subject) == ("gate.passed", "alice", str(ask.study.case_id))
    assert line.detail["audience"] == str(ask.audience_id)
    assert line.detail["purpose"] == "discuss"
    assert line.detail["floor"] == []


def test_the_same_question_gets_the_same_decision(ask: Ask) -> None:
    assert pass_gate("alice", ask).decision == pass_gate("alice", ask).decision


def test_a_member_without_a_registration_number_keeps_the_gate_shut(ask: Ask, cast: SimpleNamespace) -> None:
    unverified = enrol_member("test", cast.here, NewMember("eva", "Dr Eva", "a long password"))
    join_audience("test", ask.audience_id, unverified.id)
    assert refused(ask).floor == ("audience",)


def test_a_member_whose_account_has_ended_is_no_audience(ask: Ask, cast: SimpleNamespace) -> None:
    Member.objects.filter(id=cast.bob.id).update(is_active=False)
    assert refused(ask).floor == ("audience",)
    end_membership("test", cast.bob.id)
    assert pass_gate("alice", ask)


def test_an_empty_audience_keeps_the_gate_shut(ask: Ask, cast: SimpleNamespace) -> None:
    nobody = form_audience("test", cast.here, [])
    assert refused(replace(ask, audience_id=nobody.id)).floor == ("audience",)


def test_an_audience_that_is_not_there_is_an_error(ask: Ask, cast: SimpleNamespace) -> None:
    with pytest.raises(Audience.DoesNotExist):
        pass_gate("alice", replace(ask, audience_id=cast.alice.id))


def test_a_study_that_may_show_a_face_passes_to_its_author_alone(
    ask: Ask, draft_case: Case, cast: SimpleNamespace
) -> None:
    whole = replace(ask, study=verified_study(draft_case.id))
    assert refused(whole).floor == ("faces",)
    for others in ([cast.bob], [cast.alice, cast.bob]):
        audience = form_audience("test", cast.here, others)
        assert refused(replace(whole, audience_id=audience.id)).floor == ("faces",)
    alone = form_audience("test", cast.here, [cast.alice])
    assert pass_gate("alice", replace(whole, audience_id=alone.id)).study == whole.study


def test_a_study_without_a_verified_instance_is_refused(ask: Ask) -> None:
    assert refused(replace(ask, study=replace(ask.study, instances=()))).floor == ("instances",)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"identity": "direct"}, "identity"),
        ({"identity": "indirect"}, "identity"),
        ({"residuals": 1}, "residuals"),
        ({"profile": "headers"}, "profile"),
        ({"instances_verified": 2}, "instances"),
    ],
)
def test_a_broken_floor_refuses_whatever_the_rules_say(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object], broken: str
) -> None:
    monkeypatch.setattr(gate, "FloorFacts", lambda **told: FloorFacts(**{**told, **changed}))
    stop = refused(ask)
    assert stop.floor == (broken,)
    assert stop.decision["default"] in {"permit", "permit_with_obligation", "warn"}


def test_the_rules_forbid_direct_identity_even_over_a_sound_floor(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., object] = gate.Request.from_json
    identified = SimpleNamespace(from_json=lambda told: real({**told, "identity": "direct"}))
    monkeypatch.setattr(gate, "Request", identified)
    stop = refused(replace(ask, purpose="teaching"))
    assert stop.floor == ()
    assert (stop.decision["law_now"], stop.decision["default"]) == ("forbid", "forbid")


def test_teaching_without_consent_is_refused_with_an_alternative(ask: Ask) -> None:
    stop = refused(replace(ask, purpose="teaching"))
    assert stop.floor == ()
    assert stop.decision["default"] == "forbid"
    assert stop.decision["alternatives"]


def test_teaching_with_a_written_consent_for_teaching_passes(ask: Ask, cast: SimpleNamespace) -> None:
    record_consent(cast.alice, ask.study.case_id, ConsentGiven("teaching", "written"))
    assert pass_gate("alice", replace(ask, purpose="teaching")).purpose == "teaching"


def test_a_consent_for_another_case_does_not_serve(
    ask: Ask, cast: SimpleNamespace, another_draft: Callable[[Member], Case]
) -> None:
    record_consent(cast.alice, another_draft(cast.alice).id, ConsentGiven("teaching", "written"))
    refused(replace(ask, purpose="teaching"))


def test_a_purpose_nobody_knows_is_an_error(ask: Ask) -> None:
    with pytest.raises(KeyError):
        pass_gate("alice", replace(ask, purpose="fun"))


def test_an_audience_of_two_institutions_is_judged_as_one(
    ask: Ask, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    real = gate.Request.from_json
    monkeypatch.setattr(gate, "Request", SimpleNamespace(from_json=lambda told: (asked.append(told), real(told))[1]))
    pass_gate("alice", ask)
    join_audience("test", ask.audience_id, cast.charlie.id)
    pass_gate("alice", ask)
    assert [one["destination"] for one in asked] == ["closed_institutional", "closed_federated"]


def test_only_the_gate_makes_a_cleared_study() -> None:
    makers = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if named == "ClearedStudy":
                makers.add(str(path.relative_to(SOURCE)))
    assert makers == {"confrere/apps/clearance/actions/gate.py"}
