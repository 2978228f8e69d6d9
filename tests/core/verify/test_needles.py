"""How values become needles, and how harvests join."""

import copy

from confrere.core.verify import Harvest, harvest_known


def test_each_line_becomes_needles_and_empty_lines_none() -> None:
    assert len(harvest_known(["", "  "])) == 0
    known = harvest_known(["Gurpreet Singh"])
    assert ("name", b"gurpreet") in known.phrases
    assert {word for _, word in known.words} == {b"singh", b"gsingh", b"singhg"}


def test_names_are_looked_for_in_every_order() -> None:
    phrases = {needle for _, needle in harvest_known(["Li^Na^Rao"]).phrases}
    assert phrases == set()
    phrases = {needle for _, needle in harvest_known(["Kaur^Li^Harjit"]).phrases}
    assert {b"kaurliharjit", b"harjitkaur", b"kaurharjit", b"liharjit"} <= phrases


def test_initials_glued_to_a_part_are_looked_for() -> None:
    known = harvest_known(["Sharma^Rajesh Kumar"])
    words = {word for _, word in (*known.words, *known.phrases)}
    assert {b"rksharma", b"sharmark", b"rsharma", b"sharmar"} <= words
    assert b"rk" not in words


def test_what_another_harvest_has_can_be_taken_out() -> None:
    one, two = harvest_known(["Gurpreet Singh"]), harvest_known(["MR-55012"])
    assert one.merge(two).without(one) == two.without(one)
    assert len(one.without(one)) == 0


def test_merging_is_a_union_and_changes_neither() -> None:
    one, two = harvest_known(["Gurpreet Singh"]), harvest_known(["MR-55012", "02/03/1961"])
    before = copy.copy(one)
    both = one.merge(two)
    assert one == before
    assert both.phrases == one.phrases | two.phrases
    assert both.days == two.days
    assert one.merge() == one
    assert one.merge(one) == one
    assert Harvest().merge(one) == one
