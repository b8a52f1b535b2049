"""The benchmark of growth."""

from __future__ import annotations

import pytest

import scaling
from scaling import Growth, with_gaps


def growth(*trace):
    return Growth(1, {"limit_s": 5.0}, trace)


def test_gaps_are_to_the_best_of_all_seeds():
    first, second = with_gaps(
        [
            growth((0.1, 200), (1.5, 104), (2.5, 101), (5.0, 100)),
            growth((0.2, 150), (4.0, 110)),
        ]
    )
    assert first["first_over_best_percent"] == 100
    assert (first["to_5_percent_s"], first["to_2_percent_s"]) == (1.5, 2.5)
    assert (second["to_5_percent_s"], second["cost_at_end"]) == ("", 110)
    assert [first[f"cost_at_{s}_s"] for s in (1, 2, 5)] == [200, 104, 100]
    assert "cost_at_10_s" not in first


def test_before_the_first_roster_there_is_no_cost():
    assert growth((1.2, 5)).at(1.0) == ""


def test_small_sizes_are_planned_and_printed(capsys):
    assert scaling.main(["--sizes", "5", "12", "--seconds", "0.2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["visits", "5", "12"]
    assert all(line.split()[-1] == "0" for line in lines[1:])


@pytest.mark.parametrize("words", [["--sizes", "0"], ["--seconds", "0"]])
def test_limits_that_are_none_are_refused(words, capsys):
    assert scaling.main(words) == 2
    assert "above 0" in capsys.readouterr().err
