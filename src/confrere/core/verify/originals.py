"""The originals of a look: each distinct element is harvested once, and the harvest grows as instances arrive."""

from collections.abc import Mapping, Set
from dataclasses import fields

from confrere.core.verify.layout import EMPTY_PREAMBLE, Surroundings, is_short_element, outermost
from confrere.core.verify.needles import Gatherer, Harvest
from confrere.core.verify.reading import (
    Days,
    Quick,
    harvest_element,
    harvest_rest,
    harvest_runs,
    quick_way,
    uids_in,
)

Before = Mapping[tuple[int, ...], Set[int]]
"""The days that an original held at each path."""

NO_DAYS: Before = {}


def _by_path(days: Days) -> Before:
    if not days:
        return NO_DAYS
    before: dict[tuple[int, ...], set[int]] = {}
    for path, day in days:
        before.setdefault(path, set()).add(day)
    return before


_PLAIN_GROWTH = ("uids", "days", "days_at")


class Originals:
    """What the originals of one series held."""

    def __init__(self, *, implicit: bool) -> None:
        self._explicit = not implicit
        self._ways: dict[bytes, Quick] = {}
        self._quiet: set[tuple[bytes, int]] = set()
        self._around = Surroundings()
        self._seen: set[bytes] = set()
        self._fresh = Gatherer()
        self._gathered = Gatherer()
        self.harvest = Harvest()

    def take(self, raw: bytes, *, is_raw: bool) -> Before:
        """Harvest one passage's original; gives the days it held. Raises TooDeep."""
        # Most passages are one short element, and its header says all that need be known of it.
        shape = (raw[:8], len(raw))
        if shape in self._quiet and not is_raw:
            return NO_DAYS
        if self._explicit and not is_raw and is_short_element(raw):
            if self._ways.get(raw[:6]) is Quick.NOTHING:
                self._quiet.add(shape)
                return NO_DAYS
            return _by_path(self._explicit_element(raw))
        if uid := self._around.parted(raw):
            self._explicit_element(uid)
            return NO_DAYS
        return self.days_at(raw, is_raw=is_raw)

    def days_at(self, raw: bytes, *, is_raw: bool) -> Before:
        """As `take`, for any passage."""
        if is_raw and raw[128:132] != b"DICM":
            self._runs(raw)
            return NO_DAYS
        if raw[128:132] == b"DICM":
            self._runs(raw[:128])
        meta, body, end = outermost(raw, explicit=self._explicit)
        if raw[128:132] == b"DICM" and end == len(raw):
            self._around.remember(raw, meta + body)
        days: list[tuple[tuple[int, ...], int]] = []
        for element in meta:
            days.extend(self._explicit_element(element))
        for element in body:
            days.extend(self._element(element, explicit=False))
        if end < len(raw):
            harvest_rest(self._fresh, raw[end:], explicit=self._explicit)
        return _by_path(days)

    def _explicit_element(self, raw: bytes) -> Days:
        head = raw[:6]
        way = self._ways.get(head)
        if way is None:
            way = self._ways[head] = quick_way(head)
        if way is Quick.MORE:
            return self._element(raw, explicit=True)
        if way is Quick.UIDS:
            self._fresh.uids.update(uids_in(raw[8:]))
        return ()

    def _element(self, raw: bytes, *, explicit: bool) -> Days:
        """Harvest one element; gives the days in it, with their paths."""
        if raw in self._seen:
            return ()
        days = harvest_element(self._fresh, raw, explicit=explicit)
        if not days:
            self._seen.add(raw)
        return days

    def _runs(self, raw: bytes) -> None:
        if raw != EMPTY_PREAMBLE and raw not in self._seen:
            self._seen.add(raw)
            harvest_runs(self._fresh, raw)

    def settle(self) -> Harvest:
        """Bring `harvest` up to what was taken; gives what is new in it since the last time."""
        fresh, self._fresh = self._fresh, Gatherer()
        old = self.harvest
        grew = [
            each.name for each in fields(Gatherer) if getattr(fresh, each.name) - getattr(self._gathered, each.name)
        ]
        self._gathered.absorb(fresh.held())
        if not grew:
            return Harvest()
        if all(name in _PLAIN_GROWTH for name in grew):
            changes = {name: frozenset(getattr(self._gathered, name)) for name in grew}
            self.harvest = old.merge(Harvest(**changes))
        else:
            # A name that comes late takes back what a technical value excused: all is weighed again.
            self.harvest = old.merge(self._gathered.finish())
        return self.harvest.without(old)
