"""For all tests: with CI=true a skipped test has failed, because a gate that may be skipped is none.

Markers are registered in pyproject.toml; what a real part is and how it is installed, in tools/real_parts.py.
"""

import os
from collections.abc import Generator

import pytest

Report = pytest.TestReport | pytest.CollectReport
STRICT = os.environ.get("CI") == "true"


def _fail_if_skipped(report: Report) -> None:
    # An expected failure also reports as skipped; xfail_strict in pyproject.toml looks after those.
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI=true allows no skips: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Report, Report]:
    """Turn a skip while running into a failure."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    """Turn the skip of a whole file into a failure."""
    report = yield
    _fail_if_skipped(report)
    return report
