"""Facts in, Decision out: dated rule packs, the strictest of which wins, and a hard floor no pack can lower.

Source: docs/adr/0002-rules-are-toml-packs.md.
"""

from confrere.core.rules.decide import decide
from confrere.core.rules.decision import Decision, FiredRule
from confrere.core.rules.errors import PackError, RequestError
from confrere.core.rules.floor import FloorFacts, check_floor
from confrere.core.rules.loader import load_pack, shipped_packs
from confrere.core.rules.pack import Pack, Rule
from confrere.core.rules.request import ConsentGiven, Request
from confrere.core.rules.vocabulary import DecisionValue, Obligation

__all__ = [
    "ConsentGiven",
    "Decision",
    "DecisionValue",
    "FiredRule",
    "FloorFacts",
    "Obligation",
    "Pack",
    "PackError",
    "Request",
    "RequestError",
    "Rule",
    "check_floor",
    "decide",
    "load_pack",
    "shipped_packs",
]
