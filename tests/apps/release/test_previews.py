"""A preview is rendered once for the same bytes, window and size, and a damaged one is never shown."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from confrere.apps.cases.models import Case
from confrere.apps.release import previews, window
from confrere.apps.release.previews import View, preview
from confrere.apps.release.window import Pane
from confrere.core.terms import Broken

PLAIN = View(1, (40.0, 80.0), (8, 8), "image/webp")


@pytest.fixture
def panes(cast: SimpleNamespace, draft_case: Case) -> list[Pane]:
    return window.case_instances(cast.alice.id, draft_case.id)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time something is rendered."""
    calls: list[int] = []
    real = previews.render_frame

    def counted(*told: object, **more: object) -> bytes:
        calls.append(1)
        return real(*told, **more)

    monkeypatch.setattr(previews, "render_frame", counted)
    return calls


def cached(home: Path) -> list[Path]:
    return [path for path in (home / "objects" / "previews").rglob("*") if path.is_file()]


def test_the_same_view_is_rendered_once(panes: list[Pane], rendered: list[int], scratch_home: Path) -> None:
    assert preview(panes[0], PLAIN) == preview(panes[0], PLAIN)
    assert len(rendered) == len(cached(scratch_home)) == 1


@pytest.mark.parametrize(
    "other",
    [
        View(1, (41.0, 80.0), (8, 8), "image/webp"),
        View(1, (40.0, 81.0), (8, 8), "image/webp"),
        View(1, None, (8, 8), "image/webp"),
        View(1, (40.0, 80.0), (4, 4), "image/webp"),
        View(1, (40.0, 80.0), None, "image/webp"),
        View(1, (40.0, 80.0), (8, 8), "image/jpeg"),
        View(2, (40.0, 80.0), (8, 8), "image/webp"),
    ],
)
def test_every_other_view_has_its_own_place(other: View) -> None:
    assert other.key("ab" * 32) != PLAIN.key("ab" * 32)
    assert PLAIN.key("cd" * 32) != PLAIN.key("ab" * 32)


def test_two_instances_never_share_a_picture(panes: list[Pane], rendered: list[int]) -> None:
    preview(panes[0], PLAIN)
    preview(panes[1], PLAIN)
    assert len(rendered) == 2


def test_a_damaged_picture_is_rendered_again(panes: list[Pane], rendered: list[int], scratch_home: Path) -> None:
    sound = preview(panes[0], PLAIN)
    (path,) = cached(scratch_home)
    content = path.read_bytes()
    for broken in (content[:-1] + bytes([content[-1] ^ 1]), b"", content[:10], b"<html>", sound):
        path.write_bytes(broken)
        assert preview(panes[0], PLAIN) == sound
        assert preview(panes[0], PLAIN) == sound
    assert len(rendered) == 6


def test_no_picture_is_made_of_bytes_that_are_not_the_released_ones(panes: list[Pane], scratch_home: Path) -> None:
    path = scratch_home / "objects" / panes[0].object_key
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(Broken):
        preview(panes[0], PLAIN)
    assert cached(scratch_home) == []


def test_a_cache_that_is_full_still_shows_the_picture(panes: list[Pane], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object) -> None:
        raise Broken("object store is full", retryable=True)

    monkeypatch.setattr(window.store().__class__, "put", full)
    assert Image.open(io.BytesIO(preview(panes[0], PLAIN))).size == (8, 8)
