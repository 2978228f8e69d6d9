"""What the rules answer: values, the rules that fired, duties, and what can be done instead."""

from dataclasses import dataclass

from confrere.core.rules.vocabulary import (
    Alternative,
    DecisionValue,
    Evidence,
    Obligation,
    Status,
    Strength,
)


@dataclass(frozen=True, slots=True)
class FiredRule:
    """One rule that spoke; `is_binding` says whether its pack binds this actor on this day."""

    id: str
    pack: str
    clause: str
    says: str
    decision: DecisionValue
    strength: Strength
    evidence: Evidence
    status: Status
    is_binding: bool

    def as_json(self) -> dict[str, object]:
        """The rule as the answer shows it."""
        return {
            "id": self.id,
            "pack": self.pack,
            "clause": self.clause,
            "decision": self.decision.value,
            "strength": self.strength.value,
            "evidence": self.evidence.value,
            "status": self.status.value,
            "binding": self.is_binding,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """`law_now`: the strictest binding law; `default`: that and everything the product counts by default."""

    law_now: DecisionValue
    default: DecisionValue
    packs: tuple[tuple[str, DecisionValue], ...]
    rules: tuple[FiredRule, ...]
    obligations: tuple[Obligation, ...]
    alternatives: tuple[Alternative, ...]
    unverified_readings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The answer of `confrere decide`, in plain words and lists."""
        return {
            "law_now": self.law_now.value,
            "default": self.default.value,
            "packs": {name: value.value for name, value in self.packs},
            "rules": [rule.as_json() for rule in self.rules],
            "obligations": [one.value for one in self.obligations],
            "alternatives": [one.value for one in self.alternatives],
            "unverified_readings": list(self.unverified_readings),
        }
