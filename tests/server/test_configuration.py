"""The configuration reads every setting, and every setting is told in the reference."""

import re
from pathlib import Path

import pytest

from confrere.server.configuration import as_environ, read_configuration

ROOT = Path(__file__).resolve().parents[2]


def test_a_child_reads_the_same_configuration_as_its_parent() -> None:
    told = read_configuration({"CONFRERE_HOME": "somewhere", "CONFRERE_PORT": "8123", "CONFRERE_DEMO": "1"})
    assert read_configuration(as_environ(told)) == told


def test_every_setting_stands_in_the_reference_and_nothing_else_does() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    documented = set(re.findall(r"`(CONFRERE_[A-Z_]+)`", page))
    assert documented == set(as_environ(read_configuration({})))


def test_quarantine_is_never_longer_than_thirty_days() -> None:
    assert read_configuration({"CONFRERE_QUARANTINE_DAYS": "400"}).quarantine_days == 30


def test_a_port_that_is_no_number_is_an_error() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        read_configuration({"CONFRERE_PORT": "eight thousand"})
