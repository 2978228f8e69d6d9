"""The networks that look at pixels inside the jail, loaded once for each child, at the first asking.

INVARIANT: a network that is missing or is not the one that was measured stops the instance; nothing goes on unlooked.
"""

from collections.abc import Callable
from functools import cache

from confrere.apps.clearance.frames_shown import InstanceFrames
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.regions import Region
from confrere.core.terms import Held

SecondLook = Callable[[InstanceFrames], list[Region]]


@cache
def first_detector() -> Detector:
    """The network that proposes; raises Held("pixel-engine-missing") where it cannot be loaded."""
    raise Held("pixel-engine-missing")


@cache
def second_detector() -> SecondLook:
    """The other network, for the output; raises as `first_detector`."""
    raise Held("pixel-engine-missing")
