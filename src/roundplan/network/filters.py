"""Modal filters: where a street goes on, but not for cars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from roundplan.network.drive import CAR_KEYS, STREETS, car_access, car_barrier
from roundplan.network.opening import clauses
from roundplan.network.rules import Access, condition, deciding_key, permission
from roundplan.network.source import OsmData, Tags


class FilterKind(StrEnum):
    """What keeps cars from going on."""

    PHYSICAL = "physical"
    """A bollard, planter, block or gate in a street."""
    SIGN = "sign"
    """A street closed to motor vehicles, by a sign and often a camera."""
    BUS_GATE = "bus gate"
    """A street for buses, taxis or permit holders among motor vehicles."""
    TIMED = "timed"
    """A street closed at some hours: a school street, a timed gate."""


class Lifted(StrEnum):
    """Which filters a car may pass."""

    EXEMPT = "exempt"
    """All but physical ones: a vehicle with an exemption from signs and cameras."""
    ALL = "all"
    """All of them, as if the streets had none."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ModalFilter:
    """One filter.

    Parameters
    ----------
    osm
        ``node/<id>`` or ``way/<id>`` in OpenStreetMap.
    x, y
        Metres in the network's ``crs``: the node, or the middle one of the way.
    tag
        What closes it, such as ``barrier=bollard`` or ``motor_vehicle=no``.
    condition
        The raw value of its ``*:conditional``, "" for none.
    street
        Its name as mapped, "" for none. Text of the source: escape it.
    """

    kind: FilterKind
    osm: str
    x: float
    y: float
    tag: str
    condition: str = ""
    street: str = ""


def opens(kind: FilterKind, *, exempt: bool, in_hours: bool = True) -> bool:
    """Return whether a filter lets a car pass.

    Parameters
    ----------
    exempt
        Whether the car has an exemption (``CareWorker.ltn_exempt``), which in
        London opens signs and cameras: Islington's individual exemption all of them,
        Haringey's for professional carers one, a neighbourhood or all.
    in_hours
        Whether it is an hour at which a timed filter closes.
    """
    if kind is FilterKind.PHYSICAL:
        return False
    return exempt or (kind is FilterKind.TIMED and not in_hours)


def way_filter(tags: Tags) -> tuple[FilterKind, str] | None:
    """Return the kind and tag of the filter that a way is, None when it is none.

    Only streets that cars expect to go through count, and only closures that name
    motor vehicles, or everybody but others: ``access=no`` alone is a closed street.
    """
    if tags.get("highway") not in STREETS:
        return None
    if car_access(tags) is not Access.CLOSED:
        text = condition(tags, CAR_KEYS)
        if all(clause.access is Access.OPEN for clause in clauses(text)[0]):
            return None  # no hours, or only those of lorries and the like
        key = next(k for k in CAR_KEYS if f"{k}:conditional" in tags)
        return FilterKind.TIMED, f"{key}:conditional"
    key = deciding_key(tags, CAR_KEYS) or "access"
    others = {k for k in ("bus", "psv", "taxi") if tags.get(k, "no") != "no"}
    on_board = tags.get(key) in ("bus", "psv", "taxi")
    if others or on_board:
        return FilterKind.BUS_GATE, f"{key}={tags[key]}"
    if key == "access" and not any(
        tags.get(k, "no") not in ("no", "private") for k in ("foot", "bicycle")
    ):
        return None
    return FilterKind.SIGN, f"{key}={tags[key]}"


def lift(data: OsmData, filters: Sequence[ModalFilter], lifted: Lifted) -> OsmData:
    """Return the streets as if filters were not there: their tags are taken off."""
    gone = {
        f.osm
        for f in filters
        if lifted is Lifted.ALL or f.kind is not FilterKind.PHYSICAL
    }
    return replace(
        data,
        ways=[
            way._replace(tags=_opened(way.tags)) if f"way/{way.way_id}" in gone else way
            for way in data.ways
        ],
        barriers={
            node: tags
            for node, tags in data.barriers.items()
            if f"node/{node}" not in gone
        },
    )


def _opened(tags: Tags) -> Tags:
    """Return tags without those that close a way to cars, at all or some hours."""
    shut = {key for key in CAR_KEYS if permission(tags, key) is Access.CLOSED}
    shut |= {f"{key}:conditional" for key in CAR_KEYS}
    return {key: value for key, value in tags.items() if key not in shut}


def find_filters(data: OsmData, xy: npt.NDArray[np.float64]) -> tuple[ModalFilter, ...]:
    """Return all filters, ways first, each in the order of the source.

    Parameters
    ----------
    xy
        float64 (n, 2), metres, aligned with ``data.node_ids``.

    Notes
    -----
    A barrier is a filter where it closes a street to all cars, and but for it one
    could go on: at least two ends of public ways meet there, one of them of a street
    that cars expect to go through. A private gate is none.
    """
    found: list[ModalFilter] = []

    def add(
        kind: FilterKind, osm: str, refs: Sequence[int], tag: str, at: Tags
    ) -> None:
        place = _position(data, xy, refs)
        if place is not None:
            text = condition(at, CAR_KEYS)
            street = at.get("name", "")
            found.append(
                ModalFilter(
                    kind=kind,
                    osm=osm,
                    x=place[0],
                    y=place[1],
                    tag=tag,
                    condition=text,
                    street=street,
                )
            )

    ends: Counter[int] = Counter()
    names: dict[int, str] = {}
    for way in data.ways:
        of = way_filter(way.tags)
        if of is not None:
            add(of[0], f"way/{way.way_id}", way.refs, of[1], way.tags)
        elif car_access(way.tags) is not Access.OPEN:
            continue
        last = len(way.refs) - 1
        for i, ref in enumerate(way.refs):
            if ref in data.barriers:
                ends[ref] += 1 if i in (0, last) else 2
                if way.tags["highway"] in STREETS:
                    names.setdefault(ref, way.tags.get("name", ""))
    for node, tags in data.barriers.items():
        if ends[node] > 1 and node in names and car_barrier(tags) is Access.CLOSED:
            tag = f"barrier={tags['barrier']}"
            at = {**tags, "name": names[node]}
            add(FilterKind.PHYSICAL, f"node/{node}", [node], tag, at)
    return tuple(found)


def _position(
    data: OsmData, xy: npt.NDArray[np.float64], refs: Sequence[int]
) -> tuple[float, float] | None:
    """Return the position of the middle node that the extract has."""
    ids = np.asarray(refs, dtype=np.int64)
    at = np.searchsorted(data.node_ids, ids)
    at[at == len(data.node_ids)] = 0
    known = at[data.node_ids[at] == ids]
    if not len(known):
        return None
    x, y = xy[known[len(known) // 2]].tolist()
    return x, y
