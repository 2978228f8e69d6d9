"""Ask the packs: every rule is tried, the strictest answer wins, duties add up, the order never changes."""

from collections.abc import Iterable, Mapping
from datetime import date

from confrere.core.rules.decision import Decision, FiredRule
from confrere.core.rules.pack import Pack, Rule
from confrere.core.rules.request import Request, readings
from confrere.core.rules.vocabulary import (
    READINGS,
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


def decide(request: Request, packs: Iterable[Pack], *, on: date, profile: Mapping[str, str] | None = None) -> Decision:
    """What `packs` say of `request` on that day, under the readings of `profile` and then of the request.

    Deterministic: packs by id, rules in their pack's order. Raises RequestError for an unknown reading.
    """
    defaults = {name: known[0] for name, known in READINGS.items()}
    chosen = defaults | dict(readings(profile or {})) | dict(request.profile)
    asked = sorted((one for one in packs if _is_asked(one, request)), key=lambda one: one.id)
    fired = {one.id: tuple(rule for rule in one.rules if rule.fires(request, on, chosen)) for one in asked}
    if not any(one.in_force(on) and one.kind is not PackKind.FOREIGN for one in asked):
        return _nothing_in_force(asked, fired, request, on)
    binding = [one for one in asked if one.kind is PackKind.LAW and one.binds(request, on)]
    counted = [one for one in asked if _counts(one, request, on)]
    weighed = [rule for one in counted for rule in fired[one.id]]
    return Decision(
        law_now=strictest(rule.decision for one in binding for rule in fired[one.id]),
        default=strictest(rule.decision for rule in weighed),
        packs=_pack_values(asked, fired),
        rules=_fired_rules(asked, fired, request, on),
        obligations=tuple(one for one in Obligation if any(one in rule.obligations for rule in weighed)),
        alternatives=_alternatives(weighed),
        unverified_readings=_unverified(weighed),
    )


def strictest(values: Iterable[DecisionValue]) -> DecisionValue:
    """The strictest of `values`; silent when there is none."""
    return max(values, key=lambda value: value.strictness, default=DecisionValue.SILENT)


def _is_asked(pack: Pack, request: Request) -> bool:
    return request.packs is None or pack.id in request.packs


def _counts(pack: Pack, request: Request, on: date) -> bool:
    if pack.kind is PackKind.FOREIGN:
        return False
    return pack.binds(request, on) or (pack.is_default and pack.status is not Status.IN_FORCE)


def _pack_values(asked: list[Pack], fired: Mapping[str, tuple[Rule, ...]]) -> tuple[tuple[str, DecisionValue], ...]:
    return tuple((one.id, strictest(rule.decision for rule in fired[one.id])) for one in asked)


def _fired_rules(
    asked: list[Pack], fired: Mapping[str, tuple[Rule, ...]], request: Request, on: date
) -> tuple[FiredRule, ...]:
    return tuple(
        FiredRule(
            id=rule.id,
            pack=one.id,
            clause=rule.clause,
            says=rule.says,
            decision=rule.decision,
            strength=rule.strength,
            evidence=rule.evidence,
            status=one.status,
            is_binding=one.kind is not PackKind.FOREIGN and one.binds(request, on),
        )
        for one in asked
        for rule in fired[one.id]
    )


def _alternatives(weighed: list[Rule]) -> tuple[Alternative, ...]:
    offered = {one for rule in weighed if rule.decision is DecisionValue.FORBID for one in rule.alternatives}
    return tuple(one for one in Alternative if one in offered)


def _unverified(weighed: list[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in weighed if rule.evidence in (Evidence.GENERAL, Evidence.INFERRED))


def _nothing_in_force(asked: list[Pack], fired: Mapping[str, tuple[Rule, ...]], request: Request, on: date) -> Decision:
    return Decision(
        law_now=DecisionValue.FORBID,
        default=DecisionValue.FORBID,
        packs=_pack_values(asked, fired),
        rules=(_NO_PACK, *_fired_rules(asked, fired, request, on)),
        obligations=(),
        alternatives=(Alternative.NONE,),
        unverified_readings=(),
    )
