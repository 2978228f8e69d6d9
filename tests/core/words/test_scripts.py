"""One spelling of a name stands for its spellings in nine scripts."""

import pytest

from confrere.core.words.scripts import brahmic_key, latin_keys


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("राजेश", "rajesh"),
        ("লক্ষ্মী", "lakshmi"),
        ("ਗੁਰਪ੍ਰੀਤ", "gurpreet"),
        ("પટેલ", "patel"),
        ("முருகன்", "murugan"),
        ("వెంకటేశ్వర", "venkateswara"),
        ("ಮಂಜುನಾಥ", "manjunatha"),
        ("നായർ", "nair"),
        ("அஹமதாபாத்", "ahmedabad"),
    ],
)
def test_a_name_in_an_indian_script_has_a_key_of_its_latin_spelling(native: str, latin: str) -> None:
    assert brahmic_key(native) in latin_keys(latin)


def test_different_names_have_different_keys() -> None:
    assert brahmic_key("राजेश") not in latin_keys("suresh")
