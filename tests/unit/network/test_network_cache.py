"""Matrices are kept by content, without positions, and a bad entry is no harm."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from roundplan.network import cache as cache_module
from roundplan.network import matrix as matrix_module
from roundplan.network import travel_matrix
from roundplan.network.cache import MatrixCache, cache_folder
from streets_by_hand import STREET, at, streets

LINE = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
PLACES = [at("A", 0, 10), at("B", 150, 0)]


@pytest.fixture
def searches(monkeypatch):
    """How often a matrix was really computed."""
    count = []
    real = matrix_module._matrix
    monkeypatch.setattr(
        matrix_module, "_matrix", lambda *of, **by: count.append(1) or real(*of, **by)
    )
    return count


def entries(folder):
    """The files of a cache."""
    return sorted(folder.glob("*"))


def test_the_second_time_comes_from_the_cache_and_is_equal(tmp_path, searches):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    folder = tmp_path / "kept"
    first = travel_matrix(network, PLACES, cache=folder)
    second = travel_matrix(network, PLACES, cache=folder)
    assert len(searches) == 1
    assert first == second == travel_matrix(network, PLACES, cache=False)
    assert len(entries(folder)) == 1


def test_ids_are_not_part_of_an_entry(tmp_path, searches):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    folder = tmp_path / "kept"
    travel_matrix(network, PLACES, cache=folder)
    renamed = [at("X", 0, 10), at("Y", 150, 0)]
    assert travel_matrix(network, renamed, cache=folder).place_ids == ("X", "Y")
    assert len(searches) == 1


def test_whatever_changes_the_answer_changes_the_key(tmp_path, searches):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    other = streets(tmp_path, LINE, [((1, 2, 3), {"highway": "steps"})])
    folder = tmp_path / "kept"
    travel_matrix(network, PLACES, cache=folder)
    travel_matrix(network, PLACES, cache=folder, limit_s=600)
    travel_matrix(network, PLACES[::-1], cache=folder)
    travel_matrix(network, [at("A", 0, 11), PLACES[1]], cache=folder)
    travel_matrix(other, PLACES, cache=folder)
    assert len(searches) == len(entries(folder)) == 5


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_entry_is_computed_again_and_noted(
    tmp_path, searches, caplog, damage
):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    folder = tmp_path / "kept"
    first = travel_matrix(network, PLACES, cache=folder)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    entry.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with caplog.at_level(logging.WARNING):
        assert travel_matrix(network, PLACES, cache=folder) == first
    assert "computed again" in caplog.text
    assert entry.read_bytes() == whole
    assert len(searches) == 2


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path, caplog):
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        matrix = travel_matrix(network, PLACES, cache=blocked)
    assert matrix == travel_matrix(network, PLACES, cache=False)
    assert "not kept" in caplog.text


def test_past_its_size_the_oldest_entries_go(tmp_path):
    kept = MatrixCache(tmp_path, max_bytes=10**9)
    square = np.arange(100, dtype=np.int32).reshape(10, 10)
    figures = {"times_s": square}
    for i, key in enumerate("abc"):
        kept.save(key, figures)
        os.utime(tmp_path / f"{key}.matrix", (1000 + i, 1000 + i))
    assert (
        kept.load("a", 10, {"times_s": "<i4"}) is not None
    )  # used now, so "b" is the oldest
    size = (tmp_path / "a.matrix").stat().st_size
    MatrixCache(tmp_path, max_bytes=3 * size).save("d", figures)
    assert [p.stem for p in entries(tmp_path)] == ["a", "c", "d"]


def test_the_variable_chooses_the_folder_or_switches_it_off(monkeypatch, tmp_path):
    monkeypatch.setenv("ROUNDPLAN_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "matrices"
    monkeypatch.setenv("ROUNDPLAN_CACHE", "off")
    assert cache_folder() is None
    assert MatrixCache.of(True) is None
    assert MatrixCache.of(False) is None
    assert MatrixCache.of(tmp_path) == MatrixCache(tmp_path)


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("win32", "LOCALAPPDATA", "{}/roundplan/matrices"),
        ("linux", "XDG_CACHE_HOME", "{}/roundplan/matrices"),
        ("darwin", None, "{}/Library/Caches/roundplan/matrices"),
        ("linux", None, "{}/.cache/roundplan/matrices"),
        ("win32", None, "{}/AppData/Local/roundplan/matrices"),
    ],
)
def test_each_system_has_its_own_place(
    monkeypatch, tmp_path, platform, variable, expected
):
    for name in ("ROUNDPLAN_CACHE", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert cache_folder() == Path(expected.format(tmp_path))


def test_the_default_cache_is_used_and_holds_no_ids(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDPLAN_CACHE", str(tmp_path))
    network = streets(tmp_path, LINE, [((1, 2, 3), STREET)])
    travel_matrix(network, [at("client-17", 0, 10), at("B", 150, 0)])
    (entry,) = entries(tmp_path / "matrices")
    assert b"client-17" not in entry.read_bytes()
    assert cache_module.ALGORITHM not in entry.name
