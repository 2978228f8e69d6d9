"""The doctor's words for what the gate and the de-identifier say in codes.

Source: decision vocabulary of docs/reference/decisions.md; action codes of PS3.15 Table E.1-1a.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext_lazy as _

# (value, label, what it means)
PURPOSES = (
    ("discuss", _("Discussion"), _("Colleagues in the room say what they see.")),
    ("consult", _("Second opinion"), _("You treat the patient and need an answer.")),
    ("teaching", _("Teaching"), _("The case is shown to teach; needs the patient's consent.")),
)
CONSENT_FORMS = (
    ("none", _("No consent yet")),
    ("written", _("Written")),
    ("verbal", _("Spoken")),
)
ALTERNATIVES = {
    "closed_consult": _("Post it for a second opinion, in a room of your own institution."),
    "closed_class": _("Show it to a class in a closed room."),
    "case_report": _("Write it up as a case report, with the patient's consent to publish."),
    "deidentify": _("Send the study again, so that it is de-identified."),
    "obtain_consent": _("Ask the patient for consent to teaching, then post it."),
    "mask": _("Cover what may not be seen, then send it again."),
    "remove_promotion": _("Take out what advertises, then send it again."),
    "cite_source": _("Name a source that others can check."),
    "redirect": _("Guide the patient to a consultation."),
    "take_down": _("Take down what is already shown."),
}
# What is missing when the gate says no and offers this way out.
MISSING = {
    "obtain_consent": _("The rules ask for the patient's written consent to teaching first."),
    "deidentify": _("The rules allow only de-identified images in this room."),
}
FLOOR = _("Only verified members may see images, only images that passed the second look, and no head with its face.")
ACTIONS = {
    "X": _("removed"),
    "Z": _("emptied"),
    "D": _("replaced by a neutral value"),
    "U": _("identifiers replaced by new ones"),
    "C": _("dates moved by one offset"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fired, as it is shown behind the tap."""

    pack: str
    clause: str
    decision: str
    is_binding: bool


@dataclass(frozen=True, slots=True)
class No:
    """Why the gate said no: one sentence, the clauses, what may be done instead."""

    sentence: str
    rules: tuple[Rule, ...]
    alternatives: tuple[str, ...]


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, Iterable) and not isinstance(value, str) else []


def _sentence(decision: Mapping[str, object], floor: tuple[str, ...]) -> str:
    if floor:
        return str(FLOOR)
    for code in _texts(decision.get("alternatives")):
        if code in MISSING:
            return str(MISSING[code])
    return str(_("The rules do not allow this purpose for this room."))


def no_of(decision: Mapping[str, object], floor: tuple[str, ...] = ()) -> No:
    """Put a refusing Decision into words; a code without words is shown as it stands."""
    fired = cast("list[Mapping[str, object]]", decision.get("rules") or [])
    rules = tuple(
        Rule(
            str(rule.get("pack", "")),
            str(rule.get("clause") or rule.get("id", "")),
            str(rule.get("decision", "")),
            bool(rule.get("binding")),
        )
        for rule in fired
        if rule.get("decision") in {"forbid", "warn"}
    )
    codes = [code for code in _texts(decision.get("alternatives")) if code != "none"]
    return No(_sentence(decision, floor), rules, tuple(str(ALTERNATIVES.get(code, code)) for code in codes))


def removed_lines(actions: Mapping[str, int]) -> list[tuple[int, str]]:
    """What was done to how many header elements, the most first; kept elements are not told."""
    sums: dict[str, int] = {}
    for code, count in actions.items():
        words = ACTIONS.get(code[:1].upper())
        if words is not None:
            sums[str(words)] = sums.get(str(words), 0) + count
    return sorted(((count, words) for words, count in sums.items()), reverse=True)
