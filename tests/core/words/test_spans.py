"""Spans are told in order and apart."""

from confrere.core.words.spans import found, merged


def test_overlapping_spans_become_one_that_keeps_every_letter_and_the_surest_kind() -> None:
    (one,) = merged([found(5, 9, "id", 0.5), found(0, 6, "name", 0.9)])
    assert (one.start, one.end, one.kind, one.sure) == (0, 9, "name", True)


def test_spans_that_only_touch_stay_apart_and_empty_ones_go() -> None:
    spans = merged([found(4, 8, "id", 0.9), found(0, 4, "name", 0.6), found(2, 2, "name", 0.9)])
    assert [(one.start, one.end, one.sure) for one in spans] == [(0, 4, False), (4, 8, True)]
