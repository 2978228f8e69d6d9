"""A figure that misses its bound is named and ends the benchmark with exit code 1; the table lands where it belongs."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as a benchmark imports it, with nothing missed so far."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = importlib.import_module("figures")
    monkeypatch.setattr(module, "MISSED", [])
    return module


def test_a_figure_within_its_bound_is_ok(figures: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    figures.tell("time", 1.25, "x", 1.5)
    figures.tell("gain", 1.7, "x", 1.7, at_least=True)
    figures.tell("without bound", 3, "s")
    assert figures.ended() == 0
    said = capsys.readouterr().out
    assert "time: 1.25 x (≤ 1.5) ok" in said
    assert "gain: 1.70 x (≥ 1.7) ok" in said
    assert "without bound: 3.00 s\n" in said


def test_a_figure_beyond_its_bound_is_named_at_the_end(figures: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    figures.tell("leaks", 1, "", 0)
    assert figures.ended() == 1
    said = capsys.readouterr().out
    assert "leaks: 1.00 (≤ 0) NOT REACHED" in said
    assert said.endswith("NOT REACHED: leaks\n")


def test_a_ratio_is_taken_within_a_round(figures: ModuleType) -> None:
    assert figures.median_ratio([2, 30, 4], [1, 10, 1]) == 3


def test_a_process_tells_its_peak_its_children_and_its_processor_time(figures: ModuleType) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in figures.children(os.getpid())
        assert figures.peak_mib(os.getpid()) > 10
        assert figures.cpu_seconds(os.getpid()) > 0
        child.communicate(b"\n")
    assert figures.peak_mib(child.pid) == 0
    assert figures.children(child.pid) == []


def test_the_table_replaces_the_one_before_and_nothing_else(
    figures: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del figures
    peers = importlib.import_module("deid_peers")
    page = tmp_path / "page.md"
    page.write_text(f"before\n{peers.BEGIN}\nold\n{peers.END}\nafter\n")
    monkeypatch.setattr(peers, "PAGE", page)
    for table in ("first", "second"):
        peers.write_page(f"{peers.BEGIN}\n{table}\n{peers.END}")
    assert page.read_text() == f"before\n{peers.BEGIN}\nsecond\n{peers.END}\nafter\n"
    assert peers.BEGIN in (BENCHMARKS.parent / "docs/explanation/de-identification.md").read_text()
