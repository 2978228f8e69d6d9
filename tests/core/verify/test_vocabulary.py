"""The lists are what they claim: short, lower case, real DICOM keywords, no repeats."""

import tomllib
from importlib.resources import files

from pydicom.datadict import dictionary_VR, tag_for_keyword

from confrere.core.verify.vocabulary import vocabulary


def test_technical_attributes_are_real_text_attributes() -> None:
    for keyword in vocabulary().technical_attributes:
        tag = tag_for_keyword(keyword)
        assert tag is not None, keyword
        assert dictionary_VR(tag) in {"LO", "SH", "LT", "ST", "UT", "UC", "UR"}, keyword


def test_class_uids_are_real_uid_attributes() -> None:
    for keyword in vocabulary().class_uids:
        tag = tag_for_keyword(keyword)
        assert tag is not None and dictionary_VR(tag) == "UI", keyword


def test_common_words_are_lower_case_and_long_enough_to_matter() -> None:
    assert all(word == word.lower() and word.isalpha() and len(word) >= 4 for word in vocabulary().common_words)
    assert len(vocabulary().common_words) < 300


def test_nothing_is_listed_twice() -> None:
    raw = tomllib.loads((files("confrere.core.verify") / "vocabulary.toml").read_text(encoding="utf-8"))
    for name, words in raw.items():
        assert len(words) == len(set(words)), name
