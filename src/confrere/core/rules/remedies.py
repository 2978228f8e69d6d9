"""What would make it allowed: every remedy in reach is tried on the request itself, and those that help are told.

Nothing is reasoned about the rules here; the rules are asked again. So a remedy is never offered that they refuse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import combinations

from confrere.core.rules.decide import decide
from confrere.core.rules.decision import Decision
from confrere.core.rules.pack import Pack
from confrere.core.rules.request import ConsentGiven, Request
from confrere.core.rules.vocabulary import (
    Action,
    ConsentForm,
    ConsentGiver,
    Content,
    DecisionValue,
    Destination,
    Flag,
    Identity,
)

_ALLOWED = (DecisionValue.PERMIT, DecisionValue.PERMIT_WITH_OBLIGATION)
_ADVERTISING = frozenset((Flag.PROMOTIONAL, Flag.HAS_CONTACT_OR_BOOKING, Flag.OWN_PAGE_LINK, Flag.SPONSORED))
_MASKED = frozenset((Flag.FETAL_SEX_VISIBLE, Flag.AADHAAR_NUMBER))
_ABOUT_PATIENTS = frozenset(Content) - {
    Content.HEALTH_INFORMATION,
    Content.ANNOUNCEMENT,
    Content.SELF_PROFILE,
    Content.COLLEAGUE_COMMENT,
    Content.PRODUCT_CLAIM,
}


class Remedy(StrEnum):
    """One thing that can be done; small ones first, and those that turn it into another act last."""

    CITE_SOURCE = "cite_source"
    REMOVE_PROMOTION = "remove_promotion"
    MASK = "mask"
    REMOVE_OUTSIDER = "remove_outsider"
    OBTAIN_CONSENT = "obtain_consent"
    CODE = "code"
    ANONYMISE = "anonymise"
    DROP_PICTURES = "drop_pictures"
    ASK_AS_CONSULT = "ask_as_consult"
    TEACH_IN_CLASS = "teach_in_class"
    CASE_REPORT = "case_report"


@dataclass(frozen=True, slots=True)
class WayOut:
    """Remedies that, done together, turn the answer into `decision`; no fewer of them would."""

    remedies: tuple[Remedy, ...]
    decision: Decision


def ways_out(
    request: Request,
    packs: Iterable[Pack],
    *,
    on: date,
    profile: Mapping[str, str] | None = None,
    at_most: int = 2,
) -> tuple[WayOut, ...]:
    """The smallest sets of up to `at_most` remedies under which `request` is allowed; empty when it is, or none helps.

    Deterministic: single remedies first, in their order. Raises RequestError as `decide` does.
    """
    asked = tuple(packs)
    if decide(request, asked, on=on, profile=profile).default in _ALLOWED:
        return ()
    found: list[WayOut] = []
    for size in range(1, at_most + 1):
        for remedies in combinations(Remedy, size):
            if any(set(one.remedies) <= set(remedies) for one in found):
                continue
            changed = _after(request, remedies, on)
            if changed is None:
                continue
            decision = decide(changed, asked, on=on, profile=profile)
            if decision.default in _ALLOWED:
                found.append(WayOut(remedies, decision))
    return tuple(found)


def _after(request: Request, remedies: tuple[Remedy, ...], on: date) -> Request | None:
    """The request once the remedies are done; None when one of them would change nothing.

    Where it goes is settled before whose consent that needs.
    """
    for one in sorted(remedies, key=lambda remedy: remedy is Remedy.OBTAIN_CONSENT):
        changed = _done(request, one, on)
        if changed == request:
            return None
        request = changed
    return request


def _done(request: Request, remedy: Remedy, on: date) -> Request:
    for changed in _flags(request, remedy):
        return changed
    if remedy is Remedy.OBTAIN_CONSENT:
        return _with_consent(request, on)
    if remedy is Remedy.DROP_PICTURES:
        left = request.content - _ABOUT_PATIENTS
        return replace(request, content=left, identity=Identity.NONE) if left else request
    if request.identity is Identity.NONE or not request.content & _ABOUT_PATIENTS:
        return request
    return _elsewhere(request, remedy)


def _flags(request: Request, remedy: Remedy) -> Iterator[Request]:
    """The remedies that only change what is true of the request."""
    if remedy is Remedy.CITE_SOURCE:
        yield replace(request, flags=request.flags | {Flag.FACTUAL_VERIFIABLE})
    elif remedy is Remedy.REMOVE_PROMOTION:
        yield replace(request, flags=request.flags - _ADVERTISING)
    elif remedy is Remedy.MASK:
        yield replace(request, flags=request.flags - _MASKED)
    elif remedy is Remedy.REMOVE_OUTSIDER:
        yield replace(request, flags=request.flags - {Flag.OUTSIDER_IN_GROUP})


def _elsewhere(request: Request, remedy: Remedy) -> Request:
    """The remedies that conceal the patient or turn it into an act of another kind."""
    if remedy is Remedy.CODE:
        return _concealed(request, Identity.CODED)
    if remedy is Remedy.ANONYMISE:
        return _concealed(request, Identity.ANONYMOUS)
    if remedy is Remedy.ASK_AS_CONSULT:
        return replace(request, action=Action.CONSULT, destination=Destination.CLOSED_INSTITUTIONAL)
    if remedy is Remedy.TEACH_IN_CLASS:
        return replace(request, action=Action.TEACH, destination=Destination.CLOSED_CLASS)
    return replace(request, action=Action.PUBLISH, destination=Destination.JOURNAL)


def _concealed(request: Request, identity: Identity) -> Request:
    ladder = list(Identity)
    return replace(request, identity=identity) if ladder.index(request.identity) < ladder.index(identity) else request


def _with_consent(request: Request, on: date) -> Request:
    """With a written consent for this purpose, by whoever may give it."""
    giver = ConsentGiver.PATIENT
    if Flag.DECEASED in request.flags:
        giver = ConsentGiver.NEXT_OF_KIN
    elif Flag.MINOR in request.flags:
        giver = ConsentGiver.GUARDIAN
    new = ConsentGiven(request.needed_purpose, ConsentForm.WRITTEN, giver)
    has_it = any(replace(one, withdrawn_at=None) == new and one.stands(on) for one in request.consent)
    return request if has_it or request.identity is Identity.NONE else replace(request, consent=(*request.consent, new))
