"""The line of progress has counts and times, and is silent where no one looks."""

import io
from pathlib import Path

from confrere.core.terms import Outcome
from confrere.server.bulk.progress import Progress


def test_the_line_tells_how_far_how_fast_and_how_long() -> None:
    progress = Progress(io.StringIO(), shown=True)
    progress.add([Outcome.CLEAN] * 90 + [Outcome.HELD] * 9 + [Outcome.REFUSED])
    assert progress.line(10) == "100 files · 9 held · 1 refused · 10/s"
    progress.total, progress.skipped = 40_000, 300
    assert progress.line(10) == "400/40000 files · 300 done before · 9 held · 1 refused · 10/s · 1:06:00 left"
    assert "files" in Progress(io.StringIO(), shown=True).line(0)


def test_a_terminal_sees_one_line_and_everyone_else_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for shown in (True, False):
        out = io.StringIO()
        progress = Progress(out, shown)
        with progress.counting(tmp_path):
            for _ in range(50):
                progress.add([Outcome.CLEAN])
        progress.end()
        assert out.getvalue().count("\n") == shown
        assert ("50" in out.getvalue()) == shown
