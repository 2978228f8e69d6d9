"""The printed page is the one in docs/."""

from pathlib import Path

from confrere.core.lifecycle.diagram import lifecycle_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "lifecycle.md"


def test_the_page_in_docs_is_what_the_tables_print() -> None:
    assert PAGE.read_text(encoding="utf-8") == lifecycle_page()


def test_every_row_is_drawn_and_listed() -> None:
    page = lifecycle_page()
    assert "held --> clearing: resume" in page
    assert "| held | expire | expired | clock | `intake.expired` |" in page
