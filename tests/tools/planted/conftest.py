"""A small corpus with its edge set, made once for the tests of the tools."""

from pathlib import Path

import pytest

from planted.corpus import Plan, make
from planted.edge import make_edge

SEED = 20260918


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six instances of three scanners, and the edge set."""
    folder = tmp_path_factory.mktemp("corpus")
    manifest = make(folder, Plan(6, 2, SEED))
    make_edge(folder, manifest)
    manifest.save(folder)
    return folder
