"""Requests in the closed vocabulary; everything else is refused."""

import re
from datetime import date
from typing import Any

import pytest

from confrere.core.rules import Request, RequestError

GOOD: dict[str, Any] = {
    "actor": "rmp",
    "register": "PB",
    "action": "post",
    "content": ["scan_image"],
    "destination": "public_social",
    "identity": "anonymous",
    "consent": [{"purpose": "teaching", "form": "written", "giver": "patient", "valid": True}],
    "flags": ["urgent"],
    "modality": "CT",
    "date": "2026-11-23",
    "packs": ["imc-2002"],
    "profile": {"A1": "closed_is_social"},
}


def test_the_example_of_the_contract_is_read() -> None:
    request = Request.from_json(GOOD)
    assert (request.on, request.packs) == (date(2026, 11, 23), ("imc-2002",))
    assert request.profile == (("A1", "closed_is_social"),)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "robot"},
        {"actor": None},
        {"unknown": 1},
        {"content": "scan_image"},
        {"content": ["brain"]},
        {"flags": [7]},
        {"consent": ["yes"]},
        {"consent": [{"purpose": "teaching", "form": "written", "scope": "all"}]},
        {"consent": [{"purpose": "teaching", "form": "written", "valid": "yes"}]},
        {"consent": [{"purpose": "teaching", "form": "written", "withdrawn_at": "soon"}]},
        {"consent": [{"form": "written"}]},
        {"date": "2026-13-40"},
        {"register": 7},
        {"profile": {"A1": "maybe"}},
        {"profile": {"A99": "yes"}},
        {"profile": []},
        {"register": "jk"},
        {"register": "Jammu"},
        {"date": "20261123"},
        {"date": "2026-11-23T10:00"},
        {"packs": []},
        {"packs": "imc-2002"},
    ],
)
def test_what_the_vocabulary_lacks_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        Request.from_json(GOOD | change)


@pytest.mark.parametrize(
    ("action", "destination", "purpose"),
    [
        ("consult", "messaging_1to1", "care"),
        ("present", "conference_room", "teaching"),
        ("publish", "journal", "publication"),
        ("post", "public_social", "social"),
        ("consult", "messaging_group", "social"),
        ("consult", "closed_federated", "care"),
    ],
)
def test_each_act_needs_its_own_consent(action: str, destination: str, purpose: str) -> None:
    assert Request.from_json(GOOD | {"action": action, "destination": destination}).needed_purpose == purpose


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"actor": "robot"}, "actor: 'robot' is not in the vocabulary; allowed: rmp, student"),
        ({"identity": "pseudonymous"}, "'pseudonymous' is not in the vocabulary; allowed: direct, indirect, coded"),
        ({"content": ["brain"]}, "'brain' is not in the vocabulary; allowed: scan_image"),
        ({"flags": ["famous"]}, "'famous' is not in the vocabulary; allowed: urgent"),
        ({"register": "XX"}, "'XX' is not in the vocabulary; allowed: AN"),
        ({"audience": "all"}, "unknown key 'audience'; allowed: action"),
        ({"date": "soon"}, "'soon' is not a day; allowed: YYYY-MM-DD"),
    ],
)
def test_what_is_refused_is_named_with_what_is_allowed(change: dict[str, object], told: str) -> None:
    with pytest.raises(RequestError, match=re.escape(told)):
        Request.from_json(GOOD | change)


@pytest.mark.parametrize("key", ["actor", "action", "destination", "identity"])
def test_what_is_left_out_is_never_guessed(key: str) -> None:
    with pytest.raises(RequestError, match=f"{key}: nothing is said; allowed: "):
        Request.from_json({name: value for name, value in GOOD.items() if name != key})


def test_a_consent_of_which_nobody_says_how_it_was_given_proves_nothing() -> None:
    asked = Request.from_json(GOOD | {"consent": [{"purpose": "teaching"}]})
    assert asked.consent[0].form == "none"
