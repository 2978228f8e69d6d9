"""The verifier's three short lists: common words, technical attributes, and UIDs that name classes.

Source: vocabulary.toml beside this file, which says why each list exists.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`common_words` are lower-case ASCII bytes; the other two are DICOM keywords."""

    common_words: frozenset[bytes]
    technical_attributes: frozenset[str]
    class_uids: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The lists, read once."""
    raw = tomllib.loads((files(__package__) / "vocabulary.toml").read_text(encoding="utf-8"))
    return Vocabulary(
        common_words=frozenset(word.encode("ascii") for word in raw["common_words"]),
        technical_attributes=frozenset(raw["technical_attributes"]),
        class_uids=frozenset(raw["class_uids"]),
    )
