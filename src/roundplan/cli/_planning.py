"""What ``plan`` and ``demo`` share: load, plan, check, save, say.

Imported by the commands when they run: it imports everything heavy.
"""

from __future__ import annotations

from pathlib import Path

from roundplan.check import check, overrides_used
from roundplan.cli._batch import RunLog
from roundplan.cli._checkpoints import Checkpoints
from roundplan.cli._console import Screen
from roundplan.cli._idle import idle_warnings
from roundplan.cli._interrupts import Interrupts
from roundplan.cli._summary import (
    print_changes,
    print_costs,
    print_figures,
    print_previous,
    print_problem,
    print_unassigned,
)
from roundplan.cli._text import counted, duration, pounds
from roundplan.cli._verdict import print_verdict
from roundplan.cost import kpis, leg_figures, rate_warnings, round_figures
from roundplan.formats import (
    drop_checkpoint,
    load_checkpoint,
    load_previous,
    load_problem,
    save_roster,
)
from roundplan.solve import Result, match_previous, plan, travel_for

STOPPED = {
    "seconds": "the time is up",
    "iterations": "that was the limit of iterations",
    "nothing to plan": "there is nothing to plan",
    "interrupted": "interrupted; this is the best so far",
    "proved optimal": "no roster that keeps the rules costs less",
}


def make_roster(
    folder: Path,
    out: Path,
    *,
    previous: Path | None = None,
    resume: bool = False,
    change_p: int | None = None,
    trace: Path | None = None,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    threads: int = 1,
    method: str = "auto",
    bound_seconds: float = 0.0,
    log: RunLog | None = None,
    screen: Screen,
) -> int:
    """Plan a problem folder, check the roster, write it whole, and summarise it.

    Ctrl-C while it searches keeps the best so far; before there is a roster, nothing
    is written. Once the search is over, Ctrl-C waits until the roster is written.

    Returns
    -------
    int
        The exit code: 1 when a rule is broken or an essential visit has no worker.
    """
    log = log or RunLog(None, "")
    problem_folder = load_problem(folder)
    problem = problem_folder.problem
    log.part("reading")
    print_problem(screen, problem)
    before = None
    if previous is not None:
        past = load_previous(previous)
        before = match_previous(problem, past, change_p=change_p)
        print_previous(screen, before)
    if resume:
        past, about = load_checkpoint(out, problem_folder.hashes)
        before = match_previous(problem, past, change_p=0)
        screen.say(f"Going on from a checkpoint: {about}")
    travel = travel_for(problem_folder)
    log.part("travel")
    screen.bullets(travel.notes)
    screen.bullets(rate_warnings(problem, travel), style="yellow")
    screen.bullets(idle_warnings(problem, travel), style="yellow")
    screen.heading(_intention(seconds, iterations, seed))
    progress = Checkpoints(screen, out, problem_folder)
    with Interrupts(lambda: progress.has_roster) as interrupts:
        with progress:
            result = plan(
                problem,
                travel,
                previous=before,
                change_p=change_p,
                seconds=seconds,
                iterations=iterations,
                seed=seed,
                threads=threads,
                method=method,
                bound_seconds=bound_seconds,
                trace=trace is not None,
                callbacks=progress,
            )
        interrupts.hold()
        log.part("search")
        screen.say(_outcome(result))
        _print_bound(screen, result)
        violations = check(problem, travel, result.roster)
        figures = kpis(problem, travel, result.roster)
        written = save_roster(
            out,
            problem_folder=problem_folder,
            travel=travel,
            roster=result.roster,
            cost=result.cost.to_dict(),
            kpis=figures,
            round_figures=round_figures(problem, travel, result.roster),
            leg_figures=leg_figures(problem, travel, result.roster),
            overrides_used=overrides_used(violations),
            previous=None if resume else result.previous,
        )
        drop_checkpoint(out)
        print_unassigned(screen, problem, result.roster)
        if not resume:
            print_changes(screen, result.previous, result.roster)
        print_costs(screen, result.cost)
        print_figures(screen, figures)
        code = print_verdict(screen, problem, result.roster, violations)
        if trace is not None:
            result.save_trace(trace)
            screen.say(f"Wrote {trace}")
        screen.say(f"Wrote {written}")
        log.part("checking and writing")
        log.close(
            f"roster {written.name}, {figures['visits_placed']:,} visits placed, "
            f"{figures['visits_unassigned']:,} unassigned, "
            f"{pounds(result.cost.total_p)}, exit code {code}"
        )
    return code


def _print_bound(screen: Screen, result: Result) -> None:
    """Print how far from the best the roster can be, and what that leaves out."""
    if result.bound is None or result.gap is None:
        return
    if result.gap > 0:
        screen.say(
            f"No roster costs less than {pounds(result.bound.pence)}: "
            f"{100 * result.gap:.1f}% could be saved at most."
        )
    else:
        screen.say("No roster that keeps the rules costs less.")
    if result.bound.leaves_out:
        screen.say("The bound leaves out")
        screen.bullets(result.bound.leaves_out)


def _intention(seconds: float | None, iterations: int | None, seed: int) -> str:
    """Return what stops the search, in words."""
    limits = []
    if seconds is not None:
        limits.append(f"{seconds:g} s")
    if iterations is not None:
        limits.append(counted(iterations, "iteration"))
    return f"Planning for {' or '.join(limits)} (seed {seed}); Ctrl-C keeps the best"


def _outcome(result: Result) -> str:
    """Return how the search ended, in words."""
    return (
        f"Stopped after {duration(round(result.runtime_s))} and "
        f"{counted(result.iterations, 'iteration')}: "
        f"{STOPPED.get(result.stopped, result.stopped)}."
    )
