"""What a pack is: one instrument with its status and dates, and its rules as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import NamedTuple

from confrere.core.rules.errors import PackError
from confrere.core.rules.facts import Facts
from confrere.core.rules.request import Request
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

__all__ = ["Case", "Condition", "Pack", "PackError", "Period", "Rule", "Spoken"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of the facts; an empty field asks for nothing.

    `consent`: the strongest form on file, by one of `giver` where any is named. `care`: whether it is a consultation
    of known practitioners. `invalid_consent`: whether one is on file that was given without capacity or freedom.
    """

    actor: frozenset[Actor] = frozenset()
    action: frozenset[Action] = frozenset()
    content_any: frozenset[Content] = frozenset()
    content_none: frozenset[Content] = frozenset()
    destination: frozenset[Destination] = frozenset()
    identity: frozenset[Identity] = frozenset()
    consent: frozenset[ConsentForm] = frozenset()
    giver: frozenset[ConsentGiver] = frozenset()
    flags_any: frozenset[Flag] = frozenset()
    flags_all: frozenset[Flag] = frozenset()
    flags_none: frozenset[Flag] = frozenset()
    modality: frozenset[str] = frozenset()
    care: bool | None = None
    invalid_consent: bool | None = None
    reading: tuple[tuple[str, str], ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether it is true of `facts`."""
        return (
            (not self.content_any or not self.content_any.isdisjoint(facts.content))
            and (not self.identity or facts.identity in self.identity)
            and (not self.actor or not self.actor.isdisjoint(facts.actors))
            and (self.care is None or facts.is_care is self.care)
            and (not self.flags_any or not self.flags_any.isdisjoint(facts.flags))
            and (not self.flags_none or self.flags_none.isdisjoint(facts.flags))
            and (not self.flags_all or self.flags_all <= facts.flags)
            and (not self.consent or facts.form_by(self.giver) in self.consent)
            and (not self.content_none or self.content_none.isdisjoint(facts.content))
            and (not self.modality or facts.modality in self.modality)
            and (self.invalid_consent is None or facts.has_invalid_consent is self.invalid_consent)
            and (not self.destination or facts.destination in self.destination)
            and (not self.action or facts.action in self.action)
            and (not self.reading or all(facts.profile[name] == wanted for name, wanted in self.reading))
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One answer of a rule, and when it is given; `evidence` and `strength` are those of this answer."""

    decision: DecisionValue
    when: Condition
    evidence: Evidence
    strength: Strength
    unless: tuple[Condition, ...] = ()
    obligations: frozenset[Obligation] = frozenset()
    alternatives: tuple[Alternative, ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether this answer is given to `facts`."""
        return self.when.holds(facts) and not any(one.holds(facts) for one in self.unless)


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause: what it says, how well it is known, and its cases, of which the first that holds is its answer.

    A rule without cases stands for a duty that no request asks about; it is shown and never fires. `since`: the first
    day of a clause that is younger than its instrument.
    """

    id: str
    clause: str
    says: str
    evidence: Evidence
    strength: Strength
    cases: tuple[Case, ...]
    sources: tuple[str, ...] = ()
    ambiguities: tuple[str, ...] = ()
    note: str = ""
    since: date | None = None

    def answer(self, facts: Facts) -> Case | None:
        """The first case that speaks to `facts`; None when the rule has nothing to say."""
        return self.first_of(self.cases, facts)

    def first_of(self, cases: tuple[Case, ...], facts: Facts) -> Case | None:
        """The first of `cases` that speaks to `facts`, once the clause has its day."""
        if self.since is not None and facts.on < self.since:
            return None
        for case in cases:
            if case.holds(facts):
                return case
        return None


@dataclass(frozen=True, slots=True)
class Period:
    """From its first day until the day before `until`, or without end; only under these readings."""

    start: date
    until: date | None = None
    reading: tuple[tuple[str, str], ...] = ()

    def covers(self, on: date, profile: Mapping[str, str]) -> bool:
        """Whether the day lies within."""
        if self.reading and any(profile[name] != wanted for name, wanted in self.reading):
            return False
        return self.start <= on and (self.until is None or on < self.until)


class Spoken(NamedTuple):
    """A rule and the case of it that speaks."""

    rule: Rule
    case: Case


@dataclass(frozen=True, slots=True)
class Pack:
    """One instrument. `registers` limits it to practitioners on those registers; empty means everyone.

    `is_default`: the product follows it in the `default` decision even where it does not bind. `dated` is the day its
    text was made, `checked` the day a person last compared pack and source.
    """

    id: str
    title: str
    kind: PackKind
    status: Status
    source: str
    rules: tuple[Rule, ...]
    dated: date
    checked: date
    binds_whom: str = ""
    consequence: str = ""
    note: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    periods: tuple[Period, ...] = ()
    registers: frozenset[str] = frozenset()
    is_default: bool = False
    index: Mapping[tuple[Action, Destination], list[tuple[Rule, tuple[Case, ...]]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Sort the cases by the actions and destinations they can speak to, each list in the pack's order."""
        object.__setattr__(self, "index", _index(self.rules))

    def spoken(self, facts: Facts) -> Iterator[Spoken]:
        """Every rule that speaks to `facts`, with its answer, in the pack's order."""
        for rule, cases in self.index.get((facts.action, facts.destination), ()):
            if (case := rule.first_of(cases, facts)) is not None:
                yield Spoken(rule, case)

    def in_force(self, on: date, profile: Mapping[str, str]) -> bool:
        """Whether the instrument is in force on that day, whoever acts."""
        for period in self.periods:
            if period.covers(on, profile):
                return True
        return False

    def status_on(self, on: date, *, in_force: bool) -> Status:
        """Where the instrument stood, or will stand, on a day when it is `in_force` or not."""
        if in_force:
            return Status.IN_FORCE
        is_before = self.status is Status.ABEYANCE and on < min((one.start for one in self.periods), default=on)
        return Status.NOT_IN_FORCE if self.status is Status.IN_FORCE or is_before else self.status

    def reaches(self, request: Request) -> bool:
        """Whether whoever acts stands under it: by the register, if it names any."""
        return not self.registers or request.register in self.registers


def _index(rules: tuple[Rule, ...]) -> dict[tuple[Action, Destination], list[tuple[Rule, tuple[Case, ...]]]]:
    index: dict[tuple[Action, Destination], list[tuple[Rule, tuple[Case, ...]]]] = {}
    for rule in rules:
        places: dict[tuple[Action, Destination], list[Case]] = {}
        for case in rule.cases:
            for place in product(case.when.action or Action, case.when.destination or Destination):
                places.setdefault(place, []).append(case)
        for place, cases in places.items():
            index.setdefault(place, []).append((rule, tuple(cases)))
    return index
