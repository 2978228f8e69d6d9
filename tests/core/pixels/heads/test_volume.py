"""A volume is built from geometry alone, and whatever does not stand on one even lattice is held."""

from dataclasses import replace

import numpy as np
import pytest
from support.heads import planes_of

from confrere.core.pixels.heads.volume import Modality, Plane, build_volume
from confrere.core.terms import Held

VALUES = np.arange(6 * 4 * 5, dtype=np.int16).reshape(6, 4, 5)


def planes(step: float = 2.0) -> list[Plane]:
    return planes_of(VALUES, step)


def test_slices_in_any_order_stand_where_their_headers_say() -> None:
    shuffled = [planes()[index] for index in (3, 0, 5, 1, 4, 2)]
    volume = build_volume(shuffled, Modality.CT)
    assert volume.places == (1, 3, 5, 0, 4, 2)
    assert np.array_equal(volume.stored, VALUES)
    assert volume.matrix @ [2, 3, 4, 1] == pytest.approx([-106, -107, 4, 1])


def test_a_sagittal_series_keeps_its_own_directions() -> None:
    given = [
        replace(plane, orientation=(0.0, 1.0, 0.0, 0.0, 0.0, -1.0), position=(index * 3.0, -50.0, 90.0))
        for index, plane in enumerate(planes())
    ]
    volume = build_volume(given, Modality.MR)
    first, last = volume.matrix @ [0, 0, 0, 1], volume.matrix @ [0, 3, 0, 1]
    assert (last - first)[:3] == pytest.approx([0, 0, -3])


def test_a_tilted_gantry_is_a_shear_the_matrix_carries() -> None:
    tilted = [replace(plane, position=(-110.0, -110.0 + 0.4 * i, 2.0 * i)) for i, plane in enumerate(planes())]
    volume = build_volume(tilted, Modality.CT)
    assert volume.matrix[:3, 0] == pytest.approx([0, 0.4, 2.0])


def test_values_are_stored_values_by_slope_and_intercept() -> None:
    volume = build_volume([replace(plane, slope=2.0, intercept=-1024.0) for plane in planes()], Modality.CT)
    assert volume.values(1)[0, 0] == 20 * 2.0 - 1024


def doubled(given: list[Plane]) -> list[Plane]:
    return [*given, given[2]]


def one_missing(given: list[Plane]) -> list[Plane]:
    return [*given[:2], *given[3:]]


def moved(given: list[Plane], **change: object) -> list[Plane]:
    return [*given[:-1], replace(given[-1], **change)]  # type: ignore[arg-type]


def far_apart(given: list[Plane]) -> list[Plane]:
    return [replace(plane, position=(0.0, 0.0, 60.0 * index)) for index, plane in enumerate(given)]


def sliding(given: list[Plane]) -> list[Plane]:
    return [replace(plane, position=(0.0, 9.0 * index, 2.0 * index)) for index, plane in enumerate(given)]


@pytest.mark.parametrize(
    ("broken", "detail"),
    [
        (planes()[:2], "fewer slices"),
        (doubled(planes()), "two slices in one place"),
        (one_missing(planes()), "missing or out of step"),
        (far_apart(planes()), "too far apart"),
        (sliding(planes()), "slide past"),
        (moved(planes(), orientation=(0.0, 1.0, 0.0, 0.0, 0.0, -1.0)), "different directions"),
        (moved(planes(), spacing=(1.0, 1.2)), "different directions or spacings"),
        (moved(planes(), stored=np.zeros((4, 6), np.int16)), "different size"),
        (moved(planes(), stored=VALUES[0].astype(np.int32)), "different size"),
        (moved(planes(), position=(0.0, float("nan"), 0.0)), "a number that is none"),
        (moved(planes(), spacing=(0.0, 1.0)), "a number that is none"),
        (moved(planes(), slope=0.0), "a number that is none"),
        (moved(planes(), orientation=(1.0, 0.0, 0.0, 0.6, 0.8, 0.0)), "right angles"),
        (moved(planes(), position=()), "without its place"),
        ([replace(plane, stored=plane.stored.astype(np.float32)) for plane in planes()], "not grey"),
    ],
)
def test_what_is_not_one_even_lattice_is_held_and_no_value_is_named(broken: list[Plane], detail: str) -> None:
    with pytest.raises(Held, match=detail) as held:
        build_volume(broken, Modality.CT)
    assert held.value.code == "head-geometry"
    assert not any(character.isdigit() for character in held.value.detail)
