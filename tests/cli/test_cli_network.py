"""Street networks from the command line."""

import re
import sys

import pytest

from roundplan.domain import Mode
from roundplan.network import Speeds, load_network

STREETS = """\
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="51.6000" lon="-0.1200"/>
  <node id="2" lat="51.6010" lon="-0.1200"/>
  <node id="3" lat="51.6010" lon="-0.1180"/>
  <node id="4" lat="51.6020" lon="-0.1200"><tag k="barrier" v="bollard"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="4"/>
    <tag k="highway" v="residential"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/></way>
</osm>
"""


@pytest.fixture
def streets(tmp_path):
    """A map of two short streets."""
    path = tmp_path / "streets.osm"
    path.write_text(STREETS, encoding="utf-8")
    return path


def test_a_network_is_built_stored_and_described(command, streets, tmp_path):
    out = tmp_path / "streets.roundplan"
    built = command("network", "build", streets, "--out", out)
    assert built.code == 0
    assert built.last == f"Wrote {out}"
    described = command("network", "info", out)
    assert described.code == 0
    assert re.search(r"kilometres +0\.4 +0\.4", described.out)
    assert "1 bollard" in described.out
    assert max(map(len, described.out.splitlines())) <= 80
    assert described.out in built.out


def test_a_map_can_be_described_without_building(command, streets):
    assert re.search(r"kilometres +0\.4 ", command("network", "info", streets).out)


def test_quiet_prints_nothing(command, streets, tmp_path):
    out = tmp_path / "streets.roundplan"
    assert command("network", "build", streets, "--out", out, "--quiet").out == ""
    assert command("network", "info", out, "-q").out == ""
    assert out.is_file()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (STREETS[: len(STREETS) // 2], "E2001"),
        ("", "empty"),
        ("not a map", "E2001"),
        (
            '<!DOCTYPE osm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><osm>&b;</osm>',
            "E2001",
        ),
    ],
    ids=["cut in half", "empty", "no map", "entity expansion"],
)
def test_a_bad_map_is_refused_and_nothing_is_written(
    command, tmp_path, content, complaint
):
    path, out = tmp_path / "streets.osm", tmp_path / "streets.roundplan"
    path.write_text(content, encoding="utf-8")
    said = command("network", "build", path, "--out", out)
    assert said.code == 2
    assert complaint in said.err
    assert not out.exists()


def test_a_missing_map_is_named(command, tmp_path):
    said = command("network", "build", tmp_path / "a.osm", "--out", "b.roundplan")
    assert said.code == 2
    assert "a.osm" in said.err


@pytest.mark.parametrize("out", ["streets.osm2", "nowhere/streets.roundplan"])
def test_a_place_to_write_is_checked_before_building(
    command, monkeypatch, streets, tmp_path, out
):
    from roundplan.cli import _streets

    monkeypatch.setattr(_streets, "build_network", sys.exit)
    said = command("network", "build", streets, "--out", tmp_path / out)
    assert said.code == 2
    assert "give --out" in said.err


def test_the_table_of_speeds_is_printed_as_a_table_that_may_be_given(command, tmp_path):
    printed = command("network", "speeds")
    ours = tmp_path / "ours.toml"
    ours.write_text(printed.out.replace("km_h = 15.0", "km_h = 16.0"))
    assert printed.code == 0
    assert max(map(len, printed.out.splitlines())) <= 90
    assert Speeds.load(ours).ms_per_m(Mode.CYCLE) == 225


def test_speeds_of_ones_own_are_built_in_and_wrong_ones_refused(
    command, streets, tmp_path
):
    ours, out = tmp_path / "ours.toml", tmp_path / "streets.roundplan"
    ours.write_text("[cycle]\nkm_h = 18\n")
    told = command("network", "build", streets, "--out", out, "--speeds", ours)
    assert told.code == 0
    assert load_network(out).speeds.ms_per_m(Mode.CYCLE) == 200
    before = out.read_bytes()
    ours.write_text("[cycle]\nkm_h = 1800\n")
    told = command("network", "build", streets, "--out", out, "--speeds", ours)
    assert told.code != 0
    assert "cycle.km_h is not between 1 and 130" in told.err
    assert out.read_bytes() == before


def test_a_map_of_a_town_is_one_page(command, tmp_path):
    from roundplan.datasets import copy_demo

    copy_demo(tmp_path / "problem")
    out = tmp_path / "map.html"
    said = command("network", "map", tmp_path / "problem", "--out", out)
    assert said.code == 0
    assert re.search(r"11 low-traffic neighbourhoods, 138 filters, 46 stops", said.out)
    assert said.last.startswith(f"Wrote {out} (")
    text = out.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")


def test_stops_beyond_the_streets_are_not_drawn(command, streets, tmp_path):
    from roundplan.datasets import copy_demo

    copy_demo(tmp_path / "problem")
    said = command(
        *("network", "map", streets, "--out", tmp_path / "map.html"),
        *("--transit", tmp_path / "problem" / "gtfs.zip"),
    )
    assert said.code == 0
    assert "0 stops" in said.out
    assert "stops left out, beyond the edge of the streets: 46" in said.out


@pytest.mark.parametrize(
    ("source", "out", "told"),
    [
        ("problem", "map.png", "a page ends in .html"),
        ("problem", "no/such/map.html", "cannot be written"),
        ("problem", "map.html", "has a travel file and no street network"),
        ("none.osm", "map.html", "E2001"),
    ],
)
def test_a_map_that_cannot_be_drawn(source, out, told, command, problem_folder):
    folder = problem_folder.parent
    said = command("network", "map", folder / source, "--out", folder / out)
    assert said.code == 2
    assert told in " ".join(said.err.split())
    assert not (folder / "map.html").exists()


def test_a_network_is_built_around_a_problem(command, tmp_path):
    from roundplan.datasets import copy_demo

    copy_demo(tmp_path / "problem")
    town = tmp_path / "problem" / "town.osm"
    out = tmp_path / "streets.roundplan"
    for options, everything in (
        (("--margin-km", 2), True),
        (("--margin-km", 0), False),
    ):
        said = command(
            *("network", "build", town, "--out", out),
            *("--around", tmp_path / "problem", *options),
        )
        assert said.code == 0
        area, rest = said.out.splitlines()[:2]
        assert area.startswith("Area     latitude 51.")
        assert len(area) <= 80
        assert (
            rest
            == f"         {options[1]} km round the places of {tmp_path / 'problem'}"
        )
        edges = len(load_network(out).graph(Mode.WALK).tail)
        assert (edges == 2_165) == everything, edges
