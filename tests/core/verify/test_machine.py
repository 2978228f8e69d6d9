"""What lines of text hold, and what the machine's own words excuse."""

from confrere.core.verify.machine import line, machine, patterns, suspect


def test_a_line_that_holds_a_name_excuses_nothing() -> None:
    lines = [line(b"LightSpeed VCT"), line(b"scanner of Sharma")]
    assert machine(lines, frozenset()).words >= {b"lightspeed", b"sharma"}
    assert machine(lines, frozenset((b"sharma",))).words == {b"lightspeed", b"vct"}


def test_numbers_and_dates_are_read_from_text() -> None:
    assert patterns(b"call +91 98765 43210") == ((b"919876543210",), frozenset())
    assert len(patterns(b"born 29 Feb 1956")[1]) == 1
    assert patterns(b"slice 123") == ((), frozenset())


def test_common_words_tell_nothing() -> None:
    assert suspect(b"CT BRAIN for Meenakshi", "text").words == {b"ct", b"for", b"meenakshi"}
