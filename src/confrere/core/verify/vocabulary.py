"""The verifier's short lists: common words, technical attributes, UIDs that name classes, public coding schemes.

Source: vocabulary.toml beside this file, which says why each list exists.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words are lower-case ASCII bytes: `common_words` tell nothing; `telling_names` of them do in free text as a name.

    The attributes and UIDs are DICOM keywords, the schemes designators.
    """

    common_words: frozenset[bytes]
    telling_names: frozenset[bytes]
    technical_attributes: frozenset[str]
    class_uids: frozenset[str]
    public_schemes: frozenset[bytes]


@cache
def vocabulary() -> Vocabulary:
    """The lists, read once."""
    raw = tomllib.loads((files(__package__) / "vocabulary.toml").read_text(encoding="utf-8"))
    common, names, terms = (_words(raw[name]) for name in ("common_words", "common_names", "defined_terms"))
    return Vocabulary(
        common_words=common | names | terms,
        telling_names=names | terms,
        technical_attributes=frozenset(raw["technical_attributes"]),
        class_uids=frozenset(raw["class_uids"]),
        public_schemes=_words(raw["public_schemes"]),
    )


def _words(listed: list[str]) -> frozenset[bytes]:
    return frozenset(word.encode("ascii") for word in listed)
