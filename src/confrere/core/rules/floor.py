"""The hard floor under every pack: what must be true before anything is released, whatever the rules say.

INVARIANT: nothing here reads a pack, a setting or a role, so nothing can switch it off.
"""

from dataclasses import dataclass

_IDENTITIES = frozenset(("coded", "anonymous"))
_PROFILES = frozenset(("strict",))


@dataclass(frozen=True, slots=True)
class FloorFacts:
    """What the floor looks at; every field must be given, none has a default that could be forgotten."""

    identity: str
    audience_members: int
    audience_unverified: int
    instances: int
    instances_verified: int
    residuals: int
    profile: str
    faces_open: int
    """Instances that may show a face and that somebody besides their author would see."""


def check_floor(facts: FloorFacts) -> tuple[str, ...]:
    """The names of the invariants that are broken, in a fixed order; empty means the floor holds."""
    checks = (
        ("identity", facts.identity in _IDENTITIES),
        ("audience", facts.audience_members > 0 and facts.audience_unverified == 0),
        ("instances", facts.instances > 0 and facts.instances_verified == facts.instances),
        ("residuals", facts.residuals == 0),
        ("profile", facts.profile in _PROFILES),
        ("faces", facts.faces_open == 0),
    )
    return tuple(name for name, holds in checks if not holds)
