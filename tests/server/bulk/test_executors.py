"""An address chooses where batches are done; what cannot be reached is told in one sentence."""

import resource
import sys

import pytest
from support.bulk_work import names_of

from confrere.core.terms import Broken
from confrere.server.bulk.executors import Here, workers_at


def test_a_cluster_that_does_not_answer_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confrere.server.bulk.executors._CONNECT_S", 1)
    with (
        pytest.raises(Broken, match=r"no Dask scheduler answers at dask://127\.0\.0\.1:1"),
        workers_at("dask://127.0.0.1:1", 1),
    ):
        pass


def test_without_the_extra_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Broken, match=r"requirements-cluster\.lock"), workers_at("dask://127.0.0.1:1", 1):
        pass


def test_one_job_is_done_in_this_process_and_tells_its_error_by_the_future() -> None:
    assert Here().submit(names_of, ["a"]).result() == ["a"]
    assert isinstance(Here().submit(names_of).exception(), TypeError)


def test_workers_come_back_after_they_were_closed() -> None:
    with workers_at("", 2) as workers:
        assert workers.submit(names_of, ["a"]).result() == ["a"]
        workers.replace()
        assert workers.submit(names_of, ["b"]).result() == ["b"]


def test_no_more_batches_are_under_way_than_the_system_lets_us_open_files_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (256, 1024))
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, limits: asked.append(limits))
    with workers_at("", 64) as workers:
        assert workers.width() == 2 * 7
    assert asked == [(1024, 1024)]
