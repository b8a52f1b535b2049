"""Where a car may go: the table of docs/network.md, row by row."""

from __future__ import annotations

import pytest

from roundplan.domain import Mode
from roundplan.network import Speeds
from roundplan.network.drive import RANK, car_barrier, drive_rules, limit_km_h
from roundplan.network.rules import FERRY_MS_PER_M, Access

WAY = drive_rules(Speeds.standard()).way


def tags(text: str) -> dict[str, str]:
    """Tags from ``key=value key=value``."""
    return dict(pair.split("=") for pair in text.split())


def directions(text: str) -> tuple[bool, bool]:
    """Whether a car may go along a way and against it."""
    use = WAY(tags(text))
    return (use.forward_ms_m > 0, use.backward_ms_m > 0) if use else (False, False)


@pytest.mark.parametrize("kind", sorted(set(RANK) - {"track", "pedestrian"}))
def test_roads_are_open_unless_a_tag_closes_them(kind):
    assert WAY({"highway": kind}).access is Access.OPEN
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        assert WAY({"highway": kind, key: "no"}) is None


@pytest.mark.parametrize(
    ("text", "access"),
    [
        # the most specific key decides
        ("highway=residential access=no motor_vehicle=yes", Access.OPEN),
        ("highway=residential vehicle=no motorcar=yes", Access.OPEN),
        ("highway=residential motor_vehicle=yes motorcar=no", None),
        ("highway=residential motor_vehicle=no access=yes", None),
        ("highway=residential access=no bus=yes", None),
        ("highway=residential access=no psv=yes bicycle=yes", None),
        ("highway=residential motor_vehicle=bus", None),
        ("highway=residential bicycle=no foot=no", Access.OPEN),
        ("highway=residential motor_vehicle=unknown access=no", None),
        # visitors
        ("highway=residential motor_vehicle=destination", Access.ENDS),
        ("highway=service access=private", Access.ENDS),
        ("highway=residential motor_vehicle=permit", Access.ENDS),
        ("highway=residential motor_vehicle=delivery;destination", Access.ENDS),
        ("highway=service access=customers", Access.ENDS),
        ("highway=track", Access.ENDS),
        ("highway=track motor_vehicle=yes", Access.OPEN),
        # only where cars are let in by name
        ("highway=pedestrian", None),
        ("highway=pedestrian access=yes", None),
        ("highway=pedestrian motor_vehicle=destination", Access.ENDS),
        ("highway=footway motor_vehicle=yes", Access.OPEN),
        ("highway=path vehicle=yes", None),
        ("highway=busway", None),
        ("highway=service service=emergency_access", None),
        ("highway=service indoor=yes", None),
        ("highway=ferry", None),
        ("highway=ferry motor_vehicle=yes", Access.OPEN),
        # never
        ("highway=steps motor_vehicle=yes", None),
        ("highway=construction", None),
        ("highway=proposed motor_vehicle=yes", None),
        ("highway=cycleway", None),
    ],
)
def test_who_may_drive_there(text, access):
    use = WAY(tags(text))
    assert (use.access if use else None) is access


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("highway=residential", (True, True)),
        ("highway=residential oneway=yes", (True, False)),
        ("highway=residential oneway=-1", (False, True)),
        ("highway=residential oneway=reversible", (False, False)),
        ("highway=residential oneway=alternating", (True, True)),
        ("highway=motorway", (True, False)),
        ("highway=motorway oneway=no", (True, True)),
        ("highway=motorway_link", (True, True)),
        ("highway=residential junction=roundabout", (True, False)),
        ("highway=residential oneway=yes oneway:motor_vehicle=no", (True, True)),
        ("highway=residential oneway:motor_vehicle=yes", (True, False)),
        ("highway=residential oneway=yes oneway:bicycle=no", (True, False)),
        ("highway=residential motor_vehicle:backward=no", (True, False)),
        ("highway=residential vehicle:forward=no", (False, True)),
        ("highway=residential vehicle:forward=no motorcar:forward=yes", (True, True)),
    ],
)
def test_one_way_as_tagged(text, expected):
    assert directions(text) == expected


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("barrier=bollard", Access.CLOSED),
        ("barrier=planter", Access.CLOSED),
        ("barrier=block", Access.CLOSED),
        ("barrier=cycle_barrier", Access.CLOSED),
        ("barrier=bollard motor_vehicle=yes", Access.OPEN),
        ("barrier=bollard bicycle=yes foot=yes", Access.CLOSED),
        ("barrier=gate", Access.ENDS),
        ("barrier=gate access=yes", Access.OPEN),
        ("barrier=gate motor_vehicle=no access=yes", Access.CLOSED),
        ("barrier=lift_gate access=permit", Access.ENDS),
        ("barrier=swing_gate access=no", Access.CLOSED),
        ("barrier=cattle_grid", Access.OPEN),
        ("barrier=toll_booth", Access.OPEN),
        ("barrier=kerb", Access.OPEN),
        ("barrier=height_restrictor", Access.OPEN),
        ("barrier=wall", Access.CLOSED),
        ("barrier=something_new", Access.CLOSED),
    ],
)
def test_what_a_barrier_does_to_a_car(text, access):
    assert car_barrier(tags(text)) is access


@pytest.mark.parametrize(
    ("text", "km_h"),
    [
        ("20 mph", 32.18688),
        ("20mph", 32.18688),
        ("50", 50),
        ("50 km/h", 50),
        ("national", None),
        ("walk", None),
        ("0", None),
        ("20 mph;30 mph", None),
        ("", None),
    ],
)
def test_posted_limits(text, km_h):
    assert limit_km_h({"maxspeed": text}) == pytest.approx(km_h)


@pytest.mark.parametrize(
    ("text", "ms_m"),
    [
        ("highway=residential", 144),  # 25 km/h
        ("highway=primary", 55),  # 65 km/h
        ("highway=residential maxspeed=50", 144),  # the class is slower
        ("highway=primary maxspeed=50", 90),  # 80% of 50 is 40 km/h
        ("highway=service", 240),
        ("highway=ferry motor_vehicle=yes", FERRY_MS_PER_M),
    ],
)
def test_a_pace_is_the_slower_of_the_class_and_of_the_limit(text, ms_m):
    assert WAY(tags(text)).forward_ms_m == ms_m


def test_a_ferry_takes_its_timetable_and_half_an_interval():
    use = WAY(
        tags("highway=ferry motor_vehicle=yes duration=00:10 interval=00:15 oneway=yes")
    )
    assert use.whole_ms == (600 + 450) * 1000
    assert (use.forward_ms_m > 0, use.backward_ms_m > 0) == (True, False)
    assert drive_rules(Speeds.standard()).mode is Mode.DRIVE


@pytest.mark.parametrize(
    ("duration", "ms"),
    [("7", 420_000), ("1:05:30", 3_930_000), ("soon", 0), ("", 0), ("99999", 0)],
)
def test_a_duration_that_cannot_be_read_counts_for_nothing(duration, ms):
    use = WAY({"highway": "ferry", "motor_vehicle": "yes", "duration": duration})
    assert use.whole_ms == ms


def test_conditions_are_kept_as_they_are():
    use = WAY(
        {
            "highway": "residential",
            "motor_vehicle:conditional": "no @ (Mo-Fr 08:00-09:00)",
            "access:conditional": "yes @ (Su)",
        }
    )
    assert use.access is Access.OPEN
    assert use.condition == "no @ (Mo-Fr 08:00-09:00)"
