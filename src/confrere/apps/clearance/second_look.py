"""The second look inside the jail: one for each series of the sender, told by the engine passage by passage.

Source: the order of stations in docs/explanation/flow.md.
"""

from dataclasses import dataclass, field

from confrere.core.deidentify import Profile, explains
from confrere.core.deidentify.pixel_value import PixelElement
from confrere.core.deidentify.splice import Spliced
from confrere.core.verify.series import PixelPart, SeriesLook


@dataclass(slots=True)
class SecondLook:
    """The looks of one sender's series, by new Series Instance UID and encoding.

    What an option of `profile` keeps on purpose is no residual; a name or a telephone number in it is one all the same.
    """

    profile: Profile
    looks: dict[tuple[str, bool], SeriesLook] = field(default_factory=dict)
    waiting: set[tuple[str, bool]] = field(default_factory=set)

    def read(self, spliced: Spliced, name: str) -> None:
        """Take in one cleaned instance under a `name` of its own. Raises Broken where it cannot be read."""
        key = (spliced.identity.series_instance_uid, spliced.implicit)
        look = self.looks.get(key)
        if look is None:
            look = self.looks[key] = SeriesLook(implicit=spliced.implicit)
        self.waiting.add(key)
        look.read(name, spliced.passages, _pixel_part(spliced.pixels))

    def judge(self) -> set[str]:
        """The names of the instances in which an identifier was found, of the series read since the last time."""
        waiting, self.waiting = self.waiting, set()
        return {
            name
            for key in waiting
            for name, found in self.looks[key].judge().items()
            if not all(explains(self.profile, residual.tag, residual.kind) for residual in found)
        }


def _pixel_part(pixels: PixelElement) -> PixelPart:
    """The pixel element as the second look takes it: the value where it can hold words, else its length."""
    if not pixels.is_encapsulated:
        return PixelPart(pixels.header, pixels.stop - pixels.start - len(pixels.header))
    return PixelPart(pixels.header, 0, pixels.pieces())
