"""Ask the packs: every rule is tried, the strictest answer wins, duties add up, the order never changes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from confrere.core.rules.ambiguities import DEFAULTS, readings
from confrere.core.rules.decision import Decision, FiredRule
from confrere.core.rules.errors import RequestError, told
from confrere.core.rules.facts import Facts, facts_of
from confrere.core.rules.pack import Pack, Spoken
from confrere.core.rules.request import Request
from confrere.core.rules.vocabulary import (
    Alternative,
    DecisionValue,
    Evidence,
    Obligation,
    PackKind,
    Status,
    Strength,
)

# With no pack in force nobody has said that anything is allowed.
_NO_PACK = FiredRule(
    id="floor/no-pack-in-force",
    pack="floor",
    clause="hard floor",
    says="No rule pack is in force, so nothing may leave.",
    decision=DecisionValue.FORBID,
    strength=Strength.HARD,
    evidence=Evidence.VERIFIED,
    status=Status.IN_FORCE,
    is_binding=True,
)
_STRICTNESS = {value: value.strictness for value in DecisionValue}
_UNVERIFIED = (Evidence.GENERAL, Evidence.INFERRED)
_MENDED = (DecisionValue.FORBID, DecisionValue.WARN)


class _Voice(NamedTuple):
    """One pack's answer to one request.

    `binds`: as law, now. `counts`: in the default decision.
    """

    pack: Pack
    spoken: tuple[Spoken, ...]
    value: DecisionValue
    status: Status
    in_force: bool
    binds: bool
    counts: bool


def decide(request: Request, packs: Iterable[Pack], *, on: date, profile: Mapping[str, str] | None = None) -> Decision:
    """What `packs` say of `request` on that day, under the readings of `profile` and then of the request.

    Deterministic: packs by id, rules in their pack's order. Raises RequestError for an unknown reading or pack.
    """
    chosen = DEFAULTS | dict(readings(profile or {})) | dict(request.profile)
    facts = facts_of(request, on, chosen)
    asked = _asked(packs, request)
    is_abroad = request.packs is not None and all(one.kind is PackKind.FOREIGN for one in asked)
    voices = [_voice(one, facts, is_abroad=is_abroad) for one in asked]
    fired = tuple(_fired(voice, one) for voice in voices for one in voice.spoken)
    values = tuple((voice.pack.id, voice.value) for voice in voices)
    if request.packs is None and not any(one.in_force and one.pack.kind is not PackKind.FOREIGN for one in voices):
        forbid, nothing = DecisionValue.FORBID, (Alternative.NONE,)
        return Decision(forbid, forbid, values, (_NO_PACK, *fired), (), nothing, ())
    weighed = [one for voice in voices if voice.counts for one in voice.spoken]
    return Decision(
        law_now=strictest(voice.value for voice in voices if voice.binds),
        default=strictest(voice.value for voice in voices if voice.counts),
        packs=values,
        rules=fired,
        obligations=_obligations(weighed),
        alternatives=_alternatives(weighed),
        unverified_readings=tuple(one.rule.id for one in weighed if one.case.evidence in _UNVERIFIED),
    )


def strictest(values: Iterable[DecisionValue]) -> DecisionValue:
    """The strictest of `values`; silent when there is none."""
    return max(values, key=_STRICTNESS.__getitem__, default=DecisionValue.SILENT)


def _asked(packs: Iterable[Pack], request: Request) -> list[Pack]:
    known = sorted(packs, key=lambda one: one.id)
    if request.packs is None:
        return known
    names = [one.id for one in known]
    for name in request.packs:
        if name not in names:
            raise RequestError(f"packs: {told(name)} is not loaded; allowed: {', '.join(names)}")
    return [one for one in known if one.id in request.packs]


def _voice(pack: Pack, facts: Facts, *, is_abroad: bool) -> _Voice:
    """What the pack says, and how far that counts.

    Foreign packs count only for a question put to them alone: who does that asks for another country's answer.
    """
    spoken = tuple(pack.spoken(facts))
    in_force = pack.in_force(facts.on, facts.profile)
    reaches, is_foreign = pack.reaches(facts.request), pack.kind is PackKind.FOREIGN
    is_followed = is_abroad if is_foreign else in_force or pack.is_default
    is_law = pack.kind is PackKind.LAW or (is_foreign and is_followed)
    return _Voice(
        pack=pack,
        spoken=spoken,
        value=strictest(one.case.decision for one in spoken),
        status=pack.status_on(facts.on, in_force=in_force),
        in_force=in_force,
        binds=is_law and in_force and reaches,
        counts=is_followed and reaches,
    )


def _fired(voice: _Voice, one: Spoken) -> FiredRule:
    is_binding = voice.binds or (voice.counts and voice.in_force and voice.pack.kind is PackKind.POLICY)
    return FiredRule(
        one.rule.id,
        voice.pack.id,
        one.rule.clause,
        one.rule.says,
        one.case.decision,
        one.case.strength,
        one.case.evidence,
        voice.status,
        is_binding,
    )


def _obligations(spoken: Iterable[Spoken]) -> tuple[Obligation, ...]:
    asked: set[Obligation] = set()
    for one in spoken:
        asked |= one.case.obligations
    return tuple(one for one in Obligation if one in asked)


def _alternatives(weighed: list[Spoken]) -> tuple[Alternative, ...]:
    """What can be done instead; what only a warning offers stands back where something is forbidden."""
    for value in _MENDED:
        if any(one.case.decision is value for one in weighed):
            offered = {way for one in weighed if one.case.decision is value for way in one.case.alternatives}
            return tuple(one for one in Alternative if one in offered)
    return ()
