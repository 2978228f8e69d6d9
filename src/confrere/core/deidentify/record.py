"""The DeidentificationRecord: what was done to one instance, by tag and count, never by value."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from confrere.core.deidentify.policy import Why
from confrere.core.deidentify.rewrite import Deed
from confrere.core.dicom.dictionary import tag_name


@dataclass(frozen=True, slots=True)
class DeidentificationRecord:
    """`actions` maps "(gggg,eeee)" to {action letter: how often}, for listed attributes only.

    `removed` counts what default-deny took out, by reason; `dropped_bytes` is what lay behind the data set;
    `pixels` is "identical" or what was cleared in the pixel data.
    """

    edition: str
    profile: str
    codes: tuple[str, ...]
    actions: dict[str, dict[str, int]]
    removed: dict[str, int]
    kept: int
    dropped_bytes: int
    preamble_cleared: bool
    pixels: str

    def as_json(self) -> dict[str, object]:
        """The record as JSON-able values; holds no value of the instance."""
        return {
            "edition": self.edition,
            "profile": self.profile,
            "codes": list(self.codes),
            "actions": self.actions,
            "removed": self.removed,
            "kept": self.kept,
            "dropped_bytes": self.dropped_bytes,
            "preamble_cleared": self.preamble_cleared,
            "pixels": self.pixels,
        }


def tally(deeds: Iterable[Deed]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """`deeds` as (actions by tag, default-deny removals by reason), both in a stable order."""
    actions: dict[str, Counter[str]] = {}
    removed: Counter[str] = Counter()
    for deed in deeds:
        if deed.why == Why.LISTED:
            actions.setdefault(tag_name(deed.tag), Counter())[str(deed.action)] += 1
        else:
            removed[str(deed.why)] += 1
    by_tag = {tag: dict(sorted(counts.items())) for tag, counts in sorted(actions.items())}
    return by_tag, dict(sorted(removed.items()))
