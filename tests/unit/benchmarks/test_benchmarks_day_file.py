"""The form of one-day instances, and the judge of rounds."""

from __future__ import annotations

import json

import pytest

import day_file
from day_file import UNSERVED_S, Stops
from days_by_hand import tight
from roundplan.errors import UsageError

DAY = {
    "travel_s": [[0, 100], [200, 0]],
    "visits": [
        {"location": 0, "earliest_start_s": 0, "latest_start_s": 50, "duration_s": 10},
        {"location": 1, "earliest_start_s": 0, "latest_start_s": 110, "duration_s": 10},
        {"location": 0, "earliest_start_s": 0, "latest_start_s": 999, "duration_s": 10},
    ],
    "shifts": [{"start_s": 0, "end_s": 330}, {"start_s": 0, "end_s": 400}],
}


def written(tmp_path, data):
    path = tmp_path / "day.json"
    path.write_text(json.dumps(data))
    return path


@pytest.fixture
def day(tmp_path):
    return day_file.load(written(tmp_path, DAY))


def test_legs_between_visits_are_summed_and_home_legs_are_free(day):
    verdict = day_file.judge(day, [Stops(0, [0, 1, 2])])
    assert (verdict.travel_s, verdict.unserved, verdict.faults) == (300, 0, ())
    assert verdict.cost_s == 300


def test_a_visit_left_out_costs_more_than_travel(day):
    verdict = day_file.judge(day, [Stops(0, [0, 1])])
    assert (verdict.unserved, verdict.cost_s) == (1, 100 + UNSERVED_S)


@pytest.mark.parametrize(
    ("rounds", "fault"),
    [
        pytest.param([Stops(0, [0, 1, 2]), Stops(1, [2])], "2 times", id="twice"),
        pytest.param([Stops(0, [2, 1, 0])], "late", id="after its window"),
        pytest.param([Stops(0, [0], [51])], "late", id="said to start late"),
        pytest.param([Stops(0, [0, 1], [0, 109])], "early", id="faster than the leg"),
        pytest.param([Stops(0, [2], [321])], "ends 1 s late", id="after the shift"),
        pytest.param([Stops(0, [0]), Stops(0, [1])], "two rounds", id="shift twice"),
        pytest.param([Stops(2, [0])], "does not exist", id="no such shift"),
        pytest.param([Stops(0, [3])], "does not exist", id="no such visit"),
    ],
)
def test_the_judge_finds_what_is_wrong(day, rounds, fault):
    verdict = day_file.judge(day, rounds)
    assert any(fault in f for f in verdict.faults)
    assert verdict.cost_s == float("inf")


def test_a_file_that_is_written_reads_back_equal(tmp_path):
    day = tight(9, 3, seed=4)
    path = tmp_path / f"{day.name}.json"
    day_file.save(day, path)
    again = day_file.load(path)
    assert again.name == day.name
    for name in ("travel_s", "location", "early_s", "late_s", "duration_s"):
        assert (getattr(again, name) == getattr(day, name)).all()
    assert again.groups() == day.groups()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param({"travel_s": [[0, 1]]}, "square", id="not square"),
        pytest.param({"travel_s": [[0, -1], [1, 0]]}, "whole seconds", id="negative"),
        pytest.param({"travel_s": [[0, 1.5], [1, 0]]}, "whole seconds", id="half"),
        pytest.param({"visits": []}, "visits: missing", id="no visits"),
        pytest.param({"shifts": None}, "shifts: missing", id="no shifts"),
        pytest.param({"shifts": [{"start_s": 5, "end_s": 5}]}, "end not", id="empty"),
        pytest.param({"visits": [{}]}, "visits[0].location", id="no location"),
        pytest.param(
            {"visits": [DAY["visits"][0] | {"location": 2}]}, "no such", id="location"
        ),
        pytest.param(
            {"visits": [DAY["visits"][0] | {"latest_start_s": -1}]},
            "latest start before",
            id="window",
        ),
        pytest.param(
            {"visits": [DAY["visits"][0] | {"duration_s": True}]},
            "visits[0].duration_s",
            id="no number",
        ),
        pytest.param(
            {"visits": [DAY["visits"][0] | {"duration_s": float("nan")}]},
            "visits[0].duration_s",
            id="nan",
        ),
    ],
)
def test_a_bad_file_is_refused_by_name_and_field(tmp_path, change, fault):
    with pytest.raises(UsageError, match=r"day\.json") as error:
        day_file.load(written(tmp_path, DAY | change))
    assert fault in str(error.value)


def test_all_faults_are_named_at_once(tmp_path):
    with pytest.raises(UsageError) as error:
        day_file.load(written(tmp_path, {"travel_s": 3, "visits": [1], "shifts": 2}))
    assert all(word in str(error.value) for word in ("travel_s", "visits[0]", "shifts"))


@pytest.mark.parametrize("text", ["", "[1, 2", "[]", "3"])
def test_what_is_no_instance_is_refused(tmp_path, text):
    path = tmp_path / "day.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"day\.json"):
        day_file.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no\.json: cannot be read"):
        day_file.load(tmp_path / "no.json")
