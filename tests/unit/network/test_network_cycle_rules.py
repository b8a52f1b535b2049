"""Where a cyclist may go: the table of docs/network.md, row by row."""

from __future__ import annotations

import pytest

from roundplan.domain import Mode
from roundplan.network import Speeds
from roundplan.network.cycle import cycle_barrier, cycle_rules
from roundplan.network.rules import Access
from roundplan.network.walk import WALK_MS_PER_M

WAY = cycle_rules(Mode.CYCLE, Speeds.standard()).way
RIDE = 240  # 15 km/h
PUSH = WALK_MS_PER_M


def tags(text: str) -> dict[str, str]:
    """Tags from ``key=value key=value``."""
    return dict(pair.split("=") for pair in text.split())


@pytest.mark.parametrize(
    ("text", "forward", "backward"),
    [
        ("highway=residential", RIDE, RIDE),
        ("highway=residential motor_vehicle=no", RIDE, RIDE),
        ("highway=residential access=no bicycle=yes", RIDE, RIDE),
        ("highway=cycleway", RIDE, RIDE),
        ("highway=path", RIDE, RIDE),
        ("highway=bridleway", RIDE, RIDE),
        ("highway=pedestrian", PUSH, PUSH),
        ("highway=pedestrian bicycle=yes", RIDE, RIDE),
        ("highway=footway", PUSH, PUSH),
        ("highway=footway bicycle=designated", RIDE, RIDE),
        ("highway=footway bicycle=dismount", PUSH, PUSH),
        ("highway=residential bicycle=no", PUSH, PUSH),
        ("highway=residential vehicle=no", PUSH, PUSH),
        ("highway=path indoor=yes bicycle=yes", RIDE, RIDE),
        # one-way streets are ridden one way and pushed the other
        ("highway=residential oneway=yes", RIDE, PUSH),
        ("highway=residential oneway=-1", PUSH, RIDE),
        ("highway=residential oneway=yes oneway:bicycle=no", RIDE, RIDE),
        ("highway=residential oneway=yes cycleway=opposite_lane", RIDE, RIDE),
        ("highway=residential oneway=yes cycleway:left=opposite", RIDE, RIDE),
        ("highway=residential oneway:bicycle=yes", RIDE, PUSH),
        ("highway=cycleway oneway=yes", RIDE, PUSH),
    ],
)
def test_ridden_or_pushed(text, forward, backward):
    use = WAY(tags(text))
    assert use.access is Access.OPEN
    assert (use.forward_ms_m, use.backward_ms_m) == (forward, backward)


@pytest.mark.parametrize(
    "text",
    [
        "highway=motorway",
        "highway=trunk motorroad=yes",
        "highway=steps",
        "highway=corridor",
        "highway=construction bicycle=yes",
        "highway=residential foot=no bicycle=no",
        "highway=residential access=no",
        "highway=ferry bicycle=no",
        "highway=ferry foot=no access=no",
        "highway=steps conveying=yes ramp=yes",
    ],
)
def test_closed(text):
    assert WAY(tags(text)) is None


@pytest.mark.parametrize("tag", ["ramp=yes", "ramp:bicycle=yes", "bicycle=dismount"])
def test_a_bicycle_is_pushed_up_steps_that_are_made_for_it(tag):
    use = WAY(tags(f"highway=steps {tag}"))
    assert use.forward_ms_m == 3 * PUSH


def test_riding_through_is_better_than_pushing_as_a_visitor_and_the_reverse():
    ridden = WAY(tags("highway=service access=private bicycle=yes foot=no"))
    assert ridden.access is Access.OPEN
    assert ridden.forward_ms_m == RIDE
    pushed = WAY(tags("highway=service bicycle=private foot=yes"))
    assert pushed.access is Access.OPEN
    assert pushed.forward_ms_m == PUSH
    visitor = WAY(tags("highway=service access=private"))
    assert visitor.access is Access.ENDS
    assert visitor.forward_ms_m == RIDE


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("barrier=bollard", Access.OPEN),
        ("barrier=bollard bicycle=no", Access.OPEN),  # pushed past it
        ("barrier=planter access=no", Access.OPEN),
        ("barrier=cycle_barrier", Access.OPEN),
        ("barrier=kissing_gate", Access.CLOSED),
        ("barrier=kissing_gate bicycle=yes", Access.OPEN),
        ("barrier=stile", Access.CLOSED),
        ("barrier=gate", Access.OPEN),
        ("barrier=gate access=private", Access.ENDS),
        ("barrier=gate access=private bicycle=yes", Access.OPEN),
        ("barrier=gate access=no", Access.CLOSED),
        ("barrier=wall", Access.CLOSED),
    ],
)
def test_what_a_barrier_does_to_a_bicycle(text, access):
    assert cycle_barrier(tags(text)) is access


def test_an_electric_bicycle_goes_where_a_bicycle_goes_but_faster():
    electric = cycle_rules(Mode.EBIKE, Speeds.standard()).way
    text = tags("highway=residential oneway=yes")
    assert electric(text).forward_ms_m == 212  # 17 km/h
    assert electric(text).backward_ms_m == PUSH
