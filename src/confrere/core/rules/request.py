"""What is asked of the rules: one Request in the closed vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from confrere.core.rules.vocabulary import (
    READINGS,
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
from confrere.core.terms import ConfrereError

_Word = TypeVar("_Word", bound=StrEnum)


class RequestError(ConfrereError):
    """The request is not in the vocabulary; the message names the key, and words of ours only."""


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
        """The purpose a consent must name to matter here."""
        if self.action is Action.CONSULT:
            return Purpose.CARE
        if self.action in (Action.TEACH, Action.PRESENT, Action.BROADCAST_LIVE):
            return Purpose.TEACHING
        return Purpose.PUBLICATION if self.destination is Destination.JOURNAL else Purpose.SOCIAL

    def consent_form(self, on: date) -> ConsentForm:
        """The strongest form of consent that matches the purpose and stands on that day."""
        forms = {one.form for one in self.consent if one.purpose is self.needed_purpose and one.stands(on)}
        return next((form for form in ConsentForm if form in forms), ConsentForm.NONE)

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
            register=_text(raw.get("register", ""), "register"),
            modality=_text(raw.get("modality", ""), "modality"),
            on=_date(raw.get("date"), "date"),
            packs=tuple(_text(one, "packs") for one in _list(raw, "packs")) if "packs" in raw else None,
            profile=readings(raw.get("profile", {})),
        )


_KEYS = frozenset(
    "actor action content destination identity consent flags register modality date packs profile".split()
)
_CONSENT_KEYS = frozenset("purpose form giver valid withdrawn_at".split())


def _only(raw: Mapping[str, object], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise RequestError(f"{where}: unknown key {unknown[0][:40]!r}")


def _word(kind: type[_Word], raw: object, key: str) -> _Word:
    try:
        return kind(raw if isinstance(raw, str) else "")
    except ValueError:
        raise RequestError(f"{key}: not a word of the vocabulary") from None


def _list(raw: Mapping[str, object], key: str) -> list[object]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise RequestError(f"{key}: must be a list")
    return value


def _text(raw: object, key: str) -> str:
    if not isinstance(raw, str) or len(raw) > 64:
        raise RequestError(f"{key}: must be a short text")
    return raw


def _date(raw: object, key: str) -> date | None:
    if raw is None:
        return None
    try:
        return date.fromisoformat(_text(raw, key)[:10])
    except ValueError:
        raise RequestError(f"{key}: must be a date") from None


def _consent(raw: object) -> ConsentGiven:
    if not isinstance(raw, Mapping):
        raise RequestError("consent: must be an object")
    _only(raw, _CONSENT_KEYS, "consent")
    is_valid = raw.get("valid", True)
    if not isinstance(is_valid, bool):
        raise RequestError("consent: valid must be true or false")
    return ConsentGiven(
        purpose=_word(Purpose, raw.get("purpose"), "consent purpose"),
        form=_word(ConsentForm, raw.get("form"), "consent form"),
        giver=_word(ConsentGiver, raw.get("giver", "patient"), "consent giver"),
        is_valid=is_valid,
        withdrawn_at=_date(raw.get("withdrawn_at"), "consent withdrawn_at"),
    )


def readings(raw: object) -> tuple[tuple[str, str], ...]:
    """The readings of a profile, sorted. Raises RequestError for one that READINGS does not list."""
    if not isinstance(raw, Mapping):
        raise RequestError("profile: must be an object")
    for name, reading in raw.items():
        if reading not in READINGS.get(name, ()):
            raise RequestError("profile: unknown ambiguity or reading")
    return tuple(sorted(raw.items()))
