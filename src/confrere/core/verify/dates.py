"""Whether a date at a DA or DT element is the original one, or one that the patient's own shift explains.

A shifted date may by chance equal another date of the same patient. A date at a DA or DT element is therefore no
residual when it differs from that element's own original and one single non-zero shift of at most four years
explains it together with most dates looked at; anywhere else an original date counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Set
from typing import NamedTuple

from confrere.core.verify import views

DATE_VRS = frozenset(("DA", "DT"))
_MAX_SHIFT_DAYS = 1460
_ONLY_A_DATE = re.compile(rb"[-0-9.:+ \\\0]*")


class Moved(NamedTuple):
    """One value: the days in it now, and the days that the same element held before."""

    now: frozenset[int]
    before: frozenset[int]


def days_of(value: bytes) -> frozenset[int]:
    """The dates in a DA or DT value."""
    parts = [part.strip(b" \0") for part in value.split(b"\\")]
    # Whatever follows the first eight digits is a time, well written or not.
    led = (views.compact_days(part[:8] + b"00") for part in parts if len(part) > 8 and part[:8].isdigit())
    return frozenset(views.days_in(b"\n".join(parts)).union(*led))


def is_only_a_date(value: bytes) -> bool:
    """Whether a DA or DT value holds nothing that could be text."""
    return _ONLY_A_DATE.fullmatch(value) is not None


def common_shift(moved: Iterable[Moved]) -> int | None:
    """The one non-zero shift that explains more than half of the values, or None."""
    told = [one for one in moved if one.now and one.before]
    shifts = Counter(by for one in told for by in {day - was for day in one.now for was in one.before})
    for by, count in shifts.most_common():
        if 0 < abs(by) <= _MAX_SHIFT_DAYS and 2 * count > len(told):
            return by
    return None


def is_explained(one: Moved, shift: int | None, originals: Set[int]) -> bool:
    """Whether no day of `one` is an original date, or each that is comes from its own original by `shift`."""
    return all(shift is not None and day not in one.before and day - shift in one.before for day in one.now & originals)
