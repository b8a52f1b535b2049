"""Streets: build, store and describe networks, and compute travel on them."""

from roundplan.network.area import DEFAULT_MARGIN_M, area_of
from roundplan.network.build import STREET_SUFFIXES, build_network, load_or_build
from roundplan.network.cell_polygons import load_cells, save_cells
from roundplan.network.cells import Cell, Cells, find_cells, network_cells
from roundplan.network.filters import FilterKind, Lifted, ModalFilter
from roundplan.network.graph import ModeGraph, Network
from roundplan.network.info import network_info
from roundplan.network.matrix import DEFAULT_LIMIT_S, travel_matrix
from roundplan.network.opening import Hours
from roundplan.network.periods import graph_at, timed_periods
from roundplan.network.school_holidays import SchoolHolidays
from roundplan.network.snapping import DEFAULT_MAX_SNAP_M, Snapping, snap
from roundplan.network.source import Progress
from roundplan.network.speeds import Speeds
from roundplan.network.store import NETWORK_SUFFIX, load_network, save_network

__all__ = [
    "DEFAULT_LIMIT_S",
    "DEFAULT_MARGIN_M",
    "DEFAULT_MAX_SNAP_M",
    "NETWORK_SUFFIX",
    "STREET_SUFFIXES",
    "Cell",
    "Cells",
    "FilterKind",
    "Hours",
    "Lifted",
    "ModalFilter",
    "ModeGraph",
    "Network",
    "Progress",
    "SchoolHolidays",
    "Snapping",
    "Speeds",
    "area_of",
    "build_network",
    "find_cells",
    "graph_at",
    "load_cells",
    "load_network",
    "load_or_build",
    "network_cells",
    "network_info",
    "save_cells",
    "save_network",
    "snap",
    "timed_periods",
    "travel_matrix",
]
