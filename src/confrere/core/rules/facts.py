"""What the rules look at: a request with its day and readings, worked out once for all rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from confrere.core.rules.groups import GROUPS
from confrere.core.rules.request import ConsentGiven, Request
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    ConsentForm,
    ConsentGiver,
    Content,
    Destination,
    Flag,
    Identity,
)

# A modality that nobody named may be any.
UNSAID = "UNSAID"
_CARE = frozenset(GROUPS[Destination]["@care"])


@dataclass(frozen=True, slots=True)
class Facts:
    """A request as rules see it.

    `actors`: who acts, and the practitioner she acts for. `consents`: (giver, form) of every consent that names the
    purpose needed and stands on that day. `is_care`: one known practitioner is asked about a patient in one's care.
    """

    request: Request
    on: date
    profile: Mapping[str, str]
    actors: frozenset[Actor]
    action: Action
    content: frozenset[Content]
    destination: Destination
    identity: Identity
    flags: frozenset[Flag]
    modality: str
    consents: tuple[tuple[ConsentGiver, ConsentForm], ...]
    form: ConsentForm
    is_care: bool
    has_invalid_consent: bool

    def form_by(self, givers: frozenset[ConsentGiver]) -> ConsentForm:
        """The strongest form of consent by one of `givers`; by anyone when none is named."""
        if not givers:
            return self.form
        return _strongest({form for giver, form in self.consents if giver in givers})


def facts_of(request: Request, on: date, profile: Mapping[str, str]) -> Facts:
    """The facts of `request` on that day; `profile` has a reading for every ambiguity."""
    fitting = [one for one in request.consent if one.purpose is request.needed_purpose]
    standing = [one for one in fitting if one.stands(on) and _may_give(one, request, profile)]
    consents = tuple((one.giver, one.form) for one in standing)
    is_agent = Flag.FOR_RMP in request.flags
    return Facts(
        request=request,
        on=on,
        profile=profile,
        actors=frozenset((request.actor, Actor.RMP)) if is_agent else frozenset((request.actor,)),
        action=request.action,
        content=request.content,
        destination=request.destination,
        identity=request.identity,
        flags=request.flags,
        modality=request.modality.upper() or UNSAID,
        consents=consents,
        form=_strongest({form for _, form in consents}),
        is_care=_is_care(request, profile),
        has_invalid_consent=any(not one.is_valid for one in fitting),
    )


def _strongest(forms: set[ConsentForm]) -> ConsentForm:
    return next((form for form in ConsentForm if form in forms), ConsentForm.NONE)


def _may_give(one: ConsentGiven, request: Request, profile: Mapping[str, str]) -> bool:
    """The next of kin speak for the dead, not for the living."""
    if one.giver is not ConsentGiver.NEXT_OF_KIN:
        return True
    return Flag.DECEASED in request.flags and profile["A14"] == "next_of_kin"


def _is_care(request: Request, profile: Mapping[str, str]) -> bool:
    if request.action is not Action.CONSULT:
        return False
    if request.destination is Destination.MESSAGING_GROUP:
        return profile["A6"] == "group_is_telemedicine"
    return request.destination in _CARE
