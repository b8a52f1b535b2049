"""Errors become messages and exit codes, never tracebacks."""

import sys

import pytest

from roundplan.cli import _app, _errors
from roundplan.errors import DataError, DataProblem, UsageError


def problems(count):
    return [
        DataProblem(
            code="E1102",
            file="visits.csv",
            line=n + 2,
            column="duration_min",
            value="x",
            what=f"not a number ({n})",
            action="Give whole minutes",
        )
        for n in range(count)
    ]


def run_main(monkeypatch, error, *arguments):
    """Run ``main`` with a command that raises; return the exit code."""

    def app(**_):
        raise error

    monkeypatch.setattr(_app, "app", app)
    monkeypatch.setattr(sys, "argv", ["roundplan", *arguments])
    with pytest.raises(SystemExit) as stop:
        _errors.main()
    return stop.value.code


def test_a_usage_error_is_one_line_and_exit_2(monkeypatch, capsys):
    assert run_main(monkeypatch, UsageError("there is no such folder")) == 2
    assert capsys.readouterr().err == "E1002: there is no such folder.\n"


def test_input_problems_are_listed_with_file_line_column_and_action(
    monkeypatch, capsys
):
    assert run_main(monkeypatch, DataError(problems(2))) == 2
    err = capsys.readouterr().err
    assert err.startswith("2 problems in the input:\n")
    assert "visits.csv:3 duration_min 'x': not a number (1). Give whole minutes" in err


def test_a_flood_of_problems_is_cut_and_counted(monkeypatch, capsys):
    assert run_main(monkeypatch, DataError(problems(1200))) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "1,200 problems in the input:"
    assert len(lines) == 1 + _errors.MOST_PROBLEMS + 1
    assert lines[-1].startswith("and 1,160 more")


def test_all_errors_prints_every_problem(monkeypatch, capsys):
    assert run_main(monkeypatch, DataError(problems(60)), "--all-errors") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 61


def test_a_file_that_cannot_be_used_is_named(monkeypatch, capsys):
    error = PermissionError(13, "Permission denied", "out/roster.csv")
    assert run_main(monkeypatch, error) == 2
    assert capsys.readouterr().err == (
        "Cannot use out/roster.csv: Permission denied.\n"
    )


def test_a_full_disk_is_no_fault_of_roundplan(monkeypatch, capsys):
    assert run_main(monkeypatch, OSError(28, "No space left on device")) == 2
    assert capsys.readouterr().err == "Cannot use a file: No space left on device.\n"


def test_a_fault_names_its_type_and_keeps_the_message_to_itself(monkeypatch, capsys):
    """The message of an unexpected error may hold a name or an address."""
    assert run_main(monkeypatch, KeyError("Ada Lovelace")) == 3
    err = capsys.readouterr().err
    assert "unexpected KeyError" in err
    assert "--debug" in err
    assert "Ada" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("how", ["--debug", "environment"])
def test_debugging_lets_the_traceback_through(monkeypatch, how):
    monkeypatch.setattr(sys, "argv", ["roundplan", how])
    if how == "environment":
        monkeypatch.setenv("ROUNDPLAN_DEBUG", "1")

    def app(**_):
        raise KeyError

    monkeypatch.setattr(_app, "app", app)
    with pytest.raises(KeyError):
        _errors.main()


def test_debug_switched_off_in_the_environment_is_off(monkeypatch):
    monkeypatch.setenv("ROUNDPLAN_DEBUG", "0")
    assert run_main(monkeypatch, KeyError("C1")) == 3


def test_an_interrupt_exits_130_without_a_traceback(monkeypatch, capsys):
    assert run_main(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "Interrupted; nothing was written.\n"
