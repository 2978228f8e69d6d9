"""A value is told short, quoted and on one line, so that a message can neither flood nor forge a log."""

from confrere.core.rules.errors import told


def test_a_value_is_quoted_and_cut() -> None:
    assert told("gossip") == "'gossip'"
    assert len(told("x" * 500)) < 50


def test_what_breaks_a_line_is_escaped() -> None:
    assert "\n" not in told("a\nb")
    assert "\x1b" not in told("\x1b[31m")


def test_what_is_no_text_is_named_by_its_kind_only() -> None:
    assert told(["secret"]) == "a value that is no text (list)"
