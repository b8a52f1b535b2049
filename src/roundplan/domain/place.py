"""Places, by id and position."""

from __future__ import annotations

from dataclasses import dataclass

from roundplan.errors import DomainError

LAT_LON = "EPSG:4326"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere a leg starts or ends: a client, a worker's home or an office.

    Parameters
    ----------
    place_id
        A client_id, worker_id or place_id; unique over all three in a problem.
    x, y
        Position in ``crs``: metres if projected; longitude and latitude in degrees
        for ``EPSG:4326``. None when only travel times are known.
    crs
        Coordinate reference system, None for plain metres of no known origin.
    """

    place_id: str
    x: float | None = None
    y: float | None = None
    crs: str | None = None

    def __post_init__(self) -> None:
        """Refuse half a position."""
        if (self.x is None) != (self.y is None):
            msg = f"place {self.place_id} has only one coordinate"
            raise DomainError(msg)

    @property
    def located(self) -> bool:
        """Whether the place has a position."""
        return self.x is not None
