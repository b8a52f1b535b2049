"""Where a walker may go: the table of docs/network.md, row by row."""

from __future__ import annotations

import pytest

from roundplan.network.rules import Access
from roundplan.network.walk import (
    OPEN_WAYS,
    STEPS_MS_PER_M,
    WALK_MS_PER_M,
    walk_barrier,
    walk_way,
)


def tags(text: str) -> dict[str, str]:
    """Tags from ``key=value key=value``."""
    return dict(pair.split("=") for pair in text.split())


@pytest.mark.parametrize("kind", sorted(OPEN_WAYS))
def test_ordinary_ways_are_open_unless_foot_says_no(kind):
    assert walk_way({"highway": kind}).access is Access.OPEN
    assert walk_way({"highway": kind, "foot": "no"}) is None


@pytest.mark.parametrize(
    "text",
    [
        "highway=residential oneway=yes",
        "highway=primary sidewalk=separate",
        "highway=primary sidewalk:both=separate oneway=yes",
        "highway=residential sidewalk=no",
        "highway=residential foot=use_sidepath",
        "highway=residential motor_vehicle=no",
        "highway=pedestrian area=yes",
        "highway=cycleway",
        "highway=footway access=private foot=designated",
        "highway=service access=no foot=yes",
        "highway=service access=customers",
        "highway=trunk",
        "highway=trunk sidewalk:left=separate sidewalk:right=no",
        "highway=trunk sidewalk=no foot=yes",
        "highway=trunk_link sidewalk=left",
        "highway=motorway foot=yes",
        "highway=footway indoor=yes foot=yes",
        "highway=corridor foot=designated",
        "highway=footway indoor=no",
    ],
)
def test_open_to_everybody_both_ways(text):
    use = walk_way(tags(text))
    assert use.access is Access.OPEN
    assert use.forward_ms_m == use.backward_ms_m == WALK_MS_PER_M


@pytest.mark.parametrize(
    "text",
    [
        "highway=footway access=private",
        "highway=footway foot=private",
        "highway=footway access=no foot=private",
        "highway=service access=permit",
        "highway=residential access=private;delivery",
    ],
)
def test_private_is_for_the_ends_of_a_leg(text):
    assert walk_way(tags(text)).access is Access.ENDS


@pytest.mark.parametrize(
    "text",
    [
        "highway=footway access=no",
        "highway=footway access=yes foot=no",
        "highway=track access=agricultural",
        "highway=motorway",
        "highway=motorway_link sidewalk=no",
        "highway=trunk_link",
        "highway=trunk sidewalk=no",
        "highway=trunk sidewalk:left=no sidewalk:right=no",
        "highway=trunk motorroad=yes",
        "highway=construction",
        "highway=proposed foot=yes",
        "highway=abandoned",
        "highway=raceway",
        "highway=corridor",
        "highway=footway indoor=yes",
        "highway=trunk_link foot=no sidewalk=both",
        "highway=path foot:forward=no foot:backward=no",
    ],
)
def test_closed(text):
    assert walk_way(tags(text)) is None


@pytest.mark.parametrize(
    ("text", "forward", "backward"),
    [
        ("highway=footway oneway:foot=yes", True, False),
        ("highway=footway oneway:foot=-1", False, True),
        ("highway=footway foot:backward=no", True, False),
        ("highway=footway foot:forward=no", False, True),
        ("highway=steps conveying=forward", True, False),
        ("highway=steps conveying=backward", False, True),
        ("highway=steps conveying=yes", True, True),
    ],
)
def test_only_rules_about_walking_make_it_one_way(text, forward, backward):
    use = walk_way(tags(text))
    assert (use.forward_ms_m > 0, use.backward_ms_m > 0) == (forward, backward)


def test_steps_take_three_times_as_long():
    assert walk_way({"highway": "steps"}).forward_ms_m == STEPS_MS_PER_M
    assert STEPS_MS_PER_M == 3 * WALK_MS_PER_M


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("barrier=bollard", Access.OPEN),
        ("barrier=bollard access=no", Access.OPEN),
        ("barrier=bollard foot=no", Access.CLOSED),
        ("barrier=planter", Access.OPEN),
        ("barrier=lift_gate access=private", Access.OPEN),
        ("barrier=kerb", Access.OPEN),
        ("barrier=entrance", Access.OPEN),
        ("barrier=gate", Access.OPEN),
        ("barrier=gate access=no foot=yes", Access.OPEN),
        ("barrier=gate access=private", Access.ENDS),
        ("barrier=gate access=no", Access.CLOSED),
        ("barrier=gate locked=yes", Access.ENDS),
        ("barrier=gate locked=yes foot=yes", Access.OPEN),
        ("barrier=kissing_gate", Access.OPEN),
        ("barrier=wall", Access.CLOSED),
        ("barrier=fence", Access.CLOSED),
        ("barrier=hedge foot=yes", Access.OPEN),
        ("barrier=wall access=private", Access.ENDS),
        ("barrier=something_new", Access.OPEN),
    ],
)
def test_barriers(text, access):
    assert walk_barrier(tags(text)) is access
