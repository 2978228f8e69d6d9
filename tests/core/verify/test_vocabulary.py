"""The lists are what they claim: short, lower case, real DICOM keywords, no repeats."""

import re
import tomllib
from importlib.resources import files
from typing import cast

from pydicom import _dicom_dict, _uid_dict
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.sr import _concepts_dict

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


def _listed(name: str) -> set[str]:
    return set(tomllib.loads((files("confrere.core.verify") / "vocabulary.toml").read_text(encoding="utf-8"))[name])


def test_common_words_are_lower_case_and_long_enough_to_matter() -> None:
    assert all(word == word.lower() and word.isalpha() and len(word) >= 4 for word in vocabulary().common_words)
    assert len(_listed("common_words")) < 300
    assert len(_listed("defined_terms")) < 300
    assert _listed("common_names") <= _listed("common_words")
    assert not _listed("defined_terms") & _listed("common_words")


# Body parts of PS3.16 Annex L are written together.
_JOINED = """abdomenpelvis bileduct chestabdomen chestabdpelvis circleofwillis coronaryartery cspine ctspine lspine
    lsspine neckchest neckchestabdomen ribs sijoint sspine tlspine tspine wholebody"""
_NAMES = """asha bedi bindu bose brown chand das devi gill gupta hari jain john kamal khan king kumar lal lata mala mani
    maya menon mohan nair patel paul rani rao reddy rose roy sagar sen shah shanti sharma singh stone tara thomas uma
    usha white wood"""


def test_defined_terms_are_words_of_the_standard() -> None:
    titles = [row[2] for row in _dicom_dict.DicomDictionary.values()]
    titles += [row[0] for row in _uid_dict.UID_dictionary.values()]
    concepts = cast("dict[str, dict[str, dict[str, tuple[str, list[int]]]]]", _concepts_dict.concepts)
    for names in concepts.values():
        titles += [meaning for values in names.values() for meaning, _ in values.values()]
    standard = set(re.findall(r"[a-z]+", " ".join(titles).lower()))
    assert _listed("defined_terms") <= standard.union(_JOINED.split())


def test_no_name_of_many_people_is_a_defined_term() -> None:
    assert not set(_NAMES.split()) & (_listed("defined_terms") | _listed("common_words"))


def test_nothing_is_listed_twice() -> None:
    raw = tomllib.loads((files("confrere.core.verify") / "vocabulary.toml").read_text(encoding="utf-8"))
    for name, words in raw.items():
        assert len(words) == len(set(words)), name
