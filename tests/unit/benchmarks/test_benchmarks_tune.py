"""Tuning: which settings race, who goes on, and what is concluded."""

from __future__ import annotations

import csv
import math
from dataclasses import asdict

import pytest

import tune
from roundplan.errors import UsageError
from roundplan.solve import SearchParams
from tune import Race, Setting, Task, candidates, halve, joined, mean_and_error

SLOW, FAST, FASTER = (Setting((("blink", value),)) for value in (1, 2, 3))


def raced(tmp_path, relatives):
    """A race with given costs over a default of 1,000, one per seed."""
    race = Race(tmp_path / "log.csv")
    for setting, costs in relatives.items():
        for seed, cost in enumerate(costs, start=1):
            race.cost[Task(Setting(), "day", seed)] = 1000
            race.cost[Task(setting, "day", seed)] = 1000 + cost
    return race


def test_each_setting_differs_in_one_parameter_and_is_allowed():
    found = candidates()
    defaults = asdict(SearchParams())
    assert len(found) == len(set(found)) > 2 * len(defaults)
    for setting in found:
        ((name, value),) = setting.changed
        assert getattr(setting.params(), name) == value != defaults[name]
    assert {name for s in found for name, _ in s.changed} == set(defaults)


def test_parameters_can_be_chosen_and_unknown_ones_are_refused():
    assert {s.changed[0][0] for s in candidates(["hot"])} == {"hot"}
    with pytest.raises(UsageError, match="no parameter is called warm"):
        candidates(["warm"])


def test_the_better_half_goes_on(tmp_path):
    race = raced(tmp_path, {SLOW: [50, 60], FAST: [-10, -20], FASTER: [-30, -30]})
    assert halve([SLOW, FAST, FASTER], race) == [FASTER, FAST]


def test_costs_are_paired_by_instance_and_seed(tmp_path):
    race = raced(tmp_path, {FAST: [-10, -20]})
    race.cost[Task(FAST, "another", 1)] = 5  # the default has no such plan
    race.cost[Task(FAST, "day", 1001)] = 900
    race.cost[Task(Setting(), "day", 1001)] = 1000
    assert race.relative(FAST) == pytest.approx([-0.01, -0.02, -0.1])
    assert race.relative(FAST, above=1000) == pytest.approx([-0.1])


def test_only_what_gains_more_than_its_error_is_joined(tmp_path):
    hot = Setting((("hot", 0.1),))
    noise = Setting((("cold", 0.001),))
    race = raced(
        tmp_path,
        {FAST: [-10, -12], FASTER: [-30, -29], hot: [-5, -6], noise: [-50, 49]},
    )
    winner = joined([FAST, FASTER, hot, noise], race)
    assert winner == Setting((("blink", 3), ("hot", 0.1)))
    assert joined([noise], race) == Setting()


def test_one_value_has_no_error_to_speak_of():
    assert mean_and_error([0.5]) == (0.5, math.inf)
    assert math.isnan(mean_and_error([])[0])


def test_a_small_race_is_run_logged_and_printed(tmp_path, capsys):
    log = tmp_path / "tuning.csv"
    words = ["--days", "20", "--weeks", "--only", "blink", "--cpu-seconds", "0.02"]
    words += ["--seeds", "1", "--rungs", "2", "--processes", "1", "--log", str(log)]
    assert tune.main(words) == 0
    assert "blink=" in capsys.readouterr().out
    with log.open() as file:
        rows = list(csv.DictReader(file))
    first = [row for row in rows if row["rung"] == "1"]
    assert first[0]["setting"] == "default"
    assert len(first) == 1 + len(candidates(["blink"]))
    assert all(int(row["iterations"]) > 0 and row["relative"] for row in rows)


@pytest.mark.parametrize(
    "words", [["--seeds", "0"], ["--only", "warm"], ["--days", "--weeks"]]
)
def test_options_that_make_no_sense_are_refused(words, capsys):
    assert tune.main(words) == 2
    assert capsys.readouterr().err
