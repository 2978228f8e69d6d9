"""What a transition table is, and the one function that reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from confrere.core.terms import ConfrereError


class Actor(StrEnum):
    """Who may make a move; people act through a page, the rest are parts of the server."""

    DOOR = "door"
    CONVEYOR = "conveyor"
    AUTHOR = "author"
    MODERATOR = "moderator"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `verb` leads from `from_state` to `to_state`, only by `who`, and writes `event`."""

    from_state: str
    verb: str
    to_state: str
    who: tuple[Actor, ...]
    event: str


class IllegalMove(ConfrereError):
    """The table has no such row; a bug or a race, never the user's fault. Nothing was changed."""

    def __init__(self, table: str, from_state: str, verb: str) -> None:
        self.table = table
        self.from_state = from_state
        self.verb = verb
        super().__init__(f"{table}: no way to {verb} from {from_state}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        # Exceptions cross process borders; rebuild from the same three words.
        return type(self), (self.table, self.from_state, self.verb)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one kind of thing, in the order the diagram shows them.

    INVARIANT: (from_state, verb) is unique; every state can be reached from `initial`.
    """

    name: str
    initial: str
    rows: tuple[Transition, ...]

    def __post_init__(self) -> None:
        """Refuse a table with two answers to one question."""
        keys = [(row.from_state, row.verb) for row in self.rows]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.name}: two rows for the same state and verb")

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, the initial one first, then in order of appearance."""
        return tuple(dict.fromkeys((self.initial, *_ends(self.rows))))

    @property
    def terminal(self) -> tuple[str, ...]:
        """The states no row leaves."""
        left = {row.from_state for row in self.rows}
        return tuple(state for state in self.states if state not in left)

    def rows_from(self, state: str) -> tuple[Transition, ...]:
        """The rows that leave `state`."""
        return tuple(row for row in self.rows if row.from_state == state)


def _ends(rows: Iterable[Transition]) -> Iterable[str]:
    for row in rows:
        yield row.from_state
        yield row.to_state


def move(table: Table, from_state: str, verb: str) -> Transition:
    """The row `verb` takes from `from_state`: its `to_state` is the new state, its `event` the line to write.

    Raises IllegalMove when there is none; the caller must not touch the row.
    """
    for row in table.rows:
        if row.from_state == from_state and row.verb == verb:
            return row
    raise IllegalMove(table.name, from_state, verb)


def can_move(table: Table, from_state: str, verb: str, actor: Actor) -> bool:
    """Whether `actor` may take `verb` from `from_state`; for pages that show or hide a button."""
    return any(row.verb == verb and actor in row.who for row in table.rows_from(from_state))
