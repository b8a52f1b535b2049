"""Plans that nobody watches: defaults from a file, a log, a folder that changes."""

import re
import signal
import subprocess
import sys
import time

import pytest

from roundplan.cli._batch import changes
from roundplan.formats import load_roster

RUN = "import sys; from roundplan.cli import main; sys.exit(main())"


def test_options_come_from_a_file_and_the_command_line_goes_before(
    command, problem_folder, tmp_path
):
    defaults = tmp_path / "night.toml"
    defaults.write_text(
        f'[plan]\nout = "{tmp_path / "roster"}"\niterations = 30\nseed = 7\n'
        "change-price = 0\nquiet = false\n[network.build]\nmargin-km = 3\n",
        encoding="utf-8",
    )
    said = command("--defaults", defaults, "plan", problem_folder, "--seed", 9)
    assert said.code == 2  # a price on change needs a previous roster
    text = defaults.read_text(encoding="utf-8").replace("change-price = 0\n", "")
    defaults.write_text(text, encoding="utf-8")
    said = command("--defaults", defaults, "plan", problem_folder, "--seed", 9)
    assert said.code == 0, said.err
    assert "Planning for 30 iterations (seed 9)" in said.out
    assert said.last == f"Wrote {tmp_path / 'roster' / '0001'}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[plans]\n", "[plans] is no command"),
        ("seconds = 3\n", "[seconds] is no command"),
        ("[plan]\nsecond = 3\n", "[plan] has no option second"),
        ("[network.bild]\n", "[network.bild] is no command"),
        ("[plan\n", "cannot be read"),
    ],
)
def test_defaults_that_cannot_be_are_refused(
    text, told, command, problem_folder, tmp_path
):
    defaults = tmp_path / "night.toml"
    defaults.write_text(text, encoding="utf-8")
    said = command(
        "--defaults", defaults, "plan", problem_folder, "--out", tmp_path / "o"
    )
    assert said.code == 2
    assert told in " ".join(said.err.split())


def test_the_log_has_a_line_for_each_run_without_ids(command, problem_folder, tmp_path):
    log, out = tmp_path / "night.log", tmp_path / "roster"
    arguments = ("plan", problem_folder, "--out", out, "--iterations", 20, "--log", log)
    assert command(*arguments).code == 0
    (problem_folder / "visits.csv").write_text("visit_id\nV1\n", encoding="utf-8")
    assert command(*arguments).code == 2
    fine, bad = log.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\S+ plan problem: roster 0001, 5 visits placed, 1 "
        r"unassigned, £\d+\.\d\d, exit code 0; reading [\d.]+ s, travel [\d.]+ s, "
        r"search [\d.]+ s, checking and writing [\d.]+ s",
        fine,
    )
    assert re.search(r"failed, \d+ problems in the input: E1102", bad)
    assert "V1" not in bad


def test_a_folder_is_planned_when_its_files_have_settled(tmp_path):
    folder, slept = tmp_path / "problem", []
    folder.mkdir()
    (folder / "a.csv").write_text("1", encoding="utf-8")

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 2:
            (folder / "~$a.xlsx").write_text("lock", encoding="utf-8")
        if len(slept) == 3:
            (folder / "a.csv").write_text("12", encoding="utf-8")
        if len(slept) == 4:  # while it settles, another file comes
            (folder / "b.csv").write_text("3", encoding="utf-8")

    found = changes(folder, sleep)
    assert [name for name, *_ in next(found)] == ["a.csv"]
    assert [(n, s) for n, s, _ in next(found)] == [("a.csv", 2), ("b.csv", 1)]
    assert slept == [1.0, 1.0, 1.0, 2.0, 2.0]


def test_a_watched_folder_is_planned_again_and_bad_input_does_not_end_it(
    problem_folder, tmp_path
):
    out, log = tmp_path / "roster", tmp_path / "log"
    arguments = ("plan", problem_folder, "--out", out, "--iterations", 10, "--watch")
    watching = subprocess.Popen(
        [sys.executable, "-c", RUN, *map(str, arguments), "--log", str(log)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # jobs in the background are started deaf to Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )

    def lines(count):
        for _ in range(600):
            found = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
            if len(found) >= count:
                return found
            time.sleep(0.1)
        pytest.fail(f"no {count} lines in {found}")

    try:
        lines(1)
        good = (problem_folder / "visits.csv").read_text(encoding="utf-8")
        (problem_folder / "visits.csv").write_text("nonsense", encoding="utf-8")
        assert "failed" in lines(2)[1]
        (problem_folder / "visits.csv").write_text(good, encoding="utf-8")
        assert "roster 0002" in lines(3)[2]
    finally:
        watching.send_signal(signal.SIGINT)
        try:
            ended = watching.wait(60)
        except subprocess.TimeoutExpired:
            watching.kill()
            ended = watching.wait()
    assert ended == 130
    assert len(load_roster(out).roster.rounds) > 0
