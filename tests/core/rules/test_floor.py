"""The hard floor holds whatever any pack says."""

from dataclasses import replace

import pytest

from confrere.core.rules import FloorFacts, check_floor

GOOD = FloorFacts(
    identity="coded",
    audience_members=30,
    audience_unverified=0,
    instances=108,
    instances_verified=108,
    residuals=0,
    profile="strict",
    faces_open=0,
)


def test_a_verified_study_for_verified_members_stands_on_the_floor() -> None:
    assert check_floor(GOOD) == ()
    assert check_floor(replace(GOOD, identity="anonymous")) == ()


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        (replace(GOOD, identity="direct"), "identity"),
        (replace(GOOD, identity="indirect"), "identity"),
        (replace(GOOD, identity="none"), "identity"),
        (replace(GOOD, audience_unverified=1), "audience"),
        (replace(GOOD, audience_members=0), "audience"),
        (replace(GOOD, instances_verified=107), "instances"),
        (replace(GOOD, instances_verified=109), "instances"),
        (replace(GOOD, instances=0, instances_verified=0), "instances"),
        (replace(GOOD, residuals=1), "residuals"),
        (replace(GOOD, profile="headers"), "profile"),
        (replace(GOOD, profile=""), "profile"),
        (replace(GOOD, faces_open=1), "faces"),
    ],
)
def test_each_broken_invariant_is_named(facts: FloorFacts, broken: str) -> None:
    assert check_floor(facts) == (broken,)


def test_all_are_named_in_a_fixed_order() -> None:
    worst = FloorFacts("direct", 1, 1, 2, 1, 3, "headers", 4)
    assert check_floor(worst) == ("identity", "audience", "instances", "residuals", "profile", "faces")
