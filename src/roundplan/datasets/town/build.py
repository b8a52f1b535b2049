"""Puts a town together, and finds addresses in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

from roundplan.datasets.assumptions import Figures, figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.town.blocks import lay_out, lay_streets
from roundplan.datasets.town.canal import bridge_roads, join_stubs, lay_towpath
from roundplan.datasets.town.draw import draw
from roundplan.datasets.town.ground import Ground, degrees
from roundplan.datasets.town.ltn import (
    BUS_GATE,
    TIMED_BUS_GATE,
    filter_cell,
    school_street,
)
from roundplan.datasets.town.names import Names
from roundplan.datasets.town.osm_xml import OsmMap
from roundplan.datasets.town.park import lay_park
from roundplan.datasets.town.patches import Patches, patches
from roundplan.datasets.town.plan import (
    MAIN,
    Cell,
    Kind,
    Line,
    Plan,
    along,
)
from roundplan.datasets.town.sidewalks import map_sidewalks
from roundplan.datasets.town.streets import cut_at_barriers, give_roles, lay_alleys

DOOR_M = 8.0
"""From the middle of the street to a front door."""


@dataclass(frozen=True, slots=True)
class Address:
    """A front door: degrees WGS84, street, number and patch."""

    lat: float
    lon: float
    street: str
    number: int
    patch: str


@dataclass(slots=True)
class Town:
    """A town: its map, and the plan from which addresses are drawn."""

    osm: OsmMap
    ltn_cells: int
    filters: int
    _ground: Ground
    _patches: Patches
    _homes: list[tuple[Line, float]] = field(default_factory=list)

    def address(self, dice: Dice) -> Address:
        """Draw a front door on a residential street, every metre of street alike."""
        line, _ = dice.weighted([(home, home[1]) for home in self._homes])
        return self._door(line, dice)

    def addresses(
        self, count: int, dice: Dice, shared: float = 0.0, house: int = 5
    ) -> list[Address]:
        """Draw front doors; a share of them is in houses of some clients each."""
        sheltered = round(count * shared)
        houses = [self.address(dice) for _ in range(-(-sheltered // house))]
        found = [houses[i // house] for i in range(sheltered)]
        return dice.shuffled(
            found + [self.address(dice) for _ in range(count - sheltered)]
        )

    def _door(self, line: Line, dice: Dice) -> Address:
        inset = min(0.3, 18 / line.metres)
        t = dice.between(line.first + inset, line.last - inset)
        left = dice.happens(0.5)
        x, y = along(line.a, line.b, t)
        out = DOOR_M / line.metres * (1 if left else -1)
        flat = (x - (line.b[1] - line.a[1]) * out, y + (line.b[0] - line.a[0]) * out)
        lat, lon = degrees(self._ground.place(flat))
        number = 2 * int(t * line.metres / 6) + (1 if left else 2)
        return Address(
            round(lat, 6), round(lon, 6), line.name, number, self._patches.at(flat)
        )


def build_town(
    seed: int, area_km2: float = 6.25, rests_on: Figures | None = None
) -> Town:
    """Build a town.

    Parameters
    ----------
    seed
        At least 0; the same seed gives the same map on every platform.
    area_km2
        Area inside the edge road, at least about 1.5.
    rests_on
        Patches, and how many neighbourhoods, parks and schools; those of a town like
        no other when not given.

    Raises
    ------
    UsageError
        E1002. A negative seed.
    """
    given = rests_on or figures()
    side = 1000 * sqrt(area_km2)
    size = (side, side)
    plan, dice = Plan(), Dice(seed, 1)
    cells, canal, rails = lay_out(plan, dice, size)
    parks = _choose_parks(plan, cells, _count(given, "park", area_km2))
    blocks = []
    for number, cell in enumerate(cells):
        if cell not in parks:
            blocks += lay_streets(plan, cell, number, dice)
    stubs = cut_at_barriers(plan, [canal, *rails], dice)
    names = Names(dice)
    bridges = bridge_roads(plan, canal)
    _name_all(plan, names, bridges)
    canal.name = "Lapwing Canal"
    for number in range(len(cells)):
        give_roles(plan, _streets(plan, number), dice)
    middles = [node for node, _ in bridges]
    crossings = max(1, round(area_km2 / 6))
    join_stubs(plan, canal, stubs, middles, crossings)
    for rail in rails:
        join_stubs(plan, rail, stubs, [], crossings)
    lay_towpath(plan, canal, bridges, stubs, dice)
    ltn, filters = _calm(plan, cells, parks, area_km2, given, dice)
    lay_alleys(plan, blocks, dice)
    for cell in parks:
        lay_park(plan, cell, f"{names.street().rsplit(' ', 1)[0]} Park", dice)
    map_sidewalks(plan, max(2, _count(given, "pavements", area_km2)), dice)
    _finish_main_roads(plan, dice)
    ground = Ground(Dice(seed, 2), size)
    homes = [
        (line, (line.last - line.first) * line.metres)
        for line in plan.lines
        if line.kind is Kind.RESIDENTIAL
    ]
    areas = patches(given, size, canal, rails[0])
    return Town(draw(plan, ground), ltn, filters, ground, areas, homes)


def _count(given: Figures, what: str, area_km2: float) -> int:
    """Return how many of something a town of an area has."""
    return max(1, round(area_km2 / given.number(f"{what}_every_km2")))


def _streets(plan: Plan, number: int) -> list[Line]:
    return [line for line in plan.lines if line.cell == number]


def _choose_parks(plan: Plan, cells: list[Cell], count: int) -> list[Cell]:
    """Choose cells for parks: well below a neighbourhood's size, among roads."""
    among_roads = [c for c in cells if all(side.kind in MAIN for side in c.sides)]
    pool = among_roads or cells
    return sorted(pool, key=lambda c: abs(plan.area(c) - 190_000))[:count]


def _name_all(plan: Plan, names: Names, bridges: list[tuple[int, list[Line]]]) -> None:
    """Name roads and streets; a road keeps its name over a bridge."""
    for _, roads in bridges:
        name = next((r.name for r in roads if r.name), "") or names.main_road()
        for road in roads:
            road.name = name
    for line in plan.lines:
        if line.kind in MAIN and not line.name:
            line.name = names.main_road()
        elif line.kind is Kind.RESIDENTIAL:
            line.name = names.street()


def _calm(
    plan: Plan,
    cells: list[Cell],
    parks: list[Cell],
    area_km2: float,
    given: Figures,
    dice: Dice,
) -> tuple[int, int]:
    """Make low-traffic neighbourhoods with bus gates, and school streets."""
    built = [i for i, cell in enumerate(cells) if cell not in parks]
    order = dice.shuffled(built)
    ltns = order[: max(2, round(len(built) * given.number("ltn_cells")))]
    gates = [BUS_GATE, TIMED_BUS_GATE] * max(1, round(area_km2 / 12))
    filters = 0
    for number in ltns:
        gate = gates.pop(0) if gates else None
        filters += filter_cell(plan, cells[number], _streets(plan, number), gate, dice)
    for number in order[-_count(given, "school", area_km2) :]:
        school_street(plan, _streets(plan, number))
    return len(ltns), filters


def _finish_main_roads(plan: Plan, dice: Dice) -> None:
    """Give main roads pavements, speeds, cycle lanes, and signals where they meet."""
    mains = [line for line in plan.lines if line.kind in MAIN]
    for road in mains:
        road.tags.setdefault("sidewalk", "both")
        road.tags["maxspeed"] = "20 mph"
        if dice.happens(0.3):
            road.tags["cycleway:both"] = "lane"
    seen: set[int] = set()
    for road in mains:
        for _, node in road.stops:
            if node in seen and node not in plan.node_tags and dice.happens(0.6):
                plan.node_tags[node] = {"highway": "traffic_signals"}
            seen.add(node)
