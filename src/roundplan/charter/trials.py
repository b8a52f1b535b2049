"""One plan of a scenario: made from a folder, kept in a file, read back.

A trial is a set of planning rules and a seed. Its file holds whole numbers only, so the
same trial gives the same file wherever it is planned, and says which inputs it is of: a
run that was stopped goes on from the trials that are there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from roundplan.charter.switches import Planning, Switches, at_wage, switched
from roundplan.cost import cost_of, kpis
from roundplan.domain import Mode, Travel
from roundplan.errors import UsageError
from roundplan.formats import ProblemFolder, load_problem, write_whole
from roundplan.solve import plan, travel_for

CASH = (
    "contact",
    "travel",
    "waiting",
    "parking",
    "paid_blocks",
    "guaranteed_hours",
    "overtime",
    "mileage",
    "fares",
)
"""Terms of the cost that are paid in money; the others are prices."""

WAGES = {"llw": True, "nmw": False}
"""The two rates of pay at which a trial is costed: with and without the living wage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What all trials of a folder have in common.

    Parameters
    ----------
    folder
        The problem folder: an area, or a week of one.
    hashes
        Of its files (`ProblemFolder.hashes`): a trial of other inputs is planned again,
        and a folder that changes while it is planned is refused.
    """

    folder: str
    hashes: tuple[tuple[str, str], ...]
    switches: Switches
    seconds: float | None = None
    iterations: int | None = None
    bound_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A set of planning rules, and a seed."""

    on: frozenset[Planning]
    seed: int

    @property
    def name(self) -> str:
        """The file's name without ending: the seed, and a letter for each rule on."""
        letters = zip(Planning, "nstg", strict=True)
        rules = "".join(letter for rule, letter in letters if rule in self.on)
        return f"seed{self.seed}-{rules or 'none'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a trial came to.

    Parameters
    ----------
    cash
        By wage (`WAGES`), the amounts of the terms of `CASH`, in 1/3600 penny.
    figures
        Whole numbers: seconds, metres, grams and counts, and continuity as counts of
        clients and workers.
    total, bound
        What the plan costs, prices included, and what no plan can cost less than, in
        1/3600 penny; ``bound`` is None where none was asked for or found.
    """

    trial: Trial
    cash: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, int]
    notes: tuple[str, ...]
    total: int = 0
    bound: int | None = None

    @property
    def gap(self) -> float | None:
        """The share of the cost that a better plan might save; None without a bound."""
        if self.bound is None or not self.total:
            return None
        return (self.total - self.bound) / self.total


@lru_cache(maxsize=2)
def _loaded(
    folder: str, hashes: tuple[tuple[str, str], ...]
) -> tuple[ProblemFolder, Travel]:
    """Read a folder once in a process, however many trials it plans."""
    loaded = load_problem(Path(folder))
    if loaded.hashes != hashes:
        msg = f"{Path(folder).name} has changed since it was read: start again"
        raise UsageError(msg)
    return loaded, travel_for(loaded)


def plan_trial(work: Work, trial: Trial) -> Outcome:
    """Plan one trial, and cost its roster at both wages.

    Raises
    ------
    UsageError
        E1002. The folder is not as ``work.hashes`` says.
    KeyboardInterrupt
        The search was interrupted: half a plan says nothing.
    """
    loaded, travel = _loaded(work.folder, work.hashes)
    problem, notes = switched(loaded.problem, trial.on, work.switches)
    made = plan(
        problem,
        travel,
        seconds=work.seconds,
        iterations=work.iterations,
        seed=trial.seed,
        bound_seconds=work.bound_seconds,
    )
    if made.stopped == "interrupted":
        raise KeyboardInterrupt
    cash = {}
    for wage, living in WAGES.items():
        amounts = cost_of(at_wage(problem, living=living), travel, made.roster).amounts
        cash[wage] = {term: amounts[term] for term in CASH}
    found = kpis(problem, travel, made.roster)
    clients: dict[str, dict[str, Any]] = found["clients"]
    return Outcome(
        trial=trial,
        cash=cash,
        figures={
            "contact_s": found["contact_s"],
            "travel_s": found["travel_s"],
            "waiting_s": found["waiting_s"],
            "drive_m": found["metres_by_mode"][Mode.DRIVE.value],
            "co2e_g": round(1000 * found["co2e_kg"]),
            "unknown_worker_visits": found["unknown_worker_visits"],
            "client_workers": sum(c["distinct_workers"] for c in clients.values()),
            "clients_visited": len(clients),
            "visits": found["visits"],
            "visits_unassigned": found["visits_unassigned"],
        },
        notes=notes,
        total=made.cost.total,
        bound=None if made.bound is None else made.bound.amount,
    )


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the sum of one trial's outcomes in several areas or weeks."""
    return Outcome(
        trial=outcomes[0].trial,
        cash={
            wage: {term: sum(o.cash[wage][term] for o in outcomes) for term in CASH}
            for wage in WAGES
        },
        figures={
            name: sum(o.figures[name] for o in outcomes) for name in outcomes[0].figures
        },
        notes=tuple(dict.fromkeys(note for o in outcomes for note in o.notes)),
        total=sum(o.total for o in outcomes),
        bound=None
        if any(o.bound is None for o in outcomes)
        else sum(o.bound or 0 for o in outcomes),
    )


def inputs_digest(work: Work) -> str:
    """Return what a trial's file must carry to be of this run: a hash of its inputs."""
    of = {
        "version": version("roundplan"),
        "inputs": sorted(work.hashes),
        "switches": asdict(work.switches),
        "seconds": work.seconds,
        "iterations": work.iterations,
        "bound_seconds": work.bound_seconds,
    }
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()


def save_trial(folder: Path, outcome: Outcome, digest: str) -> None:
    """Write a trial's file, whole or not at all."""
    content = {
        "of": digest,
        "on": [rule.value for rule in Planning if rule in outcome.trial.on],
        "seed": outcome.trial.seed,
        "cash": outcome.cash,
        "figures": outcome.figures,
        "notes": outcome.notes,
        "total": outcome.total,
        "bound": outcome.bound,
    }
    text = json.dumps(content, indent=1) + "\n"
    write_whole(folder / f"{outcome.trial.name}.json", text)


def load_trial(folder: Path, trial: Trial, digest: str) -> Outcome | None:
    """Return a finished trial; None where there is none of these inputs."""
    try:
        text = (folder / f"{trial.name}.json").read_text(encoding="utf-8")
        content = json.loads(text)
        if content["of"] != digest:
            return None
        return Outcome(
            trial=trial,
            cash={
                wage: {term: int(content["cash"][wage][term]) for term in CASH}
                for wage in WAGES
            },
            figures={name: int(n) for name, n in content["figures"].items()},
            notes=tuple(content["notes"]),
            total=int(content["total"]),
            bound=None if content["bound"] is None else int(content["bound"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
