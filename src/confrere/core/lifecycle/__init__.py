"""Who may move what from which state to which, and the ledger line each move writes.

Source: docs/reference/lifecycle.md, printed from these tables by `python -m confrere.core.lifecycle.diagram`.
"""

from confrere.core.lifecycle.tables import CASE, HEAD, INTAKE, RELEASE, SERIES, TABLES
from confrere.core.lifecycle.transitions import Actor, IllegalMove, Table, Transition, can_move, move

__all__ = [
    "CASE",
    "HEAD",
    "INTAKE",
    "RELEASE",
    "SERIES",
    "TABLES",
    "Actor",
    "IllegalMove",
    "Table",
    "Transition",
    "can_move",
    "move",
]
