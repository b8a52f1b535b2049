"""The solvers that one-day instances are given to, each in its own words.

Each function builds its model, says how long that took, and solves for at most
``seconds`` on one thread. Nothing is held back: what a peer offers for this problem is
used, and where it has no such thing as a round without home legs, a depot from which
and to which every leg takes and costs nothing says the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from day_file import Day, Stops
from roundplan.errors import UsageError

DROP_S = 10**7
"""What OR-Tools pays for a visit that it leaves out: more than any day of travel."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rounds, and the seconds that the model and the search took."""

    rounds: tuple[Stops, ...]
    setup_s: float
    search_s: float
    iterations: float = 0.0
    first_s: float = 0.0


Solver = Callable[[Day, float, int], Answer]


def pyvrp(day: Day, seconds: float, seed: int) -> Answer:
    """Solve with PyVRP: equal shifts are one vehicle type with these hours."""
    begun = time.perf_counter()
    from pyvrp import (
        Client,
        Depot,
        Location,
        ProblemData,
        VehicleType,
        solve,
    )
    from pyvrp.stop import MaxRuntime

    groups = day.groups()
    matrix = _with_depot(day).astype(np.int64)
    data = ProblemData(
        locations=[Location(0, 0) for _ in range(len(matrix))],
        clients=[
            Client(
                location=int(day.location[v]),
                service_duration=int(day.duration_s[v]),
                tw_early=int(day.early_s[v]),
                tw_late=int(day.late_s[v]),
            )
            for v in range(day.visits)
        ],
        depots=[Depot(location=len(matrix) - 1)],
        vehicle_types=[
            VehicleType(num_available=len(shifts), tw_early=start, tw_late=end)
            for (start, end), shifts in groups.items()
        ],
        distance_matrices=[matrix],
        duration_matrices=[matrix],
    )
    setup_s = time.perf_counter() - begun
    result = solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    search_s = time.perf_counter() - begun - setup_s
    free = [list(shifts) for shifts in groups.values()]
    rounds = tuple(
        Stops(
            free[route.vehicle_type()].pop(),
            [stop.idx for stop in route if stop.is_client()],
        )
        for route in result.best.routes()
    )
    return Answer(rounds, setup_s, search_s, result.num_iterations)


def vroom(day: Day, seconds: float, seed: int) -> Answer:
    """Solve with VROOM at its deepest level; it draws no random numbers."""
    del seed
    begun = time.perf_counter()
    from vroom import Input, Job, TimeWindow, Vehicle

    matrix = _with_depot(day)
    problem = Input()
    problem.set_durations_matrix(profile="car", matrix_input=matrix)
    # a vehicle must have a start or an end; the depot costs nothing
    problem.add_vehicle(
        [
            Vehicle(
                s,
                start=len(matrix) - 1,
                time_window=TimeWindow(
                    int(day.shift_start_s[s]), int(day.shift_end_s[s])
                ),
            )
            for s in range(day.shifts)
        ]
    )
    problem.add_job(
        [
            Job(
                v,
                location=int(day.location[v]),
                default_service=int(day.duration_s[v]),
                time_windows=[TimeWindow(int(day.early_s[v]), int(day.late_s[v]))],
            )
            for v in range(day.visits)
        ]
    )
    setup_s = time.perf_counter() - begun
    solution = problem.solve(
        exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)
    )
    search_s = time.perf_counter() - begun - setup_s
    table = solution.routes
    jobs = table[table.type == "job"]
    rounds = tuple(
        Stops(int(shift), [int(v) for v in of.id])
        for shift, of in jobs.groupby("vehicle_id", sort=True)
    )
    return Answer(rounds, setup_s, search_s)


def ortools(day: Day, seconds: float, seed: int) -> Answer:
    """Solve with OR-Tools' routing library: guided local search from insertion."""
    del seed  # the routing search draws no random numbers that a seed would change
    begun = time.perf_counter()
    from ortools.constraint_solver import pywrapcp
    from ortools.constraint_solver.routing_enums_pb2 import (
        FirstSolutionStrategy,
        LocalSearchMetaheuristic,
    )

    n = day.visits
    manager = pywrapcp.RoutingIndexManager(n + 1, day.shifts, n)
    model = pywrapcp.RoutingModel(manager)
    places = np.append(day.location, len(day.travel_s))
    legs = _with_depot(day)[np.ix_(places, places)].astype(np.int64)
    taken = legs + np.append(day.duration_s, 0)[:, None]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs.tolist()))
    end = int(max(day.shift_end_s.max(), day.late_s.max()))
    transit = model.RegisterTransitMatrix(taken.tolist())
    model.AddDimension(transit, end, end, False, "time")
    clock = model.GetDimensionOrDie("time")
    for v in range(n):
        index = manager.NodeToIndex(v)
        clock.CumulVar(index).SetRange(int(day.early_s[v]), int(day.late_s[v]))
        model.AddDisjunction([index], DROP_S)
    for s in range(day.shifts):
        hours = int(day.shift_start_s[s]), int(day.shift_end_s[s])
        clock.CumulVar(model.Start(s)).SetRange(*hours)
        clock.CumulVar(model.End(s)).SetRange(*hours)
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromNanoseconds(int(seconds * 1e9))
    model.CloseModelWithParameters(how)
    setup_s = time.perf_counter() - begun
    solution = model.SolveWithParameters(how)
    search_s = time.perf_counter() - begun - setup_s
    rounds = []
    for s in range(day.shifts if solution else 0):
        visits = []
        index = solution.Value(model.NextVar(model.Start(s)))
        while not model.IsEnd(index):
            visits.append(manager.IndexToNode(index))
            index = solution.Value(model.NextVar(index))
        rounds.append(Stops(s, visits))
    return Answer(tuple(rounds), setup_s, search_s)


PEERS: dict[str, Solver] = {"PyVRP": pyvrp, "VROOM": vroom, "OR-Tools": ortools}
PACKAGES = {"PyVRP": "pyvrp", "VROOM": "pyvroom", "OR-Tools": "ortools"}
MODULES = {"PyVRP": "pyvrp", "VROOM": "vroom", "OR-Tools": "ortools"}


def need(names: Iterable[str]) -> None:
    """Say what to install where a solver is missing.

    Raises
    ------
    UsageError
        E1002. A package is not installed.
    """
    missing = [PACKAGES[name] for name in names if not find_spec(MODULES[name])]
    if missing:
        msg = (
            f"not installed: {', '.join(missing)}. Run it as `uv run --group bench "
            "python benchmarks/days.py ...` (or install these with pip), or leave the "
            "peers out with --no-peers."
        )
        raise UsageError(msg)


def _with_depot(day: Day) -> npt.NDArray[np.int32]:
    """Return the matrix with one place more, from and to which legs take nothing."""
    return np.pad(day.travel_s, (0, 1))
