"""Low-traffic neighbourhoods that are given as polygons, in a file."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from roundplan.domain import LAT_LON
from roundplan.errors import NetworkError
from roundplan.network.cell_faces import MARGIN_M
from roundplan.network.cells import Cell, Cells
from roundplan.network.projection import transform

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

CELL_SUFFIXES = (".geojson", ".json", ".gpkg")
"""Endings of the files that ``load_cells`` reads."""

MAX_BYTES = 64 * 1024 * 1024
"""A borough's neighbourhoods are a few hundred kilobytes."""

MAX_NAME = 200

_SQLITE = b"SQLite format 3\0"
_GEOPACKAGE = (b"GPKG", b"GP11", b"GP10")
_HEADER = 72
"""A GeoPackage is an SQLite file with its own application id at the 68th byte."""


def load_cells(
    path: Path | str,
    crs: str,
    *,
    bounds: tuple[float, float, float, float] | None = None,
    name: str = "name",
    layer: str | None = None,
) -> Cells:
    """Read cells from the polygons of a GeoJSON or GeoPackage file.

    Parameters
    ----------
    path
        GeoJSON (``.geojson``, ``.json``), which is in degrees unless it says
        otherwise, or GeoPackage (``.gpkg``), which must say what it is in.
    crs
        The network's projected system, in metres, which the cells come in.
    bounds
        The network's (``Network.bounds``): west, south, east and north in degrees.
        Polygons beyond are left out, with a note.
    name
        The column or property with the names, unique, one for each polygon.
    layer
        The layer of a GeoPackage; needed if it has several.

    Returns
    -------
    Cells
        In the order of the file. Like those found, a polygon is taken to be drawn
        along the middle of the roads round it, so it counts from ``MARGIN_M``
        further inside, and neighbours may overlap on the road between them.

    Raises
    ------
    NetworkError
        E2001. A file that cannot be read, or is no such file; no such column; and, all
        at once: shapes that are no valid polygons, too small, overlapping or
        elsewhere on the globe, and names that are missing, too long or there twice. No
        polygon within ``bounds``.
    """
    source = Path(path)
    table = _read(source, layer)
    if name not in table.columns:
        has = ", ".join(str(c)[:40] for c in table.columns if c != table.geometry.name)
        msg = f"{source.name} has no column {name!r} with names, only: {has or 'none'}"
        raise NetworkError(msg)
    if table.crs is None:
        msg = f"{source.name} does not say what coordinate system it is in. Set one"
        raise NetworkError(msg)
    if not len(table):
        msg = f"{source.name} has no polygon in it"
        raise NetworkError(msg)
    names = [_text(value) for value in table[name]]
    wrong = _wrong_shapes(table, names) + _wrong_names(names)
    cells: list[Cell] = []
    if not wrong:
        outlines = table.to_crs(crs).geometry.array
        wrong = _wrong_outlines(outlines, names)
        if not wrong:
            cells = [_given(n, shape) for n, shape in zip(names, outlines, strict=True)]
            wrong = _overlaps(cells)
    if wrong:
        msg = f"{source.name} has cells that cannot be used: {'; '.join(wrong)}"
        raise NetworkError(msg)
    inside = _within(cells, crs, bounds)
    if not inside:
        msg = (
            f"{source.name} has no cell in the area of the network. Is its coordinate "
            "system what it says, and longitude before latitude?"
        )
        raise NetworkError(msg)
    left_out = len(cells) - len(inside)
    notes = (f"cells of {source.name} outside of the network: {left_out}",)
    return Cells(cells=tuple(inside), crs=crs, notes=notes if left_out else ())


def save_cells(cells: Cells, path: Path | str, *, licence: str = "") -> None:
    """Write cells as GeoJSON, to look at, correct and give to ``load_cells``.

    Parameters
    ----------
    path
        Ends in ``.geojson``. An existing file is replaced.
    licence
        The network's (``Network.licence``): found cells are made from its map.

    Raises
    ------
    NetworkError
        E2001. Another ending, or a folder that is missing or cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ".geojson":
        msg = f"cells are written as .geojson, not {target.suffix!r}"
        raise NetworkError(msg)
    from geopandas import GeoDataFrame

    table = GeoDataFrame(
        {
            "name": [c.name for c in cells.cells],
            "area_m2": [c.area_m2 for c in cells.cells],
            "street_m": [c.street_m for c in cells.cells],
            "streets": ["; ".join(c.streets) for c in cells.cells],
            "filters": [len(c.filters) for c in cells.cells],
            "cut": [c.cut for c in cells.cells],
        },
        geometry=[c.outline for c in cells.cells],
        crs=cells.crs,
    )
    content = json.loads(table.to_crs(LAT_LON).to_json())
    if licence:
        content["licence"] = licence
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    part = target.with_name(target.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        msg = f"{target.name} cannot be written ({reason}). Check the folder"
        raise NetworkError(msg) from error


def _read(source: Path, layer: str | None) -> GeoDataFrame:
    """Read the table of a file, by what it is and not only what it is called.

    GDAL would open what it finds, also a list of other files and addresses to read. So
    GeoJSON is parsed here, and a GeoPackage must begin as one.
    """
    if source.suffix.lower() not in CELL_SUFFIXES:
        msg = f"{source.name} holds no cells. Give one of {', '.join(CELL_SUFFIXES)}"
        raise NetworkError(msg)
    if not source.is_file():
        msg = f"there is no file {source.name}. Check the path to the cells"
        raise NetworkError(msg)
    if source.stat().st_size > MAX_BYTES:
        msg = f"{source.name} is over {MAX_BYTES // 2**20} MB: clip it to the area"
        raise NetworkError(msg)
    try:
        if source.suffix.lower() == ".gpkg":
            return _read_geopackage(source, layer)
        return _read_geojson(source)
    except NetworkError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        msg = f"{source.name} cannot be opened ({reason})"
        raise NetworkError(msg) from error
    except Exception as error:
        # What a damaged file raises in GDAL, PROJ, GEOS or pandas is not for the user.
        msg = f"{source.name} cannot be read as cells ({type(error).__name__})"
        raise NetworkError(msg) from error


def _read_geojson(source: Path) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    try:
        content = json.loads(source.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = f"{source.name} is no GeoJSON: it is cut off, or another kind of file"
        raise NetworkError(msg) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        msg = f"{source.name} is no GeoJSON FeatureCollection"
        raise NetworkError(msg)
    if not features:
        msg = f"{source.name} has no polygon in it"
        raise NetworkError(msg)
    named = content.get("crs")
    crs = LAT_LON if named is None else named["properties"]["name"]
    return GeoDataFrame.from_features(features, crs=crs)


def _read_geopackage(source: Path, layer: str | None) -> GeoDataFrame:
    import geopandas

    with source.open("rb") as stream:
        head = stream.read(_HEADER)
    if not head.startswith(_SQLITE) or head[-4:] not in _GEOPACKAGE:
        msg = f"{source.name} is no GeoPackage: it is cut off, or another kind"
        raise NetworkError(msg)
    with warnings.catch_warnings():
        # GDAL remarks on much that does no harm.
        warnings.simplefilter("ignore")
        found = geopandas.list_layers(source.resolve())["name"]
        layers = [str(each) for each in found]
        if layer is None and len(layers) > 1:
            msg = f"{source.name} has several layers; say which of {', '.join(layers)}"
            raise NetworkError(msg)
        if layer is not None and layer not in layers:
            msg = f"{source.name} has no layer {layer!r}, only {', '.join(layers)}"
            raise NetworkError(msg)
        return geopandas.read_file(source.resolve(), layer=layer or layers[0])


def _text(value: Any) -> str:
    """Return a name as text, "" for none. A number is a name too."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return " ".join(str(value).split())


def _wrong_names(names: list[str]) -> list[str]:
    """Say which names cannot be used."""
    wrong = []
    for number, name in enumerate(names, start=1):
        if not name:
            wrong.append(f"polygon {number} has no name")
        elif len(name) > MAX_NAME:
            wrong.append(f"the name of polygon {number} is over {MAX_NAME} characters")
        elif not name.isprintable():
            wrong.append(f"the name of polygon {number} cannot be printed")
        elif (first := names.index(name) + 1) < number:
            wrong.append(f"polygons {first} and {number} are both {name!r}")
    return wrong


def _wrong_shapes(table: GeoDataFrame, names: list[str]) -> list[str]:
    """Say which shapes are no polygons, or do not close properly."""
    import shapely

    wrong = []
    shapes = table.geometry.array
    for number, (shape, name) in enumerate(zip(shapes, names, strict=True), start=1):
        who = f"polygon {number} ({name[:40]})" if name else f"polygon {number}"
        if shape is None or shape.is_empty:
            wrong.append(f"{who} has no shape")
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            wrong.append(f"{who} is a {shape.geom_type}")
        elif not np.isfinite(shape.bounds).all():
            wrong.append(f"{who} has positions that are no numbers")
        elif not shape.is_valid:
            why = shapely.is_valid_reason(shape).split("[")[0].strip().lower()
            wrong.append(f"{who} is not valid ({why})")
    return wrong


def _wrong_outlines(outlines: Any, names: list[str]) -> list[str]:
    """Say which shapes have no place on the network's map, or are too thin."""
    wrong = []
    for name, outline in zip(names, outlines, strict=True):
        if not np.isfinite(outline.bounds).all():
            wrong.append(f"{name!r} is not in the area of the network")
        elif outline.buffer(-MARGIN_M).is_empty:
            wrong.append(f"{name!r} is less than {2 * MARGIN_M:.0f} m wide")
    return wrong


def _given(name: str, outline: Any) -> Cell:
    return Cell(
        name=name,
        outline=outline,
        core=outline.buffer(-MARGIN_M),
        area_m2=round(outline.area),
    )


def _overlaps(cells: list[Cell]) -> list[str]:
    """Say which cells lie on each other by more than the road between them."""
    import shapely

    wrong = []
    cores = np.array([cell.core for cell in cells])
    a, b = shapely.STRtree(cores).query(cores, predicate="intersects")
    for i, j in sorted(zip(a.tolist(), b.tolist(), strict=True)):
        if i < j and (area := cores[i].intersection(cores[j]).area) > 0:
            size = max(1, round(area))
            wrong.append(f"{cells[i].name!r} and {cells[j].name!r} overlap ({size} m2)")
    return wrong


def _within(
    cells: list[Cell], crs: str, bounds: tuple[float, float, float, float] | None
) -> list[Cell]:
    """Return the cells that meet the bounds, in degrees."""
    import shapely

    if bounds is None:
        return cells
    box = shapely.box(*bounds)
    area = shapely.transform(box, lambda xy: transform(xy, LAT_LON, crs))
    return [cell for cell in cells if cell.outline.intersects(area)]
