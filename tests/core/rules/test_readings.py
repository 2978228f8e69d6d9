"""Each reading of each ambiguity changes what is answered to a question that hangs on it."""

from datetime import date
from typing import Any

import pytest

from confrere.core.rules import Request, decide, shipped_packs
from confrere.core.rules.ambiguities import READINGS

SCAN: dict[str, Any] = {
    "actor": "rmp",
    "action": "post",
    "content": ["scan_image"],
    "destination": "public_social",
    "identity": "anonymous",
}
FACE = SCAN | {"content": ["clinical_photo"], "identity": "direct"}


def consent(purpose: str, giver: str = "patient") -> list[dict[str, str]]:
    return [{"purpose": purpose, "form": "written", "giver": giver}]


# (ambiguity, reading, question, pack, by default, under the reading)
HANGS = [
    ("A1", "closed_is_social", SCAN | {"action": "teach", "destination": "closed_class"}, "nmc-2023", "O", "F"),
    ("A2", "exhaustive", SCAN | {"modality": "US"}, "nmc-draft-2022", "F", "-"),
    ("A3", "concealment_cures", SCAN, "nmc-draft-2022", "F", "W"),
    ("A4", "consent_cures", SCAN | {"consent": consent("social")}, "nmc-2023", "F", "O"),
    (
        "A5",
        "anywhere",
        SCAN | {"action": "teach", "content": ["procedure_video"], "destination": "closed_class"},
        "nmc-draft-2022",
        "W",
        "F",
    ),
    (
        "A6",
        "group_is_telemedicine",
        FACE | {"action": "consult", "destination": "messaging_group"},
        "imc-2002",
        "F",
        "O",
    ),
    ("A8", "journal_is_social", SCAN | {"action": "publish", "destination": "journal"}, "nmc-2023", "P", "F"),
    (
        "A9",
        "online_conference_is_a_hall",
        SCAN | {"action": "present", "destination": "conference_online"},
        "nmc-draft-2022",
        "F",
        "-",
    ),
    ("A10", "hospital_page_too", SCAN | {"destination": "institution_webpage"}, "nmc-draft-2022", "-", "F"),
    ("A11", "councils_only", FACE | {"actor": "other_hcp"}, "institution-policy", "F", "-"),
    (
        "A13",
        "personal_for_key_holder_only",
        SCAN | {"action": "teach", "destination": "closed_federated", "identity": "coded"},
        "dpdp",
        "F",
        "-",
    ),
    (
        "A14",
        "nominee_only",
        FACE
        | {"action": "publish", "destination": "journal", "flags": ["deceased"]}
        | {"consent": consent("publication", "next_of_kin")},
        "imc-2002",
        "O",
        "F",
    ),
    (
        "A17",
        "guardian_needed",
        FACE | {"action": "publish", "destination": "journal", "flags": ["minor"], "consent": consent("publication")},
        "imc-2002",
        "W",
        "F",
    ),
    (
        "A17",
        "own_suffices",
        FACE | {"action": "publish", "destination": "journal", "flags": ["minor"], "consent": consent("publication")},
        "nmc-draft-2022",
        "W",
        "O",
    ),
    ("A18", "as_any_patient", FACE | {"flags": ["self_is_patient"]}, "imc-2002", "W", "F"),
]
CODES = {"F": "forbid", "W": "warn", "O": "permit_with_obligation", "P": "permit", "-": "silent"}
# These change which rules speak or bind, not a pack's answer.
BY_RULE = {
    "A7": ("post_is_publication", FACE, "imc-2002/7.17-a", False, True),
    "A12": (
        "view_ends_all",
        FACE | {"action": "consult", "destination": "closed_institutional", "flags": ["view_once"]},
        "tpg-2020/records",
        True,
        False,
    ),
    "A15": (
        "no_exception",
        FACE | {"action": "consult", "destination": "closed_institutional", "flags": ["urgent"]},
        "dpdp/7f-g",
        True,
        False,
    ),
}
ON = date(2026, 11, 23)


@pytest.mark.parametrize(("name", "reading", "asked", "pack", "before", "after"), HANGS, ids=lambda one: str(one)[:24])
def test_another_reading_gives_another_answer(
    name: str, reading: str, asked: dict[str, Any], pack: str, before: str, after: str
) -> None:
    request = Request.from_json(asked)
    assert dict(decide(request, shipped_packs(), on=ON).packs)[pack] == CODES[before]
    assert dict(decide(request, shipped_packs(), on=ON, profile={name: reading}).packs)[pack] == CODES[after]


@pytest.mark.parametrize("name", BY_RULE)
def test_another_reading_lets_other_rules_speak(name: str) -> None:
    reading, asked, rule, before, after = BY_RULE[name]
    request = Request.from_json(asked)
    plain = {one.id for one in decide(request, shipped_packs(), on=ON).rules}
    other = {one.id for one in decide(request, shipped_packs(), on=ON, profile={name: reading}).rules}
    assert (rule in plain, rule in other) == (before, after)


def test_every_reading_but_the_defaults_is_tried_here_or_with_the_dates() -> None:
    tried = {(name, reading) for name, reading, *_ in HANGS} | {(name, one[0]) for name, one in BY_RULE.items()}
    others = {(name, reading) for name, found in READINGS.items() for reading in found[1:] if name != "A16"}
    assert tried == others


def test_a_minor_s_own_permission_is_warned_of_by_the_conduct_texts_and_refused_by_the_data_act() -> None:
    asked = FACE | {"action": "publish", "destination": "journal", "flags": ["minor"]}
    own = dict(decide(Request.from_json(asked | {"consent": consent("publication")}), shipped_packs(), on=ON).packs)
    assert [own[one] for one in ("imc-2002", "nmc-draft-2022", "nmc-2023", "dpdp")] == ["warn"] * 3 + ["forbid"]
    parent = asked | {"consent": consent("publication", "guardian")}
    assert decide(Request.from_json(parent), shipped_packs(), on=ON).default == "permit_with_obligation"


def test_a_doctor_s_own_scan_is_warned_of_and_still_no_advertisement() -> None:
    own = FACE | {"flags": ["self_is_patient"]}
    answer = decide(Request.from_json(own), shipped_packs(), on=ON)
    assert (answer.law_now, answer.default, dict(answer.packs)["dpdp"]) == ("warn", "warn", "silent")
    shown_off = Request.from_json(own | {"flags": ["self_is_patient", "promotional"]})
    assert decide(shown_off, shipped_packs(), on=ON).law_now == "forbid"
