"""The network for names: proven weights or nothing, offsets in code points, windows that overlap."""

from dataclasses import replace

import pytest

from confrere.adapters import name_network
from confrere.core.terms import Broken


def test_names_and_towns_are_told_with_their_offsets() -> None:
    text = "😀 patient Ramesh Kumarasinghe came from Kolkata"
    guesses = name_network.load_name_network()(text)
    assert any(text[one.start : one.end] in "Ramesh" and one.kind == "name" and one.score > 0.9 for one in guesses)
    assert any(text[one.start : one.end] in "Kolkata" and one.kind == "place" for one in guesses)


def test_a_name_beyond_the_first_window_is_seen_too() -> None:
    text = "the lesion is stable. " * 200 + "Patient Ramesh Kumarasinghe"
    assert any(one.start >= text.index("Ramesh") for one in name_network.load_name_network()(text))


def test_an_empty_text_has_no_name() -> None:
    assert name_network.load_name_network()("") == ()


def test_it_is_loaded_once() -> None:
    assert name_network.load_name_network() is name_network.load_name_network()


@pytest.mark.parametrize("part", ["MODEL", "TOKENIZER", "CONFIG"])
def test_altered_weights_are_broken_and_nothing_is_answered(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_network, part, replace(getattr(name_network, part), sha256="0" * 64))
    with pytest.raises(Broken, match="not the known ones"):
        name_network.NameNetwork()


def test_a_fault_while_it_works_is_broken_and_says_no_word_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    network = name_network.NameNetwork()

    def fails(*_given: object) -> None:
        raise RuntimeError("Ramesh")

    monkeypatch.setattr(network, "_chances", fails)
    with pytest.raises(Broken) as told:
        network("Ramesh")
    assert "Ramesh" not in str(told.value)
