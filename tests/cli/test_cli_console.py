"""What is printed fits the terminal, and keeps its codes from files."""

import io
import sys

import pytest
from rich.console import Console

from roundplan.cli import _live
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._progress import LiveProgress, progress_line
from roundplan.solve.progress import Progress


def moment(elapsed_s=12.0, fraction=0.6):
    """A moment of a search, as the planner reports it."""
    return Progress(
        elapsed_s=elapsed_s,
        iterations=48_200,
        iterations_per_s=4016.6,
        current_p=1_300_000,
        best_p=1_234_567,
        unassigned=3,
        fraction=fraction,
    )


@pytest.fixture
def eighty(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def test_a_quiet_screen_prints_nothing(capsys):
    screen = Screen(quiet=True)
    screen.say("a")
    screen.heading("b")
    screen.bullets(["c"])
    screen.table(["d"], [["e"]])
    assert capsys.readouterr().out == ""


def test_no_control_codes_reach_a_file(capsys, eighty):
    screen = Screen()
    screen.say("0 violations", style="bold green")
    screen.table(["Term", f"{RIGHT}Pounds"], [["travel", "£1.00"]], last_is_total=True)
    screen.bullets(["a note"], style="yellow")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "0 violations" in out


def test_markup_in_data_is_printed_as_it_is(capsys, eighty):
    Screen().say("visit [red]V1[/red] :smile:")
    Screen().table(["Visit"], [["[bold]V1"]])
    out = capsys.readouterr().out
    assert "visit [red]V1[/red] :smile:" in out
    assert "[bold]V1" in out


def test_long_cells_fold_within_eighty_columns(capsys, eighty):
    screen = Screen()
    screen.table(
        ["Visit", "Code", "Why", "Cheapest way out"],
        [["V1@2026-06-01", "no_room", "every worker " * 12, "widen the window " * 6]],
    )
    screen.bullets(["a long note " * 20])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("every") == 12


def test_a_path_is_never_broken_over_lines(capsys, eighty):
    path = "/".join(["a-long-folder-name"] * 10)
    Screen().say(f"Wrote {path}")
    assert path in capsys.readouterr().out


def test_a_total_stands_under_a_line(capsys, eighty):
    Screen().table(
        ["Term", f"{RIGHT}Pounds"],
        [["travel", "£1.00"], ["total", "£1.00"]],
        last_is_total=True,
    )
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [set(line.split()[0]) == {"-"} for line in lines] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_a_console_without_the_pound_sign_does_not_crash(monkeypatch):
    """As on a Windows console, once ``main`` has made the streams safe."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    from roundplan.cli._errors import _make_streams_safe

    _make_streams_safe()
    Screen().say("£5 é 中")
    stream.flush()
    assert raw.getvalue().decode("ascii").split() == ["?5", "?", "?"]


def test_the_live_line_has_all_its_figures_in_eighty_columns():
    line = progress_line(moment(fraction=0.6))
    assert line == (
        "0:12  48,200 iterations  4,017/s  best £12,345.67  3 unassigned  0:08 left"
    )
    assert len(line) <= 80


def test_time_left_is_said_only_when_it_is_known():
    assert "left" not in progress_line(moment(fraction=0.0))


def test_without_a_terminal_a_line_is_printed_every_ten_seconds(capsys):
    with LiveProgress(Screen()) as progress:
        for second in range(25):
            progress.on_progress(moment(elapsed_s=float(second)))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line[:4] for line in captured.err.splitlines()] == ["0:10", "0:20"]


def test_the_first_roster_is_announced_at_once(capsys):
    with LiveProgress(Screen()) as progress:
        progress.on_first(moment(elapsed_s=0.4))
        progress.on_progress(moment(elapsed_s=5.0))
    assert [line[:4] for line in capsys.readouterr().err.splitlines()] == ["0:00"]


def test_quiet_silences_progress_too(capsys):
    with LiveProgress(Screen(quiet=True)) as progress:
        progress.on_compile(25)
        progress.on_first(moment())
        progress.on_progress(moment())
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_on_a_terminal_the_line_is_renewed_and_cleared(monkeypatch, capsys):
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(_live, "console_for", lambda _: terminal)
    with LiveProgress(Screen()) as progress:
        progress.on_progress(moment(elapsed_s=0.0))
        progress.on_progress(moment(elapsed_s=1.0))
    assert "0:01  48,200 iterations" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")
    assert capsys.readouterr().out == ""


def test_the_line_goes_away_when_planning_fails(monkeypatch):
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(_live, "console_for", lambda _: terminal)

    def failing_plan():
        with LiveProgress(Screen()) as progress:
            progress.on_progress(moment())
            raise KeyError

    with pytest.raises(KeyError):
        failing_plan()
    assert screen.getvalue().endswith("\x1b[2K")


def test_compilation_is_announced(capsys):
    LiveProgress(Screen()).on_compile(25)
    assert capsys.readouterr().out == (
        "Compiling the search (first run only, about 25 s)...\n"
    )
