"""The packs say what section 1 of the scenario paper derives, on the paper's grid and on random requests beside it."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.derivation_of_rules import derived

from confrere.core.rules import Request, decide, shipped_packs

PACKS = [one for one in shipped_packs() if one.id in ("imc-2002", "nmc-draft-2022", "nmc-2023", "dpdp")]
ON = date(2026, 11, 23)
PLACES = (
    *("public_social", "messaging_group", "file_host", "own_webpage", "conference_online"),
    *("closed_institutional", "closed_class", "closed_federated"),
    *("messaging_1to1", "conference_room", "journal"),
)
BESIDE = (*PLACES, "institution_webpage", "lay_press", "broadcast_media", "third_party_service", "public_dataset")
ACTORS = ("rmp", "external_rmp", "student", "other_hcp", "institution", "organiser")
CONTENTS = ("scan_image", "clinical_photo", "result_image", "procedure_video", "treatment_discussion")
IDENTITIES = ("direct", "indirect", "coded", "anonymous")
ACTIONS = ("post", "share", "discuss", "teach", "present", "publish", "consult")
FLAGS = (
    *("urgent", "view_once", "factual_verifiable", "within_expertise", "own_page_link", "outsider_in_group"),
    *("promotional", "has_contact_or_booking", "self_made_public"),
)


def said(asked: dict[str, Any]) -> dict[str, str]:
    return {name: value.value for name, value in decide(Request.from_json(asked), PACKS, on=ON).packs}


@pytest.mark.parametrize("action", ACTIONS)
def test_on_the_paper_s_grid_every_pack_says_what_is_derived(action: str) -> None:
    for actor, content, place, identity in product(ACTORS, CONTENTS, PLACES, IDENTITIES):
        asked = {
            "actor": actor,
            "action": action,
            "content": [content],
            "destination": place,
            "identity": identity,
            "consent": [],
            "flags": [],
        }
        assert said(asked) == derived(asked), asked


consents = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(["care", "teaching", "publication", "social"]),
        "form": st.sampled_from(["written", "verbal", "none"]),
    }
)
# What a doctor says or shows; of institutions and other words the section says too little to derive.
requests = st.fixed_dictionaries(
    {
        "actor": st.sampled_from(["rmp", "external_rmp", "student", "organiser"]),
        "action": st.sampled_from(ACTIONS),
        "content": st.lists(st.sampled_from([*CONTENTS, "health_information"]), min_size=1, max_size=2, unique=True),
        "destination": st.sampled_from(BESIDE),
        "identity": st.sampled_from(IDENTITIES),
        "consent": st.lists(consents, max_size=2),
        "flags": st.lists(st.sampled_from(FLAGS), max_size=3, unique=True),
    }
)


@settings(max_examples=400, deadline=None)
@given(requests)
def test_beside_the_grid_consents_flags_and_mixed_content_are_derived_too(asked: dict[str, Any]) -> None:
    assert said(asked) == derived(asked)
