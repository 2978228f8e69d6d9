"""Unused bits may be zero or sign extension; anything else is hidden writing and goes."""

import numpy as np
import pytest

from confrere.core.dicom.high_bits import carries_hidden_bits, without_hidden_bits
from confrere.core.dicom.pixels import PixelLayout


def layout(*, signed: bool = False, stored: int = 12, high_bit: int = 11) -> PixelLayout:
    return PixelLayout(2, 2, 1, 1, "MONOCHROME2", 16, stored, high_bit, signed, 0)


@pytest.mark.parametrize("signed", [False, True])
def test_zero_and_uniform_sign_extension_are_left_alone(signed: bool) -> None:
    zero = np.array([0, 1, 0x0FFF, 0x0800], "<u2")
    extended = np.array([0, 1, 0xFFFF, 0xF800], "<u2")
    assert not carries_hidden_bits(zero, layout(signed=signed))
    assert not carries_hidden_bits(extended, layout(signed=signed))


@pytest.mark.parametrize("signed", [False, True])
def test_a_drawing_in_the_highest_bit_is_seen_and_removed(signed: bool) -> None:
    drawn = np.array([0x8000, 1, 0x8FFF, 0x0800], "<u2")
    assert carries_hidden_bits(drawn, layout(signed=signed))
    cleaned = without_hidden_bits(drawn, layout(signed=signed))
    assert not carries_hidden_bits(cleaned, layout(signed=signed))
    assert np.array_equal(cleaned & 0x0FFF, drawn & 0x0FFF)


def test_a_mixture_of_zero_and_sign_extension_could_spell_and_is_removed() -> None:
    assert carries_hidden_bits(np.array([0x0FFF, 0xFFFF, 0, 0], "<u2"), layout(signed=True))


def test_values_stored_at_the_top_of_the_cell_keep_their_place() -> None:
    top = layout(high_bit=15)
    assert not carries_hidden_bits(np.array([0xFFF0, 0x10], "<u2"), top)
    assert carries_hidden_bits(np.array([0xFFF1, 0x10], "<u2"), top)
    assert without_hidden_bits(np.array([0xFFF1, 0x10], "<u2"), top).tolist() == [0xFFF0, 0x10]


def test_full_cells_have_nothing_to_hide_in() -> None:
    assert not carries_hidden_bits(np.array([0xFFFF], "<u2"), layout(stored=16, high_bit=15))
