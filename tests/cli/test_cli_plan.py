"""``roundplan plan``: a folder in, a checked roster folder out, or nothing at all."""

import csv
import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from cli_folders import FILES, write_files


@pytest.fixture
def plan(command, problem_folder, tmp_path):
    """Runs ``roundplan plan`` for a few iterations, into ``tmp_path / "roster"``."""

    def run(*arguments, iterations=50):
        limit = [] if iterations is None else ["--iterations", iterations]
        out = tmp_path / "roster"
        return command("plan", problem_folder, "--out", out, *limit, *arguments)

    return run


def current(out):
    """The numbered folder of the latest roster."""
    return out / (out / "current").read_text("utf-8").strip()


def visits_of(out):
    """The visits that a roster places."""
    with (current(out) / "roster.csv").open(encoding="utf-8", newline="") as file:
        return {row["visit_id"] for row in csv.DictReader(file)}


def test_a_plan_is_written_checked_and_summarised(plan, command, tmp_path):
    said = plan()
    assert said.code == 0, said.out + said.err
    out = tmp_path / "roster"
    assert visits_of(out) == {"V1", "V2", "V3", "V4", "V5"}
    assert said.last == f"Wrote {current(out)}"
    for expected in (
        "4 clients, 6 visits (1 double-handed, 3 essential)",
        "3 care workers, 3 work shifts",
        "Planning for 50 iterations (seed 1)",
        "5 visits placed, 1 unassigned",
        "\n0 violations\n",
    ):
        assert expected in said.out
    assert re.search(r"^  - V6 \(flexible, \w+\): ", said.out, re.MULTILINE)
    assert command("check", out).last == "0 violations"


@pytest.mark.parametrize("method", ["auto", "exact"])
def test_a_small_plan_is_said_to_be_proved(plan, command, tmp_path, method):
    said = plan("--method", method)
    assert said.code == 0, said.out + said.err
    assert "50 iterations: no roster that keeps the rules costs less.\n" in said.out
    assert "could be saved" not in said.out
    assert command("check", tmp_path / "roster").last == "0 violations"


def test_the_search_alone_proves_nothing(plan):
    said = plan("--method", "search")
    assert "50 iterations: that was the limit of iterations.\n" in said.out


def test_a_bound_that_is_not_the_cost_is_said(plan, monkeypatch):
    """A proof cut short: the pounds and the share that another roster might save."""
    from roundplan.cli import _planning
    from roundplan.solve import plan as real_plan
    from roundplan.solve.bound import Bound

    def unproved(*arguments, **options):
        result = real_plan(*arguments, **options)
        half = Bound(amount=result.cost.total // 2, proof="exact model")
        return replace(result, bound=half, stopped="seconds")

    monkeypatch.setattr(_planning, "plan", unproved)
    said = plan("--method", "exact")
    assert re.search(
        r"^No roster costs less than £[\d,.]+: 50\.0% could be saved at most\.$",
        said.out,
        re.MULTILINE,
    )


def test_a_method_that_does_not_exist_is_refused(plan, tmp_path):
    said = plan("--method", "magic")
    assert said.code == 2
    assert "'auto', 'search', 'exact'" in said.err.replace("\n", " ")
    assert not (tmp_path / "roster").exists()


def test_the_costs_that_are_printed_add_up_to_the_penny(plan, tmp_path):
    said = plan()
    lines = said.out.split("\nCost\n")[1].split("\n\n")[0].splitlines()
    pence = [
        int(re.sub(r"[£,.]", "", line.split()[-1])) for line in lines if "£" in line
    ]
    assert len(pence) > 2
    assert sum(pence[:-1]) == pence[-1]
    cost = json.loads((current(tmp_path / "roster") / "cost.json").read_text("utf-8"))
    assert cost["total"]["pence"] == pence[-1]


def test_the_same_seed_and_iterations_give_the_same_roster(plan, tmp_path):
    plan("--seed", 7)
    first = (current(tmp_path / "roster") / "roster.csv").read_bytes()
    plan("--seed", 7)
    assert current(tmp_path / "roster").name == "0002"
    assert (current(tmp_path / "roster") / "roster.csv").read_bytes() == first


def test_output_is_plain_and_fits_eighty_columns(plan):
    said = plan()
    assert "\x1b" not in said.out + said.err
    own = [
        line for line in said.out.splitlines() if "/" not in line and "\\" not in line
    ]
    assert max(map(len, own)) <= 80


def test_a_quiet_plan_prints_nothing(plan, tmp_path):
    said = plan("--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert current(tmp_path / "roster").is_dir()


def test_both_limits_can_be_given_and_the_first_stops(plan):
    said = plan("--seconds", 600)
    assert said.code == 0
    assert "Planning for 600 s or 50 iterations" in said.out


def test_without_limits_it_plans_for_a_minute(plan, monkeypatch):
    from roundplan.cli import _planning

    asked = {}

    def stub(problem, travel, **limits):
        asked.update(limits)
        raise KeyboardInterrupt

    monkeypatch.setattr(_planning, "plan", stub)
    assert plan(iterations=None).code == 130
    assert (asked["seconds"], asked["iterations"], asked["seed"]) == (60.0, None, 1)


def test_a_plan_that_breaks_a_rule_is_written_and_exits_1(plan, monkeypatch):
    """Should the search ever err, the checker says so."""
    from dataclasses import replace

    from roundplan.cli import _planning

    right = _planning.plan

    def wrong(*arguments, **named):
        result = right(*arguments, **named)
        roster = replace(result.roster, rounds=result.roster.rounds[1:])
        return replace(result, roster=roster)

    monkeypatch.setattr(_planning, "plan", wrong)
    said = plan()
    assert said.code == 1
    assert "coverage: " in said.out


def test_an_essential_visit_without_a_worker_exits_1(plan, problem_folder):
    visits = FILES["visits.csv"].replace("hoist,flexible", "hoist,essential")
    write_files(problem_folder, visits=visits)
    said = plan()
    assert said.code == 1
    assert "1 essential visit is unassigned\n0 violations" in said.out


def test_an_override_is_listed_with_its_reason(plan, problem_folder):
    (problem_folder / "overrides.csv").write_text(
        "rule,visit_id,reason,approved_by\nskills,V6,trained on the day,duty manager\n",
        encoding="utf-8",
    )
    said = plan()
    assert said.code == 0
    assert "6 visits placed, 0 unassigned" in said.out
    assert "1 overridden" in said.out
    assert "Set aside by duty manager: trained" in " ".join(said.out.split())


def interrupting(monkeypatch):
    """Make the search end as it does when Ctrl-C is pressed."""
    from dataclasses import replace

    from roundplan.cli import _planning

    right = _planning.plan

    def stopped(*arguments, **named):
        return replace(right(*arguments, **named), stopped="interrupted")

    monkeypatch.setattr(_planning, "plan", stopped)


def test_an_interrupted_search_keeps_the_best_so_far(plan, monkeypatch, tmp_path):
    interrupting(monkeypatch)
    said = plan()
    assert said.code == 0
    assert "this is the best so far" in said.out
    assert current(tmp_path / "roster").is_dir()


def test_an_interrupt_outside_the_search_writes_nothing(plan, monkeypatch, tmp_path):
    from roundplan.cli import _planning

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_planning, "travel_for", interrupt)
    said = plan()
    assert (said.code, said.err) == (130, "Interrupted; nothing was written.\n")
    assert not (tmp_path / "roster").exists()


def test_a_second_ctrl_c_waits_until_the_roster_is_written(plan, monkeypatch, tmp_path):
    """The first ends the search; two more come while the roster is checked."""
    from roundplan.cli import _planning
    from roundplan.cli._progress import LiveProgress

    right, before = _planning.check, signal.getsignal(signal.SIGINT)

    def impatient(*arguments):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return right(*arguments)

    monkeypatch.setattr(_planning, "check", impatient)
    monkeypatch.setattr(
        LiveProgress, "on_progress", lambda *_: signal.raise_signal(signal.SIGINT)
    )
    said = plan(iterations=10_000_000)
    assert said.code == 0, said.err
    assert "this is the best so far" in said.out
    assert current(tmp_path / "roster").is_dir()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_the_first_roster_writes_nothing(plan, monkeypatch, tmp_path):
    from roundplan.cli._progress import LiveProgress

    monkeypatch.setattr(
        LiveProgress,
        "on_start",
        lambda *_: signal.raise_signal(signal.SIGINT),
        raising=False,
    )
    said = plan()
    assert (said.code, said.err) == (130, "Interrupted; nothing was written.\n")
    assert not (tmp_path / "roster").exists()


def test_outside_the_main_thread_signals_are_left_alone():
    from threading import Thread

    from roundplan.cli._interrupts import Interrupts

    before, seen = signal.getsignal(signal.SIGINT), []

    def enter():
        with Interrupts(lambda: True):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [before]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent like this")
def test_ctrl_c_in_a_terminal_keeps_the_best_so_far(problem_folder, tmp_path):
    out = tmp_path / "roster"
    arguments = ["plan", str(problem_folder), "--out", str(out), "--seconds", "600"]
    code = f"import sys; sys.argv = ['roundplan', *{arguments}]\n"
    code += "from roundplan.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # The first line on stderr says that a first roster stands.
        assert "unassigned" in process.stderr.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "interrupted; this is the best so far" in said
    assert "Traceback" not in err
    assert current(out).is_dir()


@pytest.mark.parametrize("out", ["a file", "a file/below"])
def test_an_out_that_cannot_be_a_folder_is_refused_at_once(
    command, problem_folder, tmp_path, out
):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    said = command("plan", problem_folder, "--out", tmp_path / out)
    assert said.code == 2
    assert "is a file: give --out a folder" in said.err


def test_the_problem_folder_is_no_place_for_rosters_but_a_folder_in_it_is(
    command, problem_folder
):
    before = sorted(p.name for p in problem_folder.iterdir())
    same = problem_folder / ".." / problem_folder.name
    said = command("plan", problem_folder, "--out", same, "--iterations", 5)
    assert said.code == 2
    assert "is the problem folder" in said.err
    assert sorted(p.name for p in problem_folder.iterdir()) == before
    inside = problem_folder / "rosters"
    said = command("plan", problem_folder, "--out", inside, "--iterations", 5)
    assert said.code == 0, said.err
    assert current(inside).is_dir()


def test_workers_paid_below_the_floor_are_named_before_planning(plan, problem_folder):
    write_files(
        problem_folder, workers=FILES["workers.csv"].replace("female,14.80", "female,9")
    )
    said = " ".join(plan().out.split("Planning for")[0].split())
    assert "2 workers are paid below the floor and get no work" in said
    assert ": W1, W2 (the floor: london living wage" in said


@pytest.mark.parametrize("spared", ["overridden", "a policy without a floor", "paid"])
def test_no_word_of_pay_that_no_rule_forbids(plan, problem_folder, spared):
    if spared != "paid":
        low = FILES["workers.csv"].replace("male,14.80", "male,9")
        write_files(problem_folder, workers=low)
    if spared == "overridden":
        rows = "".join(f"pay,W{n},agreed,manager\n" for n in (1, 2, 3))
        (problem_folder / "overrides.csv").write_text(
            f"rule,worker_id,reason,approved_by\n{rows}", encoding="utf-8"
        )
    elif spared != "paid":
        write_files(
            problem_folder,
            problem=FILES["problem.toml"] + '[policy]\nname = "benchmark"\n',
        )
    assert "paid below the floor" not in plan().out


def test_workers_without_travel_times_for_their_modes_are_named(plan, problem_folder):
    rows = FILES["workers.csv"].splitlines()
    modes = ("modes", "walk", "walk;cycle", "cycle")
    table = "".join(f"{row},{of}\n" for row, of in zip(rows, modes, strict=True))
    write_files(problem_folder, workers=table)
    said = " ".join(plan().out.split("Planning for")[0].split())
    assert (
        "1 worker has no travel times for any of their modes and gets no work" in said
    )
    assert "W3 (there are times for: walk;" in said


def test_a_long_list_of_workers_is_cut():
    from roundplan.cli._idle import _named

    ids = [f"W{n}" for n in range(12)]
    assert _named(ids).endswith("W8, W9 and 2 more")
    assert _named(ids[:2]) == "W0, W1"


def test_gaps_that_are_not_paid_are_among_the_key_figures(plan, tmp_path):
    said = plan()
    figures = json.loads(
        (current(tmp_path / "roster") / "kpis.json").read_text("utf-8")
    )
    hours = f"{figures['unpaid_wait_hours']:.1f}"
    assert re.search(rf"^Gaps that are not paid +{hours} h", said.out, re.MULTILINE)


VISIT = FILES["visits.csv"].splitlines()[0] + "\n"

RATES = """\
rate,region,value,unit,effective_from,effective_to,verified_to,source,confidence
london_living_wage,London,14.80,GBP/hour,2026-01-01,2026-12-31,2026-12-31,test,high
london_living_wage,London,15.20,GBP/hour,2026-06-01,2027-12-31,2027-12-31,test,high
"""

BAD = {
    "missing file": ({"clients": None}, "E1101 clients.csv"),
    "missing column": (
        {"workers": FILES["workers.csv"].replace("worker_id", "who")},
        "E1102 workers.csv",
    ),
    "empty file": ({"visits": ""}, "E1103 visits.csv"),
    "wrong type": (
        {"visits": FILES["visits.csv"].replace(",60,1,", ",an hour,1,")},
        "E1104 visits.csv:2 duration_min 'an hour'",
    ),
    "unknown id": (
        {"visits": FILES["visits.csv"].replace("V5,C1", "V5,C9")},
        "E1107 visits.csv:6 client_id 'C9'",
    ),
    "duplicate id": (
        {"visits": FILES["visits.csv"].replace("V5,", "V4,")},
        "E1106 visits.csv:6",
    ),
    "window that ends before it starts": (
        {"visits": FILES["visits.csv"].replace("10:00,11:00", "11:00,10:00")},
        "E1108 visits.csv:6",
    ),
    "visit outside the horizon": (
        {"visits": FILES["visits.csv"].replace("V5,C1,2026-06-01", "V5,C1,2026-07-01")},
        "E1109 visits.csv:6",
    ),
    "10,000 characters in a cell": (
        {"visits": FILES["visits.csv"].replace("V5,C1", "V5," + "C" * 10_000)},
        "E1104 visits.csv:6",
    ),
    "NUL bytes": (
        {"visits": FILES["visits.csv"].encode() + b"\0\0\0"},
        "E1103 visits.csv",
    ),
    "not TOML": ({"problem": "start_date = soon"}, "E1113 problem.toml"),
    "no travel": ({"travel": None}, "E1115 problem.toml"),
    "a rates file with overlaps": (
        {
            "problem": FILES["problem.toml"] + '[rates]\nfile = "rates.csv"\n',
            "rates": RATES,
        },
        "E1116 rates.csv:3",
    ),
}


@pytest.mark.parametrize(("changes", "complaint"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_named_and_nothing_is_written(
    plan, problem_folder, tmp_path, changes, complaint
):
    for path in problem_folder.iterdir():
        path.unlink()
    write_files(problem_folder, **changes)
    said = plan()
    assert said.code == 2
    assert complaint in said.err
    assert max(map(len, said.err.splitlines())) < 400
    assert not (tmp_path / "roster").exists()


def test_all_faults_of_all_files_are_reported_at_once(plan, problem_folder):
    write_files(
        problem_folder,
        clients=FILES["clients.csv"].replace("C1,any", "C1,some"),
        visits=FILES["visits.csv"].replace(",60,1,", ",an hour,1,"),
        shifts=FILES["shifts.csv"].replace("W2,", "W8,"),
    )
    said = plan()
    assert said.code == 2
    assert said.err.startswith("3 problems in the input:\n")
    for name in ("clients.csv:2", "visits.csv:2", "shifts.csv:3"):
        assert name in said.err


def test_a_missing_folder_is_named(command, tmp_path):
    said = command("plan", tmp_path / "nowhere", "--out", tmp_path / "roster")
    assert said.code == 2
    assert "nowhere" in said.err


GOOD = {
    "byte order mark": {"clients": b"\xef\xbb\xbf" + FILES["clients.csv"].encode()},
    "semicolons from Excel": {
        "workers": FILES["workers.csv"].replace(",", ";"),
        "shifts": FILES["shifts.csv"].replace(",", ";"),
    },
    "Latin-1": {
        "clients": FILES["clients.csv"]
        .replace("introduced_workers\n", "introduced_workers,note\n")
        .replace("W1;W2;W3\n", "W1;W2;W3,chez André\n")
        .replace("W1;W2\n", "W1;W2,\n")
        .encode("latin-1")
    },
    "a window past midnight": {
        "visits": FILES["visits.csv"].replace("13:00,14:00,30", "23:30,24:30,30")
    },
    "a worker without shifts": {"workers": FILES["workers.csv"] + "W4,,female,14.80\n"},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD.keys())
def test_what_spreadsheets_do_to_files_is_understood(plan, problem_folder, changes):
    write_files(problem_folder, **changes)
    said = plan()
    assert said.code == 0, said.err
    assert "5 visits placed, 1 unassigned" in said.out


def test_without_workers_every_visit_is_listed_as_unassigned(plan, problem_folder):
    write_files(
        problem_folder,
        clients="client_id\nC1\nC2\nC3\nC4\n",
        workers=FILES["workers.csv"].splitlines()[0] + "\n",
        shifts=FILES["shifts.csv"].splitlines()[0] + "\n",
    )
    said = plan()
    assert said.code == 1, said.err
    assert "0 visits placed, 6 unassigned" in said.out
    assert "3 essential visits are unassigned" in said.out


def test_a_long_list_of_unassigned_visits_is_cut_essential_first(plan, problem_folder):
    row = "V{},C4,2026-06-01,13:00,14:00,30,1,hoist,{}\n"
    rows = [row.format(n, "essential" if n == 24 else "standard") for n in range(25)]
    write_files(problem_folder, visits=VISIT + "".join(rows))
    said = plan()
    listed = re.findall(r"^  - (V\d+) ", said.out, re.MULTILINE)
    assert len(listed) == 20
    assert listed[0] == "V24"
    assert "and 5 more: see unassigned.csv" in said.out


def test_without_visits_the_roster_is_empty(plan, problem_folder):
    write_files(problem_folder, visits=VISIT)
    said = plan()
    assert said.code == 0, said.err
    assert "0 visits placed, 0 unassigned" in said.out
