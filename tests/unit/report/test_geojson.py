"""Rounds as GeoJSON, with longitude first."""

from __future__ import annotations

import json

import geopandas
import pytest

from browsing import NASTY
from helpers import MONDAY
from rota_by_hand import LAT, LON, rota
from roundplan.errors import UsageError
from roundplan.report import rounds_geojson


def features(of, days=None):
    return json.loads(rounds_geojson(of, of.days() if days is None else days))[
        "features"
    ]


def test_rounds_are_lines_and_visits_points():
    of = rota(placed=True)
    found = features(of)
    kinds = [f["properties"]["kind"] for f in found]
    assert kinds.count("round") == 1  # W2's begin and end anywhere, with one visit each
    assert kinds.count("visit") == 4
    assert kinds.count("unassigned") == 1
    line = next(f for f in found if f["properties"]["kind"] == "round")
    assert line["geometry"]["coordinates"] == [
        [LON, LAT],
        [round(LON + 600 / 69_000, 6), LAT],
        [round(LON + 1200 / 69_000, 6), LAT],
        [LON, LAT],
    ]
    first = next(f for f in found if f["properties"].get("visit_id") == "V1")
    assert first["properties"]["start"].startswith("2026-06-01T08:00:00")
    assert first["properties"]["order"] == 1


def test_only_the_days_asked_for():
    of = rota(placed=True)
    found = features(of, of.days([MONDAY]))
    assert {f["properties"].get("visit_id") for f in found} == {None, "V1", "V2"}


def test_others_can_read_it_and_there_are_no_names(tmp_path):
    path = tmp_path / "rounds.geojson"
    text = rounds_geojson(rota(placed=True), rota(placed=True).days())
    path.write_text(text, encoding="utf-8")
    frame = geopandas.read_file(path)
    assert len(frame) == 6
    assert frame.crs.to_epsg() == 4326
    assert not any(name in text for name in NASTY)


def test_plain_metres_have_no_place_on_earth():
    with pytest.raises(UsageError, match="position"):
        features(rota())
