"""What a pack is: one instrument with its status and dates, and its rules as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from confrere.core.rules.request import Request
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
from confrere.core.terms import ConfrereError


class PackError(ConfrereError):
    """A pack breaks the form; the server must not start with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of a request; an empty field asks for nothing."""

    actor: frozenset[Actor] = frozenset()
    action: frozenset[Action] = frozenset()
    content_any: frozenset[Content] = frozenset()
    destination: frozenset[Destination] = frozenset()
    identity: frozenset[Identity] = frozenset()
    consent: frozenset[ConsentForm] = frozenset()
    flags_any: frozenset[Flag] = frozenset()
    flags_none: frozenset[Flag] = frozenset()
    reading: tuple[tuple[str, str], ...] = ()

    def holds(self, request: Request, on: date, profile: Mapping[str, str]) -> bool:
        """Whether it is true of `request` on that day, under these readings."""
        return (
            (not self.actor or request.actor in self.actor)
            and (not self.action or request.action in self.action)
            and (not self.content_any or bool(request.content & self.content_any))
            and (not self.destination or request.destination in self.destination)
            and (not self.identity or request.identity in self.identity)
            and (not self.consent or request.consent_form(on) in self.consent)
            and (not self.flags_any or bool(request.flags & self.flags_any))
            and not request.flags & self.flags_none
            and all(profile[name] == wanted for name, wanted in self.reading)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause: when it speaks, what it says, and how well it is known."""

    id: str
    clause: str
    says: str
    evidence: Evidence
    strength: Strength
    decision: DecisionValue
    when: Condition
    unless: tuple[Condition, ...] = ()
    obligations: frozenset[Obligation] = frozenset()
    alternatives: tuple[Alternative, ...] = ()

    def fires(self, request: Request, on: date, profile: Mapping[str, str]) -> bool:
        """Whether the rule speaks to this request."""
        if not self.when.holds(request, on, profile):
            return False
        return not any(exception.holds(request, on, profile) for exception in self.unless)


@dataclass(frozen=True, slots=True)
class Period:
    """From its first day until the day before `until`, or without end."""

    start: date
    until: date | None = None

    def covers(self, on: date) -> bool:
        """Whether the day lies within."""
        return self.start <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Pack:
    """One instrument. `registers` limits it to practitioners on those registers; empty means all.

    `is_default`: the product counts it in the `default` decision even where it does not bind.
    """

    id: str
    title: str
    kind: PackKind
    status: Status
    source: str
    rules: tuple[Rule, ...]
    periods: tuple[Period, ...] = ()
    registers: frozenset[str] = frozenset()
    is_default: bool = False

    def in_force(self, on: date) -> bool:
        """Whether the instrument is in force on that day, whoever acts."""
        return self.status is Status.IN_FORCE and any(period.covers(on) for period in self.periods)

    def binds(self, request: Request, on: date) -> bool:
        """Whether it binds the actor of this request on that day."""
        return self.in_force(on) and (not self.registers or request.register in self.registers)
