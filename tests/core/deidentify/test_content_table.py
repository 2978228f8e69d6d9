"""The table of content items is the standard's, as its generator writes it."""

from importlib.resources import files

import pytest

import make_sr_content_table
from confrere.core.deidentify.content_table import content_table
from confrere.core.deidentify.table import confidentiality_table


def test_the_file_is_what_its_generator_writes() -> None:
    written = files("confrere.core.deidentify").joinpath("tables/sr_content.json").read_text("utf-8")
    assert written == make_sr_content_table.rendered()


def test_it_is_of_the_same_edition_as_the_main_table_and_knows_its_options() -> None:
    table = content_table()
    assert table.edition == confidentiality_table().edition
    assert len(table.rows) == 214
    columns = {column for row in confidentiality_table().rows.values() for column in row.options}
    assert {option for row in table.rows.values() for option in row.options} <= columns
    assert {row.basic for row in table.rows.values()} == {"X", "D", "X/D"}


@pytest.mark.parametrize(
    ("value_type", "basic"), [("DATE", "X"), ("DATETIME", "X"), ("TIME", "X"), ("TEXT", None), ("NUM", None)]
)
def test_a_concept_is_found_under_types_that_say_the_same(value_type: str, basic: str | None) -> None:
    row = content_table().find("DCM", "121031", value_type)  # Subject Birth Date
    assert (row and row.basic) == basic
