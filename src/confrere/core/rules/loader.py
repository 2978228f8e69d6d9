"""Read packs strictly: an unknown key, word or id refuses the pack, and with it the server.

TOML has no aliases, tags or references, so a pack can neither grow when read nor run anything.
"""

import tomllib
from functools import cache
from importlib.resources import files

from confrere.core.rules.ambiguities import AMBIGUITIES, readings
from confrere.core.rules.errors import PackError, RequestError, told
from confrere.core.rules.fields import Table, day, listed, only, table, text, texts, truth, word, words
from confrere.core.rules.lint import lint_pack
from confrere.core.rules.pack import Case, Condition, Pack, Period, Rule
from confrere.core.rules.registers import REGISTERS
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    Alternative,
    ConsentForm,
    ConsentGiver,
    Content,
    DecisionValue,
    Destination,
    Evidence,
    Flag,
    Identity,
    Obligation,
    PackKind,
    Status,
    Strength,
)

_MAX_TEXT = 1 << 20
_PACK_KEYS = frozenset(
    "id title kind status source dated checked binds_whom consequence note sources periods registers default".split()
)
_CASE_KEYS = frozenset("decision when unless obligations alternatives evidence strength".split())
_RULE_KEYS = _CASE_KEYS | frozenset("id clause says sources ambiguity note since cases standing".split())
_CONDITION_KEYS = frozenset(
    "actor action content_any content_none destination identity consent giver flags_any flags_all flags_none modality "
    "care invalid_consent reading".split()
)


def load_pack(toml: str, name: str) -> Pack:
    """The pack that `toml` states; `name` is its folder and must be its id.

    Raises PackError for anything the form does not know and for whatever the linter complains of.
    """
    if len(toml) > _MAX_TEXT:
        raise PackError(f"{name}: too long")
    try:
        raw = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise PackError(f"{name}: not TOML, or a key twice") from None
    only(raw, frozenset(("pack", "rule")), name)
    head = table(raw.get("pack"), f"{name}: pack")
    only(head, _PACK_KEYS, name)
    if head.get("id") != name:
        raise PackError(f"{name}: the id must be the folder's name")
    pack = Pack(
        id=name,
        title=text(head, "title", name),
        kind=word(PackKind, head.get("kind"), name),
        status=word(Status, head.get("status"), name),
        source=text(head, "source", name),
        rules=tuple(_rule(one, name) for one in listed(raw, "rule", name)),
        dated=day(head.get("dated"), f"{name}: dated"),
        checked=day(head.get("checked"), f"{name}: checked"),
        binds_whom=text(head, "binds_whom", name),
        consequence=text(head, "consequence", name),
        note=text(head, "note", name, ""),
        sources=_sources(head, name),
        periods=tuple(_period(one, name) for one in listed(head, "periods", name)),
        registers=_registers(head, name),
        is_default=truth(head, "default", name) is True,
    )
    lint_pack(pack)
    return pack


def _sources(head: Table, name: str) -> tuple[tuple[str, str], ...]:
    named = table(head.get("sources", {}), f"{name}: sources")
    return tuple((key, text(named, key, f"{name}: sources")) for key in named)


def _registers(head: Table, name: str) -> frozenset[str]:
    named = texts(head, "registers", name)
    for one in named:
        if one not in REGISTERS:
            raise PackError(f"{name}: unknown register {told(one)}")
    return frozenset(named)


def _rule(raw: object, pack: str) -> Rule:
    body = table(raw, f"{pack}: rule")
    rule_id = text(body, "id", pack)
    if not rule_id.startswith(f"{pack}/"):
        raise PackError(f"{pack}: a rule's id starts with the pack's")
    only(body, _RULE_KEYS, rule_id)
    asked = texts(body, "ambiguity", rule_id)
    for one in asked:
        if one not in AMBIGUITIES:
            raise PackError(f"{rule_id}: unknown ambiguity {told(one)}")
    evidence = word(Evidence, body.get("evidence"), rule_id)
    strength = word(Strength, body.get("strength"), rule_id)
    return Rule(
        id=rule_id,
        clause=text(body, "clause", rule_id),
        says=text(body, "says", rule_id),
        evidence=evidence,
        strength=strength,
        cases=tuple(_case(one, rule_id, evidence, strength) for one in _cases(body, rule_id)),
        sources=texts(body, "sources", rule_id),
        ambiguities=asked,
        note=text(body, "note", rule_id, ""),
        since=day(body["since"], f"{rule_id}: since") if "since" in body else None,
    )


def _cases(body: Table, rule_id: str) -> list[object]:
    """The cases as they stand; a rule with one answer may state it without the list."""
    stated = sorted(key for key in ("cases", "decision", "standing") if key in body)
    if len(stated) != 1 or (stated != ["decision"] and {"when", "unless", "obligations", "alternatives"} & set(body)):
        raise PackError(f"{rule_id}: a rule has one decision, or cases, or is standing")
    if stated == ["standing"]:
        if body["standing"] is not True:
            raise PackError(f"{rule_id}: standing is true or left out")
        return []
    if stated == ["decision"]:
        return [{key: body[key] for key in _CASE_KEYS & set(body)}]
    if not (cases := listed(body, "cases", rule_id)):
        raise PackError(f"{rule_id}: no case")
    return cases


def _case(raw: object, rule_id: str, evidence: Evidence, strength: Strength) -> Case:
    body = table(raw, f"{rule_id}: case")
    only(body, _CASE_KEYS, rule_id)
    return Case(
        decision=word(DecisionValue, body.get("decision"), rule_id),
        when=_condition(body.get("when"), rule_id),
        evidence=word(Evidence, body.get("evidence", evidence), rule_id),
        strength=word(Strength, body.get("strength", strength), rule_id),
        unless=tuple(_condition(one, rule_id) for one in listed(body, "unless", rule_id)),
        obligations=words(Obligation, body, "obligations", rule_id),
        alternatives=tuple(word(Alternative, one, rule_id) for one in listed(body, "alternatives", rule_id)),
    )


def _condition(raw: object, where: str) -> Condition:
    body = table(raw, f"{where}: condition")
    only(body, _CONDITION_KEYS, where)
    if not body:
        raise PackError(f"{where}: an empty condition")
    return Condition(
        actor=words(Actor, body, "actor", where),
        action=words(Action, body, "action", where),
        content_any=words(Content, body, "content_any", where),
        content_none=words(Content, body, "content_none", where),
        destination=words(Destination, body, "destination", where),
        identity=words(Identity, body, "identity", where),
        consent=words(ConsentForm, body, "consent", where),
        giver=words(ConsentGiver, body, "giver", where),
        flags_any=words(Flag, body, "flags_any", where),
        flags_all=words(Flag, body, "flags_all", where),
        flags_none=words(Flag, body, "flags_none", where),
        modality=frozenset(texts(body, "modality", where)),
        care=truth(body, "care", where),
        invalid_consent=truth(body, "invalid_consent", where),
        reading=_reading(body, where),
    )


def _reading(body: Table, where: str) -> tuple[tuple[str, str], ...]:
    try:
        return readings(body.get("reading", {}))
    except RequestError as fault:
        raise PackError(f"{where}: {fault}") from None


def _period(raw: object, where: str) -> Period:
    body = table(raw, f"{where}: period")
    only(body, frozenset(("from", "until", "reading")), where)
    until = day(body["until"], f"{where}: until") if "until" in body else None
    return Period(day(body.get("from"), f"{where}: from"), until, _reading(body, where))


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """Every pack that ships with Confrere, by id. Raises PackError for the first that breaks the form."""
    folders = [one for one in (files(__package__) / "packs").iterdir() if one.is_dir() and one.name[0] not in "._"]
    return tuple(
        load_pack((folder / "pack.toml").read_text(encoding="utf-8"), folder.name)
        for folder in sorted(folders, key=lambda one: one.name)
    )
