"""The benchmark of one-day instances: what it prints, and what it refuses."""

from __future__ import annotations

import re

import numpy as np
import pytest

import day_file
import days
import peers
from day_file import Verdict
from days import OURS, Run
from days_by_hand import optimum, tight
from instances import draw


@pytest.fixture
def small(tmp_path):
    day = tight(6, 3, seed=2)
    path = tmp_path / "small.json"
    day_file.save(day, path)
    return path


def test_ours_is_planned_judged_and_printed(small, capsys):
    """The last line is the gap, and there is no ratio without peers."""
    words = [str(small), "--seconds", "0.2", "--seeds", "2", "--no-peers", "--bound"]
    assert days.main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"gap -?\d+\.\d\d", lines[-1])
    assert float(lines[-1].split()[1]) >= 0
    assert not any(line.startswith("ratio") for line in lines)
    assert sum(line.startswith(OURS) for line in lines) == 3  # two seeds, one median


@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_what_trying_everything_finds(seed):
    """The problem that is planned is the problem of the file, unserved visits too."""
    day = tight(6, 3, seed)
    one = days.run(OURS, day, 0.3, 1)
    assert (one.verdict.faults, one.violations) == ((), 0)
    assert one.cost_s == optimum(day)


def answered(solver, *costs):
    return [
        Run(solver, n, peers.Answer((), 0, 1), Verdict(c, 0, ()), 100.0)
        for n, c in enumerate(costs)
    ]


def test_the_ratio_is_median_over_the_best_peers_median():
    found = {
        OURS: answered(OURS, 90, 95, 200),
        "A": answered("A", 99, 100, 101),
        "B": answered("B", 1, 120, 130),
    }
    row = days.compare(found)
    assert (row["best_peer"], row["ratio"]) == ("A", 0.95)


def test_a_peer_that_breaks_a_rule_is_no_best_peer():
    wrong = [Run("A", 1, peers.Answer((), 0, 1), Verdict(5, 0, ("late",)), 100.0)]
    found = {OURS: answered(OURS, 90), "A": wrong, "B": answered("B", 100)}
    assert days.compare(found)["ratio"] == 0.9
    found.pop("B")
    assert np.isnan(days.compare(found)["ratio"])


def test_missing_peers_are_named_with_what_to_install(small, capsys, monkeypatch):
    monkeypatch.setattr(peers, "find_spec", lambda _: None)
    assert days.main([str(small)]) == 2
    said = capsys.readouterr().err
    assert "pyvrp, pyvroom, ortools" in said
    assert "--group bench" in said
    assert "--no-peers" in said


def test_a_bad_file_ends_with_2_before_anything_runs(small, capsys):
    bad = small.with_name("bad.json")
    bad.write_text("{}")
    assert days.main([str(small), str(bad), "--no-peers"]) == 2
    out, err = capsys.readouterr()
    assert "bad.json" in err
    assert out == ""


@pytest.mark.parametrize("words", [["--seeds", "0"], ["--seconds", "0"]])
def test_limits_that_are_none_are_refused(small, words):
    assert days.main([str(small), "--no-peers", *words]) == 2


@pytest.mark.parametrize("peer", peers.PEERS)
def test_a_peer_answers_a_small_instance_soundly(peer):
    """And never below the optimum: the model it is given is the file's."""
    pytest.importorskip(peers.MODULES[peer], reason="the bench group is not installed")
    day = draw(7, 1)
    answer = peers.PEERS[peer](day, 0.5, 1)
    verdict = day_file.judge(day, answer.rounds)
    assert verdict.faults == ()
    assert verdict.unserved == 0
    assert verdict.travel_s >= optimum(day)
    assert answer.setup_s >= 0 < answer.search_s
