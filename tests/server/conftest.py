"""What the tests of the command line share."""

from pathlib import Path

import pytest


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with an institution's secret."""
    path = tmp_path / "secret"
    path.write_bytes(b"sixteen bytes or more of it")
    return path
