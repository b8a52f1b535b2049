"""What a change would do: the same problem planned as it is and changed, compared.

A search that stops after so many seconds finds a good roster, not the best, so two
plans of one problem differ a little. Both sides are therefore planned from the same
seeds, and a difference counts only where it is larger than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any

from roundplan.cost import CostBreakdown, cost_of, kpis
from roundplan.domain import Mode, Problem, Travel
from roundplan.errors import TravelError, UsageError
from roundplan.solve.planner import plan
from roundplan.solve.progress import Callbacks
from roundplan.solve.result import Result
from roundplan.solve.travel import travel_for
from roundplan.units import MINUTE_S
from roundplan.words import counted

if TYPE_CHECKING:
    from roundplan.formats import ProblemFolder


class Change(StrEnum):
    """What is changed."""

    WITHOUT_FILTERS = "without filters"
    """Cars pass every modal filter, as if there were none."""
    EBIKES = "e-bikes"
    """Some more workers have an e-bike."""
    WALK_ONLY = "walk only"
    """Everybody walks: no vehicle and no public transport."""
    NEIGHBOURHOODS = "by neighbourhood"
    """Workers stay in their patch; before, patches do not matter."""


BEFORE = {Change.NEIGHBOURHOODS: "borough-wide"}
"""What the side without a change is called, where it is not the folder as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One key figure on both sides, over the seeds.

    Parameters
    ----------
    name, unit
        As people read them. Money is in pence, unit ``p``.
    before, after
        One value a seed, in the order of the seeds.
    """

    name: str
    unit: str
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def difference(self) -> float:
        """The median of the differences, seed by seed."""
        pairs = zip(self.before, self.after, strict=True)
        return median(after - before for before, after in pairs)

    @property
    def distinct(self) -> bool:
        """Whether every value after is on the same side of every value before.

        One seed shows no spread, and so never tells.
        """
        if len(self.before) < 2:
            return False
        return max(self.before) < min(self.after) or max(self.after) < min(self.before)

    @property
    def same(self) -> bool:
        """Whether nothing differs, from seed to seed or between the sides."""
        return len({*self.before, *self.after}) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A problem as it is and changed.

    Parameters
    ----------
    before, after
        A plan for each seed; the same search, limits and seeds. Both are costed at
        the prices of the side before.
    notes
        What the change did, and what was assumed for it.
    """

    figures: tuple[Figure, ...]
    before: tuple[Result, ...]
    after: tuple[Result, ...]
    notes: tuple[str, ...]


def neighbourhood_problems(
    problem: Problem,
) -> tuple[Problem, Problem, tuple[str, ...]]:
    """Return a problem without patches, and one whose workers stay in theirs.

    The second prices a visit from another patch just below leaving a flexible visit
    out: only what nobody of the patch can make is made from outside.

    Raises
    ------
    UsageError
        E1002. The clients or workers have fewer than two patches.
    """
    of_clients = {c.patch for c in problem.clients if c.patch}
    of_workers = {w.patch for w in problem.workers if w.patch}
    if len(of_clients & of_workers) < 2:
        msg = "neighbourhoods need clients and workers of at least two patches"
        raise UsageError(msg)
    last_resort_p = max(0, problem.policy.unassigned_flexible_p - 1)
    borough, apart = (
        replace(problem, policy=replace(problem.policy, other_patch_p=price))
        for price in (0, last_resort_p)
    )
    note = (
        f"{len(of_clients):,} neighbourhoods are the patches of the folder; a visit is "
        "made from outside only where nobody inside can make it"
    )
    return borough, apart, (note,)


def changed_problem(
    problem: Problem, change: Change, *, ebikes: int = 0
) -> tuple[Problem, tuple[str, ...]]:
    """Return a problem with other vehicles, and what was done in words.

    E-bikes go to those with most hours of work shifts who have none, ties by worker_id:
    they gain most from one. What a worker could do before they still can.

    Raises
    ------
    UsageError
        E1002. There are fewer workers without an e-bike than ``ebikes``.
    """
    if change is Change.WALK_ONLY:
        workers = tuple(replace(w, modes=(Mode.WALK,)) for w in problem.workers)
        others = sum(w.modes != (Mode.WALK,) for w in problem.workers)
        note = (
            f"everybody walks; {others:,} of {counted(len(workers), 'worker')} could "
            "go another way before"
        )
        return replace(problem, workers=workers), (note,)
    if change is Change.WITHOUT_FILTERS:
        drivers = sum(Mode.DRIVE in w.modes for w in problem.workers)
        note = f"no modal filter stops a car; {counted(drivers, 'worker')} may drive"
        return problem, (note,)
    hours: dict[str, int] = {}
    for shift in problem.work_shifts:
        hours[shift.worker_id] = (
            hours.get(shift.worker_id, 0) + shift.end_s - shift.start_s
        )
    without = [
        w for w in problem.workers if w.worker_id in hours and Mode.EBIKE not in w.modes
    ]
    if not without:
        msg = "every worker with a work shift has an e-bike already"
        raise UsageError(msg)
    if not 1 <= ebikes <= len(without):
        msg = (
            f"{ebikes:,} more e-bikes: give a number from 1 to {len(without):,}, the "
            "workers with a work shift who have none"
        )
        raise UsageError(msg)
    without.sort(key=lambda w: (-hours[w.worker_id], w.worker_id))
    given = {w.worker_id for w in without[:ebikes]}
    workers = tuple(
        replace(w, modes=(*w.modes, Mode.EBIKE)) if w.worker_id in given else w
        for w in problem.workers
    )
    note = (
        f"e-bikes for {counted(ebikes, 'worker')}, most hours on shift first: "
        + ", ".join(sorted(given))
    )
    return replace(problem, workers=workers), (note,)


def what_if(
    folder: ProblemFolder,
    change: Change,
    *,
    ebikes: int = 0,
    seeds: Sequence[int] = (1, 2, 3),
    seconds: float | None = None,
    iterations: int | None = None,
    callbacks: Callable[[bool, int], Callbacks] | None = None,
) -> Comparison:
    """Plan a problem as it is and changed, with the same seeds, and compare.

    Parameters
    ----------
    ebikes
        How many more workers have one, for ``Change.EBIKES``.
    seconds, iterations
        The limits of each plan (`plan`); twice as many plans are made as seeds given.
    callbacks
        Called with whether it is the changed one, and the seed, before each plan;
        returns what hears of its progress.

    Raises
    ------
    UsageError
        E1002. No seeds, or more e-bikes than there are workers without.
    TravelError
        E2201. The travel file has no matrix for what the change needs.
    KeyboardInterrupt
        A plan was interrupted: half a comparison says nothing.
    """
    if not seeds:
        msg = "give at least one seed"
        raise UsageError(msg)
    unchanged = folder.problem
    if change is Change.NEIGHBOURHOODS:
        unchanged, changed, notes = neighbourhood_problems(unchanged)
    else:
        changed, notes = changed_problem(unchanged, change, ebikes=ebikes)
    before_travel = travel_for(folder)
    after_travel = travel_for(
        replace(folder, problem=changed),
        without_filters=change is Change.WITHOUT_FILTERS,
    )
    _refuse_unplannable(change, after_travel)
    plans: dict[bool, list[Result]] = {False: [], True: []}
    costs: dict[bool, list[CostBreakdown]] = {False: [], True: []}
    figures: dict[bool, list[Mapping[str, Any]]] = {False: [], True: []}
    for seed in seeds:
        for is_changed, problem, travel in (
            (False, unchanged, before_travel),
            (True, changed, after_travel),
        ):
            made = plan(
                problem,
                travel,
                seconds=seconds,
                iterations=iterations,
                seed=seed,
                callbacks=callbacks(is_changed, seed) if callbacks else None,
            )
            if made.stopped == "interrupted":
                raise KeyboardInterrupt
            plans[is_changed].append(made)
            priced = replace(problem, policy=unchanged.policy)
            costs[is_changed].append(cost_of(priced, travel, made.roster))
            figures[is_changed].append(kpis(problem, travel, made.roster))
    return Comparison(
        figures=_figures(costs, figures),
        before=tuple(plans[False]),
        after=tuple(plans[True]),
        notes=(*notes, *dict.fromkeys((*before_travel.notes, *after_travel.notes))),
    )


def _refuse_unplannable(change: Change, travel: Travel) -> None:
    """Refuse a change of vehicles for which the travel has no matrix."""
    needed = {Change.EBIKES: Mode.EBIKE, Change.WALK_ONLY: Mode.WALK}.get(change)
    if needed is not None and needed not in travel.matrices:
        msg = f"the folder's travel says nothing of going by {needed}"
        raise TravelError(msg)


def _figures(
    costs: Mapping[bool, Sequence[CostBreakdown]],
    figures: Mapping[bool, Sequence[Mapping[str, Any]]],
) -> tuple[Figure, ...]:
    def figure(name: str, unit: str, of: Callable[[Any], float]) -> Figure:
        before, after = (tuple(of(f) for f in figures[side]) for side in (False, True))
        return Figure(name=name, unit=unit, before=before, after=after)

    def money(name: str, of: Callable[[CostBreakdown], float]) -> Figure:
        before, after = (tuple(of(c) for c in costs[side]) for side in (False, True))
        return Figure(name=name, unit="p", before=before, after=after)

    def share_of(mode: Mode) -> Callable[[Any], float]:
        def share(figures: Mapping[str, Any]) -> float:
            legs: Mapping[str, int] = figures["legs_by_mode"]
            return 100 * legs[mode] / max(1, sum(legs.values()))

        return share

    by_mode = (figure(f"  {m}", "% trips", share_of(m)) for m in Mode)
    return (
        money("Cost, all terms", lambda c: c.total_p),
        money("  pay for travel", lambda c: c.pence()["travel"]),
        figure("Travel", "min", lambda f: f["travel_s"] / MINUTE_S),
        figure("Paid waiting", "min", lambda f: f["waiting_s"] / MINUTE_S),
        figure("Distance", "km", lambda f: f["metres"] / 1000),
        figure("CO2e", "kg", lambda f: f["co2e_kg"]),
        figure("LTN crossings", "", lambda f: f["ltn_crossings"]),
        *(f for f in by_mode if any((*f.before, *f.after))),
        figure("Other patch", "visits", lambda f: f["other_patch_attendances"]),
        figure("Unassigned", "visits", lambda f: f["visits_unassigned"]),
    )
