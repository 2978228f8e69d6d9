"""Damaged files end clean, held or refused; nothing else happens, and nothing planted comes through.

`benchmarks/flip_every_byte.py` does the same with every byte of three files, in many ways; here is the part of it that
a test run can afford.
"""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.clearing import End, cleared, series_engine, spliced
from support.damage import DAMAGES, element_spans
from support.planted import ORIGINALS, VALUES, Needles, planted_short_ct

from confrere.core.deidentify.splice import Splicer

NEEDLES = Needles(VALUES.values())


@cache
def original() -> tuple[bytes, int]:
    """The planted CT file, and where its pixel data element begins."""
    content = planted_short_ct()
    return content, content.rindex(b"\xe0\x7f\x10\x00OW")


def check(damaged: bytes) -> End:
    """Clear `damaged`; a crash goes through and a piece of a planted value in a clean output fails."""
    content, start = original()
    picture = content[start + 12 : -len(VALUES["after the pixels"])]
    end = cleared(damaged)
    if end.outcome == "clean":
        # The picture is the original's or it is searched like the rest.
        assert not NEEDLES.found_in(end.engine_output.removesuffix(picture))
    else:
        assert end.outcome in {"held", "refused"}
        assert end.outcome == "held" or end.engine_output == b""
    return end


@cache
def series() -> Splicer:
    """The engine of a series, which has learnt what other slices of it have in common."""
    engine = series_engine()
    for number in (0, 1, 2, 3):
        assert spliced(engine, planted_short_ct(number)).outcome == "clean"
    return engine


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_whole_file_is_cleaned_of_everything_planted(name: str) -> None:
    content = ORIGINALS[name]()
    assert NEEDLES.found_in(content) == NEEDLES.pieces | NEEDLES.numbers
    end = cleared(content)
    assert end.outcome == "clean"
    assert not NEEDLES.found_in(end.engine_output)


def test_what_is_looked_for_is_found_however_it_is_written() -> None:
    name = VALUES["name"].replace("^", " ")
    for form in (name.encode(), name.upper().encode(), name.encode("utf-16-le"), b"-".join(name[:8].encode().split())):
        assert NEEDLES.found_in(b"\0\1" + form + b"\2")
    assert not NEEDLES.found_in(b"nothing of the kind 1963 0228")


@pytest.mark.parametrize("first", range(4))
def test_no_flip_of_a_header_byte_leaks_or_crashes(first: int) -> None:
    content, start = original()
    for at in range(first, start + 12, 4):
        damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        end = check(damaged)
        # Among its series a damaged slice ends as it does alone.
        assert spliced(series(), damaged).engine_output == end.engine_output


def test_no_cut_leaks_or_crashes() -> None:
    content, start = original()
    chance = Random(200)
    for at in (*chance.sample(range(len(content)), 150), *chance.sample(range(start), 50)):
        end = check(content[:at])
        assert at > len(content) - 32 or end.outcome == "refused", at


@given(st.integers(0, 1 << 32), st.lists(st.sampled_from(sorted(DAMAGES)), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_no_damage_to_elements_leaks_or_crashes(seed: int, damages: list[str]) -> None:
    content, start = original()
    body = 144 + int.from_bytes(content[140:144], "little")
    damaged, chance = content, Random(seed)
    for damage in damages:
        # The spans are the sound file's: after the first damage the next one falls where it falls.
        damaged = DAMAGES[damage](damaged, element_spans(content, body, start), chance)
    end = check(damaged)
    assert spliced(series(), damaged).engine_output == end.engine_output
