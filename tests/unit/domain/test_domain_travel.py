"""Travel profiles: whose they are, and travel for other places."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers as h
from roundplan.domain import (
    DRIVE_EXEMPT,
    MODE_CODES,
    PROFILES,
    UNREACHABLE,
    Mode,
    Travel,
    mode_of,
)
from roundplan.errors import TravelError


def by(*profiles):
    """Travel with a matrix for each profile, all alike."""
    matrix = h.travel(h.problem([h.visit()])).matrices["walk"]
    return Travel(matrices={p: replace(matrix, profile=p) for p in profiles})


@pytest.mark.parametrize(
    ("there", "modes", "exempt", "expected"),
    [
        (("walk", "transit"), ("walk", "transit"), False, ("transit",)),
        (("walk",), ("walk", "transit"), False, ("walk",)),
        (("walk", "drive"), ("drive", "walk"), False, ("drive", "walk")),
        (("drive", DRIVE_EXEMPT), ("drive",), True, (DRIVE_EXEMPT,)),
        (("drive", DRIVE_EXEMPT), ("drive",), False, ("drive",)),
        (("drive",), ("drive",), True, ("drive",)),
        ((DRIVE_EXEMPT,), ("drive",), False, ()),
        (("walk",), ("cycle",), False, ()),
    ],
)
def test_the_vehicles_of_a_worker(there, modes, exempt, expected):
    worker = h.worker(modes=tuple(map(Mode, modes)), ltn_exempt=exempt)
    assert by(*there).profiles_of(worker) == expected


def test_every_profile_has_a_mode_and_no_other_name_has():
    assert [mode_of(p.name) for p in PROFILES] == [p.needs for p in PROFILES]
    with pytest.raises(TravelError, match="no travel profile 'boat'"):
        mode_of("boat")


@pytest.mark.parametrize(
    ("profile", "mode"),
    [("cycle", "cycle"), ("transit", "walk"), (DRIVE_EXEMPT, "drive")],
)
def test_a_place_that_a_matrix_lacks_is_unreachable_but_from_itself(profile, mode):
    travel = by(profile)
    matrix = travel.matrices[profile].reindex(("C1", "elsewhere"))
    assert matrix.times_s.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
    assert matrix.modes[1, 1] == MODE_CODES.index(Mode(mode))
    assert travel.leg(profile, "x", "x").mode is Mode(mode)
