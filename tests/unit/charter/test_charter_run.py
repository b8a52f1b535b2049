"""Trials: planned, kept, taken up again, and the same on several processes."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import problem, shift, travel, visit, worker
from roundplan.charter import run
from roundplan.charter.effects import cash_p
from roundplan.charter.run import Area, run_trials
from roundplan.charter.switches import Pay, Planning, Switches
from roundplan.charter.trials import Trial, Work, load_trial, plan_trial, together
from roundplan.cost import cost_of
from roundplan.errors import UsageError
from roundplan.formats import load_problem, save_problem
from roundplan.solve import plan
from roundplan.units import AMOUNT_PER_PENNY

TRIALS = [
    Trial(on=on, seed=seed)
    for seed in (1, 2)
    for on in (frozenset(), frozenset({Planning.SAME_WORKER}), frozenset(Planning))
]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Three clients, two workers and eight visits over two days."""
    visits = [
        visit(f"V{day}{hour}", f"C{hour % 3}", f"{hour:02}:00", day=day)
        for day in range(2)
        for hour in (8, 9, 10, 11)
    ]
    of = problem(
        visits,
        workers=[worker("W1"), worker("W2", x=900.0)],
        shifts=[shift(w, day=d) for w in ("W1", "W2") for d in range(2)],
        days=2,
    )
    folder = save_problem(of, tmp_path / "problem", travel=travel(of))
    return Work(
        folder=str(folder),
        hashes=load_problem(folder).hashes,
        switches=Switches(),
        iterations=40,
    )


def run_all(work: Work, trials, out: Path, **options):
    """The outcomes of one folder's trials."""
    area = Area(work=work, out=out)
    (found,) = run_trials([area], trials, **options)
    return found


def test_a_trial_is_the_plan_that_its_rules_give(work) -> None:
    """With all rules on, the folder as it is: the same plan, to the penny."""
    made = plan_trial(work, Trial(on=frozenset(Planning), seed=3))
    loaded = load_problem(Path(work.folder))
    planned = plan(loaded.problem, loaded.travel, iterations=40, seed=3)
    cost = cost_of(loaded.problem, loaded.travel, planned.roster)
    paid = cost.contact + cost.travel + cost.waiting + cost.parking
    expected = paid * 1.029 + cost.mileage + cost.fares
    found = float(cash_p(made, frozenset(Pay), work.switches))
    assert found == pytest.approx(expected / AMOUNT_PER_PENNY)
    assert made.figures["visits"] == 8


def test_a_run_goes_on_from_the_trials_that_are_there(work, tmp_path, monkeypatch):
    planned = []
    monkeypatch.setattr(
        run, "plan_trial", lambda w, c: planned.append(c) or plan_trial(w, c)
    )
    out = tmp_path / "trials"
    told = []
    first = run_all(work, TRIALS[:2], out)
    whole = run_all(work, TRIALS, out, done=lambda _, __, kept: told.append(kept))
    assert planned == TRIALS, "no trial is planned twice"
    assert told == [True] * 2 + [False] * 4
    assert {trial: whole[trial] for trial in TRIALS[:2]} == first
    planned.clear()
    assert run_all(work, TRIALS, out) == whole
    assert planned == []


def test_damaged_trials_and_those_of_other_inputs_are_planned_again(
    work, tmp_path, monkeypatch
):
    out = tmp_path / "trials"
    whole = run_all(work, TRIALS[:2], out)
    damaged = out / f"{TRIALS[0].name}.json"
    damaged.write_text(damaged.read_text(encoding="utf-8")[:99], encoding="utf-8")
    planned = []
    monkeypatch.setattr(
        run, "plan_trial", lambda w, c: planned.append(c) or plan_trial(w, c)
    )
    assert run_all(work, TRIALS[:2], out) == whole
    assert planned == TRIALS[:1]
    other = replace(work, iterations=41)
    run_all(other, TRIALS[:1], out)
    assert planned == TRIALS[:1] * 2
    content = json.loads(damaged.read_text(encoding="utf-8"))
    assert load_trial(out, TRIALS[0], content["of"]) is not None
    assert load_trial(out, TRIALS[0], "another") is None


def test_a_folder_that_changes_is_read_again_and_never_under_its_old_name(
    work, tmp_path
):
    out = tmp_path / "trials"
    (before,) = run_all(work, TRIALS[:1], out).values()
    table = Path(work.folder) / "visits.csv"
    *kept, _ = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    changed = replace(work, hashes=load_problem(Path(work.folder)).hashes)
    (after,) = run_all(changed, TRIALS[:1], out).values()
    assert (before.figures["visits"], after.figures["visits"]) == (8, 7)
    stale = replace(work, hashes=(("visits.csv", "of yesterday"),))
    with pytest.raises(UsageError, match="has changed since it was read"):
        run_all(stale, TRIALS[:1], tmp_path / "stale")


def test_areas_have_their_own_trials_and_add_up(work, tmp_path):
    areas = [Area(work=work, out=tmp_path / name) for name in ("north", "south")]
    north, south = run_trials(areas, TRIALS[:2])
    assert north == south
    both = together([north[TRIALS[0]], south[TRIALS[0]]])
    assert both.figures["visits"] == 16
    assert both.cash["llw"]["contact"] == 2 * north[TRIALS[0]].cash["llw"]["contact"]
    assert {p.name for p in (tmp_path / "south").iterdir()} == {
        f"{trial.name}.json" for trial in TRIALS[:2]
    }


def test_a_bound_is_kept_and_never_above_the_cost(work, tmp_path):
    bounded = replace(work, bound_seconds=1.0)
    (made,) = run_all(bounded, TRIALS[:1], tmp_path).values()
    assert made.bound is not None
    assert 0 <= made.gap <= 1
    (kept,) = run_all(bounded, TRIALS[:1], tmp_path).values()
    assert kept == made
    assert together([made, made]).gap == pytest.approx(made.gap)
    assert together([made, replace(made, bound=None)]).gap is None
    assert replace(made, bound=made.total).gap == 0


def test_without_dask_the_extra_is_named(work, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"roundplan\[cluster\]"):
        run_all(work, TRIALS[:1], tmp_path, cluster=2)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_killed_process_loses_nothing(work, tmp_path):
    """Two processes, one killed after the first trial: the same files as alone."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    import psutil

    alone = run_all(work, TRIALS, tmp_path / "alone")
    killed = []

    def kill_one(*_):
        if killed:
            return
        for child in psutil.Process().children(recursive=True):
            if any("spawn_main" in part for part in child.cmdline()):
                killed.append(child.pid)
                os.kill(child.pid, signal.SIGKILL)
                return

    together = run_all(work, TRIALS, tmp_path / "two", cluster=2, done=kill_one)
    assert killed
    assert together == alone
    for path in (tmp_path / "alone").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
