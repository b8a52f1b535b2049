"""The generated folder: written whole, read by the reader, the same each time."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from roundplan.check import check
from roundplan.datasets import copy_demo, demo_folder, generate
from roundplan.datasets.assumptions import figures
from roundplan.datasets.demo import DEMO_CLIENTS, DEMO_SEED
from roundplan.datasets.folder import area_km2, generated_files
from roundplan.domain import (
    UNREACHABLE,
    Break,
    Roster,
    Rule,
    ShiftKind,
    Travel,
    assemble_round,
)
from roundplan.errors import UsageError
from roundplan.formats import load_problem
from roundplan.network import load_or_build, travel_matrix

LARGEST_BYTES = 1 << 20


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_arguments_write_the_same_bytes(tmp_path):
    one = contents(generate(tmp_path / "one", clients=12, seed=4))
    two = contents(generate(tmp_path / "two", clients=12, seed=4))
    other = contents(generate(tmp_path / "other", clients=12, seed=5))
    assert one == two
    assert {name for name in one if one[name] == other[name]} <= {
        "problem.toml",
        "travel_rates.csv",
    }


def test_files_have_plain_line_ends_and_are_utf_8(tmp_path):
    for name, data in contents(generate(tmp_path / "out", clients=5)).items():
        if name.endswith(".zip"):
            continue
        assert b"\r" not in data
        assert data.decode("utf-8").endswith("\n")


def test_the_shipped_demo_is_what_the_generator_writes():
    """Byte for byte, so that a change of the generator cannot leave it behind."""
    fresh = generated_files(figures().given(clients=DEMO_CLIENTS), DEMO_SEED, 7)
    shipped = contents(demo_folder())
    assert shipped.keys() == fresh.keys()
    for name, text in fresh.items():
        assert shipped[name] == text, f"regenerate data/demo: {name}"


def test_no_file_of_the_demo_is_over_a_mebibyte():
    assert max(map(len, contents(demo_folder()).values())) < LARGEST_BYTES


def test_the_data_readme_has_the_demos_checksums():
    readme = demo_folder().parent / "README.md"
    if not readme.is_file():
        pytest.skip("not a checkout")
    text = readme.read_text(encoding="utf-8")
    for name, data in contents(demo_folder()).items():
        assert f"{hashlib.sha256(data).hexdigest()}  demo/{name}" in text


def test_the_demo_loads_with_every_place_reachable():
    folder = load_problem(demo_folder())
    problem = folder.problem
    assert (len(problem.clients), problem.horizon.days) == (120, 7)
    assert 28 <= len(problem.workers) <= 36
    kinds = {shift.kind for shift in problem.shifts}
    assert kinds == set(ShiftKind)
    assert any(v.after_visit for v in problem.visits)
    assert any(v.pinned_workers for v in problem.visits)
    network = load_or_build(folder.network)
    matrix = travel_matrix(network, problem.all_places(), cache=False)
    assert (matrix.times_s != UNREACHABLE).all()
    assert matrix.times_s.max() < 90 * 60


def test_the_demo_needs_a_break_that_fits():
    """Its pinned respite visits alone take over six hours with nothing but waits."""
    folder = load_problem(demo_folder())
    problem = folder.problem
    visits = [v for v in problem.visits if v.pinned_workers and v.day == 0]
    (worker_id,) = {w for v in visits for w in v.pinned_workers}
    (shift,) = [
        s for s in problem.work_shifts if (s.worker_id, s.day) == (worker_id, 0)
    ]
    network = load_or_build(folder.network)
    matrix = travel_matrix(network, problem.all_places(), cache=False)
    travel = Travel(matrices={"walk": matrix})
    starts = [(v.visit_id, v.preferred_start_s) for v in visits]
    first_end = visits[0].preferred_start_s + visits[0].duration_s
    rest = Break(start_s=first_end, end_s=first_end + problem.policy.break_s)

    def broken(breaks):
        care_round = assemble_round(problem, travel, shift, starts, breaks)
        found = check(problem, travel, Roster(rounds=(care_round,)))
        return {v.rule for v in found} - {Rule.COVERAGE}

    assert broken(()) == {Rule.BREAK}
    assert broken((rest,)) == set()


def test_visits_of_a_package_that_starts_lie_on_its_days():
    problem = load_problem(demo_folder()).problem
    ends = {c.client_id: (c.start_day, c.end_day) for c in problem.clients}
    assert any(start is not None for start, _ in ends.values())
    for visit in problem.visits:
        start, end = ends[visit.client_id]
        assert (start or 0) <= visit.day
        assert end is None or visit.day <= end


@pytest.mark.parametrize(("clients", "seed"), [(1, 0), (8, 2), (40, 3)])
def test_other_sizes_and_seeds_load(tmp_path, clients, seed):
    folder = load_problem(generate(tmp_path / "out", clients=clients, seed=seed))
    assert len(folder.problem.clients) == clients
    assert folder.problem.notes == ()


def test_a_week_across_a_clock_change_loads(tmp_path):
    out = generate(tmp_path / "out", clients=6, start_date=date(2026, 3, 25), days=10)
    assert load_problem(out).problem.horizon.days == 10


@pytest.mark.parametrize(
    ("clients", "seed", "start", "days"),
    [
        (3, 2, date(2026, 3, 29), 1),
        (9, 4, date(2026, 3, 5), 5),
        (33, 6, date(2026, 3, 7), 28),
        (61, 8, date(2026, 12, 30), 3),
    ],
)
def test_any_size_and_horizon_loads(tmp_path, clients, seed, start, days):
    out = generate(
        tmp_path / "out", clients=clients, seed=seed, start_date=start, days=days
    )
    problem = load_problem(out).problem
    assert (len(problem.clients), problem.horizon.days) == (clients, days)


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    assert (generate(tmp_path / "out", clients=2) / "problem.toml").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder"):
        generate(tmp_path, clients=2)
    with pytest.raises(UsageError, match="not an empty folder"):
        copy_demo(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path):
    file = tmp_path / "out"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder"):
        generate(file, clients=2)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*_args):
        msg = "disk full"
        raise OSError(msg)

    monkeypatch.setattr("roundplan.datasets.folder.osm_xml", broken)
    with pytest.raises(OSError, match="disk full"):
        generate(tmp_path / "out", clients=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "bad", [{"clients": 0}, {"days": 0}, {"days": 29}, {"seed": -1}]
)
def test_arguments_out_of_range_are_refused(tmp_path, bad):
    with pytest.raises(UsageError):
        generate(tmp_path / "out", **bad)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_is_copied_whole(tmp_path):
    out = copy_demo(tmp_path / "deep" / "demo")
    assert contents(out) == contents(demo_folder())
    assert [p.name for p in out.parent.iterdir()] == ["demo"]


def test_the_readme_says_seed_sources_and_that_nothing_is_real(tmp_path):
    text = (generate(tmp_path / "out", clients=9, seed=77) / "README.md").read_text(
        encoding="utf-8"
    )
    assert "--clients 9 --seed 77" in text
    assert "no real place" in text
    for source in ("Healthwatch Halton", "Torbay", "Southwark", "Skills for Care"):
        assert source in text


def test_towns_grow_with_their_clients():
    areas = [
        area_km2(figures().given(clients=n)) for n in (1, 30, 120, 200, 1100, 3000)
    ]
    assert areas == sorted(areas)
    assert areas[2] == 6.25
    assert 1100 / areas[4] == pytest.approx(38)
