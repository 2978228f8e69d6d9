"""Take one field out of a table that was read from TOML, strictly: wrong type, unknown word or key refuses the pack."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, cast

from confrere.core.rules.errors import PackError, told
from confrere.core.rules.groups import members

_Word = TypeVar("_Word", bound=StrEnum)
Table = Mapping[str, object]


def only(raw: Table, known: frozenset[str], where: str) -> None:
    """Refuse any key that is not known."""
    if unknown := sorted(set(raw) - known):
        raise PackError(f"{where}: unknown key {told(unknown[0])}")


def table(raw: object, where: str) -> Table:
    """The table that `raw` is."""
    if not isinstance(raw, Mapping):
        raise PackError(f"{where}: must be a table")
    return raw


def listed(raw: Table, key: str, where: str) -> list[object]:
    """The list under `key`; empty when there is none."""
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise PackError(f"{where}: {key} must be a list")
    return value


def text(raw: Table, key: str, where: str, missing: str | None = None) -> str:
    """The text under `key`; `missing` when there is none, and then only where that is allowed."""
    value = raw.get(key, missing)
    if not isinstance(value, str) or not (value.strip() or value == missing):
        raise PackError(f"{where}: {key} must be a text")
    return value


def truth(raw: Table, key: str, where: str) -> bool | None:
    """True or false under `key`; None when nothing is said."""
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        raise PackError(f"{where}: {key} must be true or false")
    return value


def day(raw: object, where: str) -> date:
    """The day that `raw` is; a point in time is none."""
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise PackError(f"{where}: must be a day")
    return raw


def word(kind: type[_Word], raw: object, where: str) -> _Word:
    """The word of `kind` that `raw` is."""
    try:
        return kind(raw if isinstance(raw, str) else "")
    except ValueError:
        raise PackError(f"{where}: unknown {kind.__name__} {told(raw)}; allowed: {', '.join(kind)}") from None


def words(kind: type[_Word], raw: Table, key: str, where: str) -> frozenset[_Word]:
    """The words under `key`, a name with @ standing for its whole group; a list that is there is never empty."""
    found: list[_Word] = []
    for one in listed(raw, key, where):
        group = members(kind, one) if isinstance(one, str) else ()
        found += cast("tuple[_Word, ...]", group) or (word(kind, one, where),)
    if key in raw and not found:
        raise PackError(f"{where}: {key} is empty")
    if len(set(found)) != len(found):
        raise PackError(f"{where}: {key} names a word twice")
    return frozenset(found)


def texts(raw: Table, key: str, where: str) -> tuple[str, ...]:
    """The texts under `key`, in their order."""
    found = listed(raw, key, where)
    for one in found:
        if not isinstance(one, str) or not one.strip():
            raise PackError(f"{where}: {key} must be texts")
    return tuple(str(one) for one in found)
