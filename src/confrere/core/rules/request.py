"""What is asked of the rules: one Request in the closed vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from confrere.core.rules.ambiguities import readings
from confrere.core.rules.errors import RequestError, told
from confrere.core.rules.groups import SOCIAL
from confrere.core.rules.registers import REGISTERS
from confrere.core.rules.vocabulary import (
    Action,
    Actor,
    ConsentForm,
    ConsentGiver,
    Content,
    Destination,
    Flag,
    Identity,
    Purpose,
)

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """One consent as it is on file; `is_valid` means capacity and no duress."""

    purpose: Purpose
    form: ConsentForm
    giver: ConsentGiver = ConsentGiver.PATIENT
    is_valid: bool = True
    withdrawn_at: date | None = None

    def stands(self, on: date) -> bool:
        """Whether it can be relied on, on that day; a withdrawal counts from its own day."""
        return self.is_valid and (self.withdrawn_at is None or self.withdrawn_at > on)


@dataclass(frozen=True, slots=True)
class Request:
    """Who does what, with what, where, and how far the patient can be recognised.

    `packs` limits which packs are asked; `profile` gives readings of ambiguities; `on` is the date asked for.
    """

    actor: Actor
    action: Action
    content: frozenset[Content]
    destination: Destination
    identity: Identity
    consent: tuple[ConsentGiven, ...] = ()
    flags: frozenset[Flag] = frozenset()
    register: str = ""
    modality: str = ""
    on: date | None = None
    packs: tuple[str, ...] | None = None
    profile: tuple[tuple[str, str], ...] = ()

    @property
    def needed_purpose(self) -> Purpose:
        """The purpose a consent must name to matter here; asking an audience is not asking for care."""
        if self.action is Action.CONSULT and self.destination not in SOCIAL:
            return Purpose.CARE
        if self.action in (Action.TEACH, Action.PRESENT, Action.BROADCAST_LIVE):
            return Purpose.TEACHING
        return Purpose.PUBLICATION if self.destination is Destination.JOURNAL else Purpose.SOCIAL

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "Request":
        """The request that a JSON object states. Raises RequestError for a key or word it does not know."""
        _only(raw, _KEYS, "request")
        return cls(
            actor=_word(Actor, raw.get("actor"), "actor"),
            action=_word(Action, raw.get("action"), "action"),
            content=frozenset(_word(Content, one, "content") for one in _list(raw, "content")),
            destination=_word(Destination, raw.get("destination"), "destination"),
            identity=_word(Identity, raw.get("identity"), "identity"),
            consent=tuple(map(_consent, _list(raw, "consent"))),
            flags=frozenset(_word(Flag, one, "flags") for one in _list(raw, "flags")),
            register=_register(raw.get("register", "")),
            modality=_text(raw.get("modality", ""), "modality"),
            on=_date(raw.get("date"), "date"),
            packs=_packs(raw),
            profile=readings(raw.get("profile", {})),
        )


_KEYS = frozenset(
    "actor action content destination identity consent flags register modality date packs profile".split()
)
_CONSENT_KEYS = frozenset("purpose form giver valid withdrawn_at".split())
_LONGEST = 64


def _only(raw: Mapping[str, object], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise RequestError(f"{where}: unknown key {told(unknown[0])}; allowed: {', '.join(sorted(known))}")


def _word(kind: type[_Word], raw: object, key: str) -> _Word:
    try:
        return kind(raw if isinstance(raw, str) else "")
    except ValueError:
        said = "nothing is said" if raw is None else f"{told(raw)} is not in the vocabulary"
        raise RequestError(f"{key}: {said}; allowed: {', '.join(kind)}") from None


def _list(raw: Mapping[str, object], key: str) -> list[object]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise RequestError(f"{key}: must be a list")
    return value


def _text(raw: object, key: str) -> str:
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        raise RequestError(f"{key}: must be a short text")
    return raw


def _register(raw: object) -> str:
    name = _text(raw, "register")
    if name and name not in REGISTERS:
        raise RequestError(f"register: {told(name)} is not in the vocabulary; allowed: {', '.join(sorted(REGISTERS))}")
    return name


def _packs(raw: Mapping[str, object]) -> tuple[str, ...] | None:
    if "packs" not in raw:
        return None
    named = tuple(_text(one, "packs") for one in _list(raw, "packs"))
    if not named:
        raise RequestError("packs: an empty list asks nobody; leave it out to ask all")
    return named


def _date(raw: object, key: str) -> date | None:
    if raw is None:
        return None
    text = _text(raw, key)
    try:
        if text[4:5] + text[7:8] != "--" or len(text) != len("YYYY-MM-DD"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{key}: {told(text)} is not a day; allowed: YYYY-MM-DD") from None


def _consent(raw: object) -> ConsentGiven:
    if not isinstance(raw, Mapping):
        raise RequestError("consent: must be an object")
    _only(raw, _CONSENT_KEYS, "consent")
    is_valid = raw.get("valid", True)
    if not isinstance(is_valid, bool):
        raise RequestError("consent: valid must be true or false")
    return ConsentGiven(
        purpose=_word(Purpose, raw.get("purpose"), "consent purpose"),
        # A consent of which nobody says how it was given proves nothing.
        form=_word(ConsentForm, raw.get("form", "none"), "consent form"),
        giver=_word(ConsentGiver, raw.get("giver", "patient"), "consent giver"),
        is_valid=is_valid,
        withdrawn_at=_date(raw.get("withdrawn_at"), "consent withdrawn_at"),
    )
