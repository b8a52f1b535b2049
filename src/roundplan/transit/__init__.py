"""Public transport by the clock: timetables, headways, and travel with them."""

from roundplan.transit.gtfs import gtfs_stops, read_gtfs
from roundplan.transit.lines import Line, Lines, read_lines, states_headways
from roundplan.transit.matrix import (
    DEFAULT_PERCENTILE,
    Journeys,
    transit_departure,
    transit_journeys,
    transit_matrix,
)
from roundplan.transit.stops import Stops
from roundplan.transit.timetable import Timetable

__all__ = [
    "DEFAULT_PERCENTILE",
    "Journeys",
    "Line",
    "Lines",
    "Stops",
    "Timetable",
    "gtfs_stops",
    "read_gtfs",
    "read_lines",
    "states_headways",
    "transit_departure",
    "transit_journeys",
    "transit_matrix",
]
