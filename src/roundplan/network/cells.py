"""Low-traffic neighbourhoods, found from the streets: cells without a way through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from roundplan.domain import Mode
from roundplan.errors import UsageError
from roundplan.network.cell_faces import (
    Shapes,
    faces_between,
    lines_of,
    lines_within,
)
from roundplan.network.filters import FilterKind, ModalFilter
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.through import (
    MINOR_KINDS,
    edges_of_kinds,
    open_edges,
    pockets_of,
    through_edges,
)

MIN_STREET_M = 500
"""Metres of street that make a neighbourhood, and not a close or a back street.

Ours: with houses of 6 m on both sides, some 160 homes.
"""

MIN_AREA_M2 = 20_000
"""Two hectares, a block of 100 by 200 m: below it there is no neighbourhood. Ours."""

_MAX_NAMES = 4
"""Roads in a cell's name."""

_NEAR_M = 0.5
"""How near the middle of a road is to the outline that it runs along."""

Bools = npt.NDArray[np.bool_]


class AccessPoint(NamedTuple):
    """Where a street of a cell meets a through road: metres, and the pocket behind.

    Two points of one ``pocket``, numbered from 0 in each cell, are joined inside.
    """

    x: float
    y: float
    pocket: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cell:
    """A neighbourhood that no motor traffic passes through.

    Parameters
    ----------
    name
        Unique among the cells.
    outline
        Shapely polygon in metres, to the middle of the roads round it.
    core
        The outline without ``MARGIN_M`` along the roads: who is in it is in the cell.
    area_m2
        Of the outline.
    street_m
        Metres of street in the core.
    streets
        Their names, sorted.
    way_ids
        Their OpenStreetMap ways, sorted.
    access
        Where a car comes in, empty for a polygon that was given.
    filters
        What keeps traffic out, empty where the streets do it by their layout.
    cut
        Whether the cell reaches the edge of the map, so that what lies beyond, and
        whether there is a way through, is not known.
    """

    name: str
    outline: Any
    core: Any
    area_m2: int
    street_m: int = 0
    streets: tuple[str, ...] = ()
    way_ids: tuple[int, ...] = ()
    access: tuple[AccessPoint, ...] = ()
    filters: tuple[ModalFilter, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """The cells of a town; their numbers are their places in ``cells``.

    ``crs`` is that of every position. ``notes`` say what was left out, and why.
    """

    cells: tuple[Cell, ...]
    crs: str
    notes: tuple[str, ...] = ()

    def renamed(self, names: Mapping[str, tuple[float, float]]) -> Cells:
        """Return the cells with names of your own: each by a point in its cell.

        Raises
        ------
        UsageError
            E1002. A point in no cell, two in one, or a name that another cell has.
        """
        import shapely

        wrong: list[str] = []
        mine: dict[int, str] = {}
        for name, (x, y) in names.items():
            point = shapely.Point(x, y)
            inside = [i for i, c in enumerate(self.cells) if c.outline.covers(point)]
            if not inside:
                wrong.append(f"{name!r} is in no cell")
            elif inside[0] in mine:
                wrong.append(f"{name!r} is in the same cell as {mine[inside[0]]!r}")
            else:
                mine[inside[0]] = name
        kept = {c.name for i, c in enumerate(self.cells) if i not in mine}
        wrong += [
            f"{name!r} is another cell's name" for name in mine.values() if name in kept
        ]
        if wrong:
            msg = f"cells cannot be named so: {'; '.join(wrong)}"
            raise UsageError(msg)
        cells = tuple(
            replace(cell, name=mine.get(i, cell.name))
            for i, cell in enumerate(self.cells)
        )
        return replace(self, cells=cells)


def network_cells(network: Network, *, filtered_only: bool = False) -> Cells:
    """Return ``find_cells`` of a network's own streets, filters and names.

    Raises
    ------
    NetworkError
        E2001. The network was built without driving.
    """
    return find_cells(
        network.graph(Mode.WALK),
        network.graph(Mode.DRIVE),
        crs=network.crs,
        filters=network.filters,
        names=network.names,
        filtered_only=filtered_only,
    )


def find_cells(
    streets: ModeGraph,
    motors: ModeGraph,
    *,
    crs: str,
    filters: Sequence[ModalFilter] = (),
    names: Mapping[int, str] | None = None,
    shut: Bools | None = None,
    filtered_only: bool = False,
    min_street_m: int = MIN_STREET_M,
    min_area_m2: int = MIN_AREA_M2,
) -> Cells:
    """Find the areas between through roads that no motor traffic passes through.

    A low-traffic neighbourhood is an area, bounded by main roads, from which filters
    remove through motor traffic while every address can still be driven to [1]_ [2]_.
    In the graph it is a face of the plane that the through roads
    (``through_edges``) divide: whatever would carry traffic through it is a through
    road itself, and so a boundary. One face may hold several pockets, parts that
    can be driven to from different sides but not from each other.

    Parameters
    ----------
    streets
        The graph that shows all streets, closed to cars or not: the walker's.
    motors
        The motor graph after its filters, of the same source.
    crs
        Of both.
    filters
        Every modal filter.
    names
        Names of streets by way id (``Network.names``), to name cells after.
    shut
        bool (edges of ``motors``,): edges that timed filters close in the hours looked
        at. Without it a timed filter makes no cell.
    filtered_only
        Leave out areas that no filter closes: estates with one entrance, crescents,
        and streets whose filter is mapped as a piece of footway.
    min_street_m, min_area_m2
        Smaller areas are no neighbourhoods.

    Returns
    -------
    Cells
        From north to south. Equal whatever the order of edges and where they are cut.

    Notes
    -----
    The edge of the map, ``FRAME_M`` round its streets, closes areas that the map cuts
    off; a through road that the map cuts off goes straight on to it. Such areas are
    cells only if they have a filter, and are marked ``cut``.

    References
    ----------
    .. [1] Aldred, R., Verlinghieri, E., Sharkey, M., Itova, I. and Goodman, A. (2021).
       Equity in new active travel infrastructure: a spatial analysis of London's new
       Low Traffic Neighbourhoods. *Journal of Transport Geography*, 96: 103194.
    .. [2] Department for Transport (2024). *Low traffic neighbourhoods: research
       report*.
    """
    import shapely

    through = through_edges(motors, shut)
    roads = lines_of(motors, np.flatnonzero(through))
    minor = np.flatnonzero(edges_of_kinds(streets, MINOR_KINDS) & ~streets.private)
    lines = lines_of(streets, minor)
    faces, cores, cut = faces_between(roads, lines)
    which, face, metres = lines_within(lines, cores)
    street_m = np.bincount(face, weights=metres, minlength=len(faces))
    area = shapely.area(faces)
    large = (street_m >= min_street_m) & (area >= min_area_m2)
    held = _filters_of(filters, faces)
    # Timed filters close an area only in the hours looked at.
    filtered = np.array(
        [
            any(shut is not None or f.kind is not FilterKind.TIMED for f in h)
            for h in held
        ],
        dtype=bool,
    )
    chosen = large & (filtered | (~cut & (not filtered_only)))
    access = _access(motors, through, open_edges(motors, shut), faces)
    known = names or {}
    called = _names(faces, chosen, cut, roads, motors.way_ids[through], known)
    order = np.argsort(face, kind="stable")
    ways = streets.way_ids[minor][which[order]]
    first = np.searchsorted(face[order], np.arange(len(faces) + 1))
    cells = []
    for i in np.flatnonzero(chosen).tolist():
        mine = np.unique(ways[first[i] : first[i + 1]]).tolist()
        cells.append(
            Cell(
                name=called[i],
                outline=faces[i],
                core=cores[i],
                area_m2=round(area[i]),
                street_m=round(street_m[i]),
                streets=tuple(sorted({known[w] for w in mine if w in known})),
                way_ids=tuple(mine),
                access=access[i],
                filters=held[i],
                cut=bool(cut[i]),
            )
        )
    cells.sort(
        key=lambda c: (-round(c.outline.centroid.y), round(c.outline.centroid.x))
    )
    placed = [len(some) for some in held]
    notes = _notes(
        {
            "cells at the edge of the map, perhaps with a way through beyond it "
            "(take a larger map to be sure)": int((chosen & cut).sum()),
            "areas left out at the edge of the map, without a filter": int(
                (large & cut & ~filtered).sum()
            ),
            "cells closed by the layout of their streets, or by filters not mapped as "
            "such": int((chosen & ~filtered).sum()),
            "filters in no cell": len(filters) - int(np.sum(placed, where=chosen)),
        }
    )
    return Cells(cells=_told_apart(cells), crs=crs, notes=notes)


def _notes(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return what there is some of."""
    return tuple(f"{what}: {count}" for what, count in counts.items() if count)


def _filters_of(
    filters: Sequence[ModalFilter], faces: Shapes
) -> list[tuple[ModalFilter, ...]]:
    """Return the filters in each face, each sorted, in the first that holds it."""
    import shapely

    held: list[list[ModalFilter]] = [[] for _ in faces]
    if filters:
        points = shapely.points([(f.x, f.y) for f in filters])
        which, face = shapely.STRtree(faces).query(points, predicate="intersects")
        _, first = np.unique(which, return_index=True)
        for k in first.tolist():
            held[face[k]].append(filters[which[k]])
    return [tuple(sorted(some)) for some in held]


def _access(
    motors: ModeGraph, through: Bools, usable: Bools, faces: Shapes
) -> list[tuple[AccessPoint, ...]]:
    """Return the access points of each face, with the pockets numbered anew."""
    import shapely

    streets = usable & edges_of_kinds(motors, MINOR_KINDS) & ~through
    pockets = pockets_of(motors, streets, through)
    on_road = np.zeros(len(motors.node_xy), dtype=bool)
    on_road[motors.tail[through]] = True
    on_road[motors.head[through]] = True
    ends = np.concatenate([motors.tail[pockets.edge], motors.head[pockets.edge]])
    both = np.concatenate([pockets.pocket, pockets.pocket])
    gate = on_road[ends]
    gates = np.unique(np.stack([both[gate], ends[gate]]), axis=1)
    # A pocket lies in one face: that of the middle of any of its streets.
    _, first = np.unique(pockets.pocket, return_index=True)
    middle = shapely.line_interpolate_point(
        lines_of(motors, pockets.edge[first]), 0.5, normalized=True
    )
    which, face = shapely.STRtree(faces).query(middle, predicate="intersects")
    found: list[list[AccessPoint]] = [[] for _ in faces]
    face_of = dict(zip(which.tolist(), face.tolist(), strict=True))
    points = defaultdict(list)
    for pocket, node in gates.T.tolist():
        points[pocket].append(tuple(motors.node_xy[node].tolist()))
    order = sorted((sorted(xy), pocket) for pocket, xy in points.items())
    seen: dict[int, int] = defaultdict(int)
    for xy, pocket in order:
        if (i := face_of.get(pocket)) is not None:
            found[i] += [AccessPoint(x, y, seen[i]) for x, y in xy]
            seen[i] += 1
    return [tuple(some) for some in found]


def _names(
    faces: Shapes,
    chosen: Bools,
    cut: Bools,
    roads: Shapes,
    way_ids: npt.NDArray[np.int64],
    names: Mapping[int, str],
) -> dict[int, str]:
    """Name faces by the roads round them, those that run along them longest first."""
    import shapely

    middles = shapely.line_interpolate_point(roads, 0.5, normalized=True)
    of = np.flatnonzero(chosen)
    face, road = shapely.STRtree(middles).query(
        shapely.boundary(faces[of]), predicate="dwithin", distance=_NEAR_M
    )
    metres: dict[int, dict[str, float]] = {i: defaultdict(float) for i in of.tolist()}
    for i, way_id, length in zip(
        of[face].tolist(),
        way_ids[road].tolist(),
        shapely.length(roads[road]).tolist(),
        strict=True,
    ):
        if way_id in names:
            metres[i][names[way_id]] += length
    return {i: _named_after(roads, bool(cut[i])) for i, roads in metres.items()}


def _named_after(metres: Mapping[str, float], cut: bool) -> str:
    """Return the name of a cell with so much of these roads round it."""
    longest = sorted(metres, key=lambda name: (-round(metres[name]), name))
    told = longest[: _MAX_NAMES - cut] + ["the edge of the map"] * cut
    if not longest:
        return "cell"
    if len(told) == 1:
        return f"by {told[0]}"
    return f"between {', '.join(told[:-1])} and {told[-1]}"


def _told_apart(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Add numbers to equal names, in the order of the cells."""
    many: dict[str, int] = defaultdict(int)
    for cell in cells:
        many[cell.name] += 1
    seen: dict[str, int] = defaultdict(int)
    told = []
    for cell in cells:
        seen[cell.name] += 1
        numbered = f"{cell.name} ({seen[cell.name]})"
        told.append(replace(cell, name=numbered) if many[cell.name] > 1 else cell)
    return tuple(told)
