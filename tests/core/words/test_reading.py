"""What is not seen is not searched, what looks Latin is Latin, and every offset leads back to the original."""

from hypothesis import given
from hypothesis import strategies as st

from confrere.core.words.reading import read


def test_plain_text_is_its_own_reading() -> None:
    assert read("Liver 12 cm\nnormal").plain == "Liver 12 cm\nnormal"


def test_invisible_characters_are_left_out_and_the_way_back_is_kept() -> None:
    text = "Ra\u200bj\u00adesh\u202e 98\u200d45"
    reading = read(text)
    assert reading.plain == "Rajesh 9845"
    assert text[slice(*reading.back(0, 6))] == "Ra\u200bj\u00adesh"
    assert text[slice(*reading.back(7, 11))] == "98\u200d45"


def test_forms_scripts_of_digits_and_look_alikes_are_folded() -> None:
    assert read("ＲＡＭＥＳＨ ９८४५ ९८४५ ௯௮ ۹۸").plain == "RAMESH 9845 9845 98 98"
    assert read("\u0420\u0430mesh \U0001d411\U0001d41am Rájesh ﬁ").plain == "Pamesh Ram Rajesh fi"


def test_every_kind_of_line_end_is_one() -> None:
    assert read("a\r\nb\x0bc\u2028d").plain.split("\n")[-1] == "d"


@given(st.text(max_size=60))
def test_every_stretch_of_any_reading_lies_inside_the_original(text: str) -> None:
    reading = read(text)
    for at in range(len(reading.plain)):
        start, end = reading.back(at, at + 1)
        assert 0 <= start < end <= len(text)
