"""Cells that are given as polygons: GeoJSON and GeoPackage, good and bad."""

from __future__ import annotations

import json

import geopandas
import pytest
import shapely

from cell_towns import ladder
from roundplan.errors import NetworkError
from roundplan.network.cell_faces import MARGIN_M
from roundplan.network.cell_polygons import load_cells, save_cells
from roundplan.network.projection import BRITISH_GRID, transform

ORIGIN = (530_000.0, 190_000.0)


def box(west, south, east, north):
    """A box in metres from a point in north London."""
    x, y = ORIGIN
    return shapely.box(x + west, y + south, x + east, y + north)


def in_degrees(shape):
    return shapely.transform(shape, lambda xy: transform(xy, BRITISH_GRID, "EPSG:4326"))


def geojson(path, shapes, names, **extra):
    """Write shapes in degrees as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {} if name is ... else {"name": name},
            "geometry": None if shape is None else shape.__geo_interface__,
        }
        for shape, name in zip(shapes, names, strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features, **extra}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


A, B = box(0, 0, 300, 300), box(300, 0, 600, 300)


def test_geojson_in_degrees_comes_in_metres(tmp_path):
    shapes = [in_degrees(A), in_degrees(B)]
    path = geojson(tmp_path / "cells.geojson", shapes, ["Fox Lane", "Bowes"])
    found = load_cells(path, BRITISH_GRID)
    assert [cell.name for cell in found.cells] == ["Fox Lane", "Bowes"]
    assert found.crs == BRITISH_GRID
    for cell, shape in zip(found.cells, (A, B), strict=True):
        assert cell.area_m2 == pytest.approx(90_000, abs=5)
        assert cell.outline.hausdorff_distance(shape) < 0.01
        inner = (300 - 2 * MARGIN_M) ** 2
        assert cell.core.area == pytest.approx(inner, rel=0.001)


def test_geojson_that_names_its_system_is_believed(tmp_path):
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    path = geojson(tmp_path / "cells.json", [A], ["Fox Lane"], crs=named)
    (cell,) = load_cells(path, BRITISH_GRID).cells
    assert cell.outline.equals(A)


def test_geopackage(tmp_path):
    path = tmp_path / "cells.gpkg"
    table = geopandas.GeoDataFrame(
        {"ltn": ["Fox Lane", "Bowes"]}, geometry=[A, B], crs=BRITISH_GRID
    )
    table.to_crs("EPSG:4326").to_file(path, layer="schemes")
    found = load_cells(path, BRITISH_GRID, name="ltn")
    assert [cell.name for cell in found.cells] == ["Fox Lane", "Bowes"]
    assert found.cells[0].area_m2 == pytest.approx(90_000, abs=5)
    table.to_file(path, layer="others")
    with pytest.raises(NetworkError, match="several layers"):
        load_cells(path, BRITISH_GRID, name="ltn")
    again = load_cells(path, BRITISH_GRID, name="ltn", layer="others")
    assert len(again.cells) == 2
    with pytest.raises(NetworkError, match="no layer 'x', only"):
        load_cells(path, BRITISH_GRID, name="ltn", layer="x")


def test_a_geopackage_without_a_system_is_refused(tmp_path):
    path = tmp_path / "cells.gpkg"
    table = geopandas.GeoDataFrame({"name": ["A"]}, geometry=[A])
    with pytest.warns(UserWarning, match="crs"):
        table.to_file(path)
    with pytest.raises(NetworkError, match=r"coordinate system|cannot be used"):
        load_cells(path, BRITISH_GRID)


def test_neighbours_may_share_the_road_between_them(tmp_path):
    near = box(290, 0, 600, 300)
    shapes = [in_degrees(A), in_degrees(near)]
    path = geojson(tmp_path / "cells.geojson", shapes, ["A", "B"])
    assert len(load_cells(path, BRITISH_GRID).cells) == 2


def test_what_overlaps_is_named(tmp_path):
    over = box(200, 0, 600, 300)
    shapes = [in_degrees(A), in_degrees(over), in_degrees(box(0, 500, 300, 800))]
    path = geojson(tmp_path / "cells.geojson", shapes, ["A", "B", "C"])
    with pytest.raises(NetworkError) as error:
        load_cells(path, BRITISH_GRID)
    assert "'A' and 'B' overlap (15" in str(error.value)
    assert "'C'" not in str(error.value)


def test_everything_wrong_is_said_at_once(tmp_path):
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = [
        bow_tie,
        shapely.Point(0, 51),
        None,
        in_degrees(A),
        in_degrees(B),
        in_degrees(box(0, 500, 300, 800)),
        in_degrees(box(500, 500, 800, 800)),
    ]
    names = ["Bow", "Dot", "Void", None, "Twice", "Twice", "x" * 300]
    path = geojson(tmp_path / "cells.geojson", shapes, names)
    with pytest.raises(NetworkError) as error:
        load_cells(path, BRITISH_GRID)
    text = str(error.value)
    for part in (
        "E2001",
        "polygon 1 (Bow) is not valid (self-intersection)",
        "polygon 2 (Dot) is a Point",
        "polygon 3 (Void) has no shape",
        "polygon 4 has no name",
        "polygons 5 and 6 are both 'Twice'",
        "the name of polygon 7 is over 200 characters",
    ):
        assert part in text


def test_names_that_would_break_a_line_or_a_terminal_are_refused(tmp_path):
    path = geojson(tmp_path / "cells.geojson", [in_degrees(A)], ["\x1b[31mred"])
    with pytest.raises(NetworkError, match="cannot be printed"):
        load_cells(path, BRITISH_GRID)
    path = geojson(tmp_path / "cells.geojson", [in_degrees(A)], ["two\nlines"])
    assert load_cells(path, BRITISH_GRID).cells[0].name == "two lines"


def test_thin_and_far_shapes_are_refused(tmp_path):
    thin = in_degrees(box(0, 0, 300, 30))
    path = geojson(tmp_path / "cells.geojson", [thin], ["Thin"])
    with pytest.raises(NetworkError, match="'Thin' is less than 40 m wide"):
        load_cells(path, BRITISH_GRID)
    path = geojson(tmp_path / "cells.geojson", [A], ["Metres as degrees"])
    with pytest.raises(NetworkError, match="not in the area of the network"):
        load_cells(path, BRITISH_GRID)
    nan = shapely.box(0, 50, 1, 51).__geo_interface__
    text = json.dumps({"type": "Feature", "properties": {"name": "N"}, "geometry": nan})
    text = text.replace("51.0", "NaN")
    path.write_text(f'{{"type": "FeatureCollection", "features": [{text}]}}')
    with pytest.raises(NetworkError, match=r"no numbers|cannot be read"):
        load_cells(path, BRITISH_GRID)


def test_cells_outside_of_the_network_are_left_out(tmp_path):
    shapes = [in_degrees(A), in_degrees(box(9_000, 0, 9_300, 300))]
    path = geojson(tmp_path / "cells.geojson", shapes, ["Near", "Far"])
    bounds = in_degrees(box(-100, -100, 1_000, 1_000)).bounds
    found = load_cells(path, BRITISH_GRID, bounds=bounds)
    assert [cell.name for cell in found.cells] == ["Near"]
    assert found.notes == ("cells of cells.geojson outside of the network: 1",)
    swapped = shapely.transform(shapes[0], lambda xy: xy[:, ::-1])
    geojson(path, [swapped], ["Latitude first"])
    with pytest.raises(NetworkError, match="area of the network"):
        load_cells(path, BRITISH_GRID, bounds=bounds)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cells.shp", b"", "holds no cells"),
        ("cells.geojson", b"", "no GeoJSON"),
        ("cells.geojson", b'{"type": "FeatureColl', "cut off"),
        ("cells.geojson", b"[" * 100_000, "no GeoJSON"),
        ("cells.geojson", b"[]", "no GeoJSON FeatureCollection"),
        ("cells.geojson", b'{"type": "Topology", "features": []}', "FeatureCollection"),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": []}',
            "no polygon",
        ),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": [7]}',
            "cannot be read",
        ),
        (
            "cells.geojson",
            b'{"type": "FeatureCollection", "features": [{}], "crs": 7}',
            "cannot be read",
        ),
        (
            "cells.geojson",
            b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>",
            "no GeoJSON",
        ),
        ("cells.gpkg", b"<OGRVRTDataSource/>", "no GeoPackage"),
        ("cells.gpkg", b"SQLite format 3\0" + bytes(90), "no GeoPackage"),
        ("cells.gpkg", b"SQLite format 3\0" + bytes(52) + b"GPKG", "cannot be read"),
    ],
)
def test_other_files_are_refused(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NetworkError, match=said):
        load_cells(path, BRITISH_GRID)


def test_missing_and_huge_files_are_refused(tmp_path, monkeypatch):
    with pytest.raises(NetworkError, match=r"no file gone\.geojson"):
        load_cells(tmp_path / "gone.geojson", BRITISH_GRID)
    path = geojson(tmp_path / "cells.geojson", [in_degrees(A)], ["A"])
    monkeypatch.setattr("roundplan.network.cell_polygons.MAX_BYTES", 10)
    with pytest.raises(NetworkError, match="clip it"):
        load_cells(path, BRITISH_GRID)


def test_the_column_of_names_must_be_there(tmp_path):
    path = geojson(tmp_path / "cells.geojson", [in_degrees(A)], ["A"])
    with pytest.raises(NetworkError, match="no column 'ltn' with names, only: name"):
        load_cells(path, BRITISH_GRID, name="ltn")


def test_cells_that_were_found_are_written_and_read_again(tmp_path):
    place = ladder({0: "bollard", 2: "bollard"})
    shifted = place.moved(*ORIGIN)
    found = shifted.cells()
    path = tmp_path / "cells.geojson"
    save_cells(found, path, licence="© somebody")
    assert json.loads(path.read_text(encoding="utf-8"))["licence"] == "© somebody"
    again = load_cells(path, BRITISH_GRID)
    assert [c.name for c in again.cells] == [c.name for c in found.cells]
    for a, b in zip(again.cells, found.cells, strict=True):
        assert a.area_m2 == b.area_m2
        assert a.core.hausdorff_distance(b.core) < 0.01
    assert list(tmp_path.iterdir()) == [path]


def test_cells_are_not_written_elsewhere(tmp_path):
    found = ladder().cells()
    with pytest.raises(NetworkError, match=r"written as \.geojson"):
        save_cells(found, tmp_path / "cells.gpkg")
    with pytest.raises(NetworkError, match="cannot be written"):
        save_cells(found, tmp_path / "missing" / "cells.geojson")
    save_cells(found, tmp_path / "none.geojson")
