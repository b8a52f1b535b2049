"""A synthetic inner-London-like district as an OSM map.

Main roads, residential streets, alleys and steps, a park, a canal with few bridges, a
railway on a viaduct, and low-traffic neighbourhoods with every kind of modal filter.
"""

from roundplan.datasets.town.build import Address, Town, build_town
from roundplan.datasets.town.buses import BusLine, bus_lines, gtfs_zip
from roundplan.datasets.town.osm_xml import OsmMap, OsmNode, OsmWay, osm_xml

__all__ = [
    "Address",
    "BusLine",
    "OsmMap",
    "OsmNode",
    "OsmWay",
    "Town",
    "build_town",
    "bus_lines",
    "gtfs_zip",
    "osm_xml",
]
