"""A generated file that is not what its maker writes is told, and comparing writes nothing."""

import json
from pathlib import Path

import pytest

from generated import table_text, words, write_or_compare

ROOT = Path(__file__).parents[2]
TABLES = [
    *("ps315.json", "sr_content.json", "safe_private.json", "code_meanings.json"),
    ROOT / "tests/core/deidentify/second_reading.json",
]


def test_a_file_that_differs_or_is_missing_is_told_and_left_alone(tmp_path: Path) -> None:
    """The seeded failure of this gate."""
    page = tmp_path / "page.md"
    assert write_or_compare(page, "new", only_compare=True) == 1
    assert not page.exists()
    page.write_text("old")
    assert write_or_compare(page, "new", only_compare=True) == 1
    assert page.read_text() == "old"


def test_a_file_that_was_written_is_the_same(tmp_path: Path) -> None:
    page = tmp_path / "folder" / "page.md"
    assert write_or_compare(page, "new", only_compare=False) == 0
    assert write_or_compare(page, "new", only_compare=True) == 0


def test_comparing_has_to_be_asked_for() -> None:
    assert not words("A maker.\n\nMore.").parse_args([]).check
    assert words("A maker.").parse_args(["--check"]).check


@pytest.mark.parametrize("table", TABLES, ids=lambda table: Path(table).stem)
def test_every_committed_table_is_laid_out_so(table: str | Path) -> None:
    text = (ROOT / "src/confrere/core/deidentify/tables" / table).read_text("utf-8")
    head = json.loads(text)
    rows = head.pop("rows")
    assert table_text(head, rows) == text
