"""Read packs strictly: an unknown key, word or id refuses the pack, and with it the server.

TOML has no aliases, tags or references, so a pack can neither grow when read nor run anything.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

from confrere.core.rules.pack import Condition, Pack, PackError, Period, Rule
from confrere.core.rules.request import RequestError, readings
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    Alternative,
    ConsentForm,
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

_Word = TypeVar("_Word", bound=StrEnum)

_MAX_TEXT = 1 << 20
_PACK_KEYS = frozenset("id title kind status source periods registers default".split())
_RULE_KEYS = frozenset("id clause says evidence strength decision when unless obligations alternatives".split())
_CONDITION_WORDS: dict[str, type[StrEnum]] = {
    "actor": Actor,
    "action": Action,
    "content_any": Content,
    "destination": Destination,
    "identity": Identity,
    "consent": ConsentForm,
    "flags_any": Flag,
    "flags_none": Flag,
}
# What a permission must narrow down; a rule that permits everything is no clause of any instrument.
_PERMISSION_NEEDS = ("actor", "action", "destination", "identity")
_RECOGNISABLE = frozenset((Identity.DIRECT, Identity.INDIRECT))


def load_pack(text: str, name: str) -> Pack:
    """The pack that `text` states; `name` is its folder and must be its id.

    Raises PackError for anything the form does not know, a duplicate id, a forbid without an alternative, or
    a permission so wide that it would speak against the floor.
    """
    if len(text) > _MAX_TEXT:
        raise PackError(f"{name}: too long")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise PackError(f"{name}: not TOML") from None
    _only(raw, frozenset(("pack", "rule")), name)
    head = _table(raw.get("pack"), f"{name}: pack")
    _only(head, _PACK_KEYS, name)
    if head.get("id") != name or name == "floor":
        raise PackError(f"{name}: the id must be the folder's name, and not floor")
    rules = tuple(_rule(one, name) for one in _list(raw, "rule", name))
    if not rules or len({rule.id for rule in rules}) != len(rules):
        raise PackError(f"{name}: no rule, or two rules of one id")
    status = _word(Status, head.get("status"), name)
    periods = tuple(_period(one, name) for one in _list(head, "periods", name))
    if (status is Status.IN_FORCE) != bool(periods):
        raise PackError(f"{name}: an instrument in force has dates, no other has")
    return Pack(
        id=name,
        title=_text(head, "title", name),
        kind=_word(PackKind, head.get("kind"), name),
        status=status,
        source=_text(head, "source", name),
        rules=rules,
        periods=periods,
        registers=frozenset(str(one) for one in _list(head, "registers", name)),
        is_default=head.get("default", False) is True,
    )


def _rule(raw: object, pack: str) -> Rule:
    table = _table(raw, f"{pack}: rule")
    rule_id = _text(table, "id", pack)
    if not rule_id.startswith(f"{pack}/"):
        raise PackError(f"{pack}: a rule's id starts with the pack's")
    _only(table, _RULE_KEYS, rule_id)
    rule = Rule(
        id=rule_id,
        clause=_text(table, "clause", rule_id),
        says=_text(table, "says", rule_id),
        evidence=_word(Evidence, table.get("evidence"), rule_id),
        strength=_word(Strength, table.get("strength"), rule_id),
        decision=_word(DecisionValue, table.get("decision"), rule_id),
        when=_condition(table.get("when"), rule_id),
        unless=tuple(_condition(one, rule_id) for one in _list(table, "unless", rule_id)),
        obligations=_words(Obligation, table, "obligations", rule_id),
        alternatives=tuple(_word(Alternative, one, rule_id) for one in _list(table, "alternatives", rule_id)),
    )
    _check_rule(rule)
    return rule


def _check_rule(rule: Rule) -> None:
    if rule.decision is DecisionValue.FORBID:
        if not rule.alternatives:
            raise PackError(f"{rule.id}: a forbid names what can be done instead")
        return
    if rule.decision is DecisionValue.SILENT:
        raise PackError(f"{rule.id}: a rule that fires is not silent")
    if (rule.decision is DecisionValue.PERMIT_WITH_OBLIGATION) != bool(rule.obligations):
        raise PackError(f"{rule.id}: obligations belong to permit_with_obligation, and to it alone")
    if rule.decision is DecisionValue.WARN:
        return
    if not all(getattr(rule.when, key) for key in _PERMISSION_NEEDS):
        raise PackError(f"{rule.id}: a permission names actor, action, destination and identity")
    if rule.when.identity & _RECOGNISABLE and not (rule.when.consent - {ConsentForm.NONE} or rule.when.flags_any):
        raise PackError(f"{rule.id}: a recognisable patient needs a consent or a named exception")
    if rule.when.identity & _RECOGNISABLE and ConsentForm.NONE in rule.when.consent:
        raise PackError(f"{rule.id}: a recognisable patient needs a consent")


def _condition(raw: object, where: str) -> Condition:
    table = _table(raw, f"{where}: condition")
    _only(table, frozenset((*_CONDITION_WORDS, "reading")), where)
    if not table:
        raise PackError(f"{where}: an empty condition")
    try:
        reading = readings(table.get("reading", {}))
    except RequestError as fault:
        raise PackError(f"{where}: {fault}") from None
    return Condition(
        actor=_words(Actor, table, "actor", where),
        action=_words(Action, table, "action", where),
        content_any=_words(Content, table, "content_any", where),
        destination=_words(Destination, table, "destination", where),
        identity=_words(Identity, table, "identity", where),
        consent=_words(ConsentForm, table, "consent", where),
        flags_any=_words(Flag, table, "flags_any", where),
        flags_none=_words(Flag, table, "flags_none", where),
        reading=reading,
    )


def _period(raw: object, where: str) -> Period:
    table = _table(raw, f"{where}: period")
    _only(table, frozenset(("from", "until")), where)
    return Period(_day(table.get("from"), where), _day(table["until"], where) if "until" in table else None)


def _day(raw: object, where: str) -> date:
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise PackError(f"{where}: a period has days")
    return raw


def _only(raw: Mapping[str, object], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise PackError(f"{where}: unknown key {unknown[0]!r}")


def _table(raw: object, where: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise PackError(f"{where}: must be a table")
    return raw


def _list(raw: Mapping[str, object], key: str, where: str) -> list[object]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise PackError(f"{where}: {key} must be a list")
    return value


def _text(raw: Mapping[str, object], key: str, where: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{where}: {key} must be a text")
    return value


def _word(kind: type[_Word], raw: object, where: str) -> _Word:
    try:
        return kind(raw if isinstance(raw, str) else "")
    except ValueError:
        raise PackError(f"{where}: unknown {kind.__name__} {str(raw)[:40]!r}") from None


def _words(kind: type[_Word], raw: Mapping[str, object], key: str, where: str) -> frozenset[_Word]:
    found = [_word(kind, one, where) for one in _list(raw, key, where)]
    if key in raw and not found:
        raise PackError(f"{where}: {key} is empty")
    return frozenset(found)


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """Every pack that ships with Confrere, by id. Raises PackError for the first that breaks the form."""
    folders = [one for one in (files(__package__) / "packs").iterdir() if one.is_dir() and one.name[0] not in "._"]
    return tuple(
        load_pack((folder / "pack.toml").read_text(encoding="utf-8"), folder.name)
        for folder in sorted(folders, key=lambda one: one.name)
    )
