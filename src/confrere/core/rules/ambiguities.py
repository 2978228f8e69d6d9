"""The open questions A1 to A18 as named parameters: each has its readings, and the first is the default.

A pack's rule says which questions it hangs on; a profile, of an institution or of one request, picks a reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from confrere.core.rules.errors import RequestError, told


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """One open question; `readings[0]` holds unless a profile says otherwise."""

    question: str
    readings: tuple[str, ...]


AMBIGUITIES: dict[str, Ambiguity] = {
    "A1": Ambiguity(
        "Is a closed server that the institution owns social media?", ("closed_not_social", "closed_is_social")
    ),
    "A2": Ambiguity("Are CT and PET examples, or the whole list of images meant?", ("illustrative", "exhaustive")),
    "A3": Ambiguity("Does concealing the identity cure a post?", ("no_cure", "concealment_cures")),
    "A4": Ambiguity("Does the patient's consent cure a post?", ("no_cure", "consent_cures")),
    "A5": Ambiguity("Does point 6 reach beyond social media?", ("social_only", "anywhere")),
    "A6": Ambiguity(
        "Is a standing messaging group social media or telemedicine?", ("group_is_social", "group_is_telemedicine")
    ),
    "A7": Ambiguity("Does a post count as publication under 7.17?", ("post_is_no_publication", "post_is_publication")),
    "A8": Ambiguity("Is a journal that is read online social media?", ("journal_is_not_social", "journal_is_social")),
    "A9": Ambiguity(
        "Is putting a talk online a new act of its own?", ("each_showing_anew", "online_conference_is_a_hall")
    ),
    "A10": Ambiguity("Is the hospital's page the doctor's own page?", ("own_page_only", "hospital_page_too")),
    "A11": Ambiguity(
        "Who binds people who are on no council's register?", ("institution_policy_binds_all", "councils_only")
    ),
    "A12": Ambiguity(
        "Does a view that vanishes lift the duty to keep records?", ("view_ends_record_stays", "view_ends_all")
    ),
    "A13": Ambiguity(
        "Is coded data personal data for whoever holds no key?", ("personal", "personal_for_key_holder_only")
    ),
    "A14": Ambiguity("May the next of kin consent for a patient who has died?", ("next_of_kin", "nominee_only")),
    "A15": Ambiguity("Is urgency an exception?", ("care_consult_only", "no_exception")),
    "A16": Ambiguity(
        "When does the third phase of the data protection rules start?",
        ("from_2027_05_13", "from_2027_05_14", "from_2026_11_13"),
    ),
    "A17": Ambiguity(
        "Does a minor's own permission suffice under the conduct texts?",
        ("conduct_warns", "guardian_needed", "own_suffices"),
    ),
    "A18": Ambiguity("Is a doctor's own scan a patient's image?", ("own_scan_warns", "as_any_patient")),
}
READINGS: dict[str, tuple[str, ...]] = {name: one.readings for name, one in AMBIGUITIES.items()}
DEFAULTS: dict[str, str] = {name: one.readings[0] for name, one in AMBIGUITIES.items()}


def readings(raw: object) -> tuple[tuple[str, str], ...]:
    """The readings of a profile, sorted. Raises RequestError, naming what is allowed, for any other."""
    if not isinstance(raw, Mapping):
        raise RequestError("profile: must be an object")
    for name, reading in raw.items():
        if name not in READINGS:
            raise RequestError(f"profile: {told(name)} is not one of {', '.join(READINGS)}")
        if reading not in READINGS[name]:
            raise RequestError(f"profile {name}: {told(reading)} is not one of {', '.join(READINGS[name])}")
    return tuple(sorted(raw.items()))
