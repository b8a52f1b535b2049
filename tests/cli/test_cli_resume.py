"""Plans that are killed: what is left behind, and going on from it."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from roundplan.datasets import copy_demo
from roundplan.formats import CHECKPOINT, load_roster

RUN = "import sys; from roundplan.cli import main; sys.exit(main())"
KILLS = int(os.environ.get("ROUNDPLAN_KILLS", "6"))
"""Twenty for who changes how rosters are written."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed") / "problem"
    copy_demo(folder)
    return folder


def started(demo, out, *options):
    """A plan in a process of its own, with a checkpoint as often as it tells."""
    arguments = ("plan", demo, "--out", out, "--quiet", *options)
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env={**os.environ, "ROUNDPLAN_CHECKPOINT_S": "0"},
        stderr=subprocess.DEVNULL,
    )


def test_a_kill_leaves_the_old_roster_or_the_new_and_a_plan_goes_on(
    demo, tmp_path, command
):
    """At random moments from reading to writing; ``current`` is whole each time."""
    out, rng = tmp_path / "roster", random.Random(1)
    begun = time.monotonic()
    assert started(demo, out, "--seconds", 0.3).wait(120) in (0, 1)
    took = time.monotonic() - begun
    for _ in range(KILLS):
        before = (out / "current").read_text(encoding="utf-8")
        plan = started(demo, out, "--seconds", 0.3)
        time.sleep(rng.uniform(0.2 * took, 1.1 * took))
        plan.send_signal(signal.SIGKILL)
        plan.wait()
        name = (out / "current").read_text(encoding="utf-8")
        whole = load_roster(out)
        assert whole.roster.rounds
        if name != before:
            assert int(name) > int(before)
        if (out / CHECKPOINT).exists():  # whole, whenever it was
            json.loads((out / CHECKPOINT).read_text(encoding="utf-8"))


def test_a_plan_goes_on_from_where_it_was_killed(demo, tmp_path, command):
    out = tmp_path / "roster"
    plan = started(demo, out, "--seconds", 120)
    for _ in range(600):
        time.sleep(0.2)
        if (out / CHECKPOINT).exists():
            break
    time.sleep(2)
    plan.send_signal(signal.SIGKILL)
    plan.wait()
    kept = json.loads((out / CHECKPOINT).read_text(encoding="utf-8"))
    assert len(kept["visits"]) > 800
    assert not (out / "current").exists()
    said = command("plan", demo, "--out", out, "--resume", "--iterations", 1)
    assert said.code in (0, 1)
    assert f"Going on from a checkpoint: {kept['about']}" in said.out
    assert not (out / CHECKPOINT).exists()
    made = {
        (v.visit_id, r.worker_id)
        for r in load_roster(out).roster.rounds
        for v in r.visits
    }
    before = {(row[0], worker) for row in kept["visits"] for worker in row[4]}
    assert len(made & before) > 0.97 * len(before)


def test_a_finished_plan_leaves_no_checkpoint(problem_folder, tmp_path, command):
    out = tmp_path / "roster"
    assert command("plan", problem_folder, "--out", out, "--iterations", 50).code == 0
    assert not (out / CHECKPOINT).exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no checkpoint"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        (
            '{"format":1,"about":"","visits":[],"inputs":{"visits.csv":"0"}}',
            "changed since the checkpoint",
        ),
    ],
)
def test_what_cannot_be_gone_on_from(content, told, problem_folder, tmp_path, command):
    out = tmp_path / "roster"
    out.mkdir()
    if content is not None:
        (out / CHECKPOINT).write_text(content, encoding="utf-8")
    said = command("plan", problem_folder, "--out", out, "--resume")
    assert said.code == 2
    assert told in " ".join(said.err.split())
    said = command(
        *("plan", problem_folder, "--out", out, "--resume"),
        *("--previous", tmp_path / "x"),
    )
    assert (said.code, "leave one of them out" in said.err) == (2, True)
