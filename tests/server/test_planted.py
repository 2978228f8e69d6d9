"""The command leaves none of the planted identifiers, every clinical element and every pixel, whatever the encoding."""

import json
import secrets
from pathlib import Path

import pytest
from support.commands import confrere

from planted.conformance import is_here, new_errors
from planted.corpus import Plan, make
from planted.edge import make_edge
from planted.leaks import Scanner, Tally
from planted.manifest import CORPUS, EDGE
from planted.score import score_output

INSTANCES, PER_SERIES = 60, 4


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty instances of seven scanners and the edge set, and what the command made of them; a new seed each time."""
    folder = tmp_path_factory.mktemp("planted")
    manifest = make(folder, Plan(INSTANCES, PER_SERIES, secrets.randbelow(2**32)))
    make_edge(folder, manifest)
    manifest.save(folder)
    (folder / "secret").write_bytes(secrets.token_hex(32).encode())
    for source in (CORPUS, EDGE):
        target = folder / f"out-{source}"
        words = (str(folder / source), str(target), "--profile", "headers", "--secret-file", str(folder / "secret"))
        done = confrere("deidentify", *words)
        (folder / f"said-{source}").write_text(
            f"seed {manifest.seed}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return folder


def tally_of(corpus: Path, source: str) -> Tally:
    return Scanner(corpus, edge=source == EDGE).scan(corpus / f"out-{source}")


@pytest.mark.parametrize("source", [CORPUS, EDGE])
def test_every_file_is_done(corpus: Path, source: str) -> None:
    said = (corpus / f"said-{source}").read_text()
    assert said.splitlines()[1] == "exit 0", said
    assert tally_of(corpus, source).missing == []


@pytest.mark.parametrize("source", [CORPUS, EDGE])
def test_nothing_planted_survives_and_everything_clinical_does(corpus: Path, source: str) -> None:
    tally = tally_of(corpus, source)
    assert tally.places == {}
    assert (tally.unreadable, tally.strangers) == ([], 0)
    assert tally.clinical_lost == {}
    assert tally.pixels_same == tally.files > 0


def test_every_action_of_midi_b_was_done(corpus: Path, tmp_path: Path) -> None:
    score = score_output(corpus, corpus / f"out-{CORPUS}", tmp_path)
    assert score.failed == {}
    assert score.asked.total() > INSTANCES * 100


def test_verify_finds_nothing_in_the_output_and_the_input_does_not_stand_it(corpus: Path, tmp_path: Path) -> None:
    known = {plant.text for plant in Scanner(corpus).manifest.everything() if plant.category == "std"}
    (tmp_path / "known").write_text("\n".join(sorted(known)))
    found = confrere("verify", str(corpus / f"out-{CORPUS}"), "--known", str(tmp_path / "known"), "--json")
    assert found.returncode == 0, json.loads(found.stdout)
    assert confrere("verify", str(corpus / EDGE)).returncode == 3


@pytest.mark.real
@pytest.mark.skipif(not is_here(), reason="dciodvfy is not installed (package dicom3tools)")
@pytest.mark.parametrize("source", [CORPUS, EDGE])
def test_an_independent_validator_finds_no_error_the_input_had_not(corpus: Path, source: str) -> None:
    scanner = Scanner(corpus, edge=source == EDGE)
    first = [path for path in scanner.paths if source == EDGE or path.endswith("I00000.dcm")]
    out = corpus / f"out-{source}"
    pairs = [(scanner.source / path, out / path) for path in first if (out / path).exists()]
    assert pairs
    assert new_errors(pairs) == {}
