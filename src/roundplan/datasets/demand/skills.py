"""Sees to it that enough workers with the right skills are on at every visit."""

from __future__ import annotations

from itertools import islice

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.demand.model import ClientPlan, VisitPattern, WorkerPlan
from roundplan.datasets.demand.staffing import PARTS


def cover_needs(
    clients: list[ClientPlan], workers: list[WorkerPlan], figures: Figures
) -> None:
    """Train workers until no visit lacks a choice of people; drop what cannot be met.

    A gender that too few workers on shift have is no longer asked for: a generated
    client is not given a wish that nobody could fulfil.
    """
    spare = int(figures.number("spare_workers"))
    for client in clients:
        if client.gender != "any" and any(
            not _enough_of_gender(client.gender, workers, visit, day, spare)
            for visit in client.visits
            for day in range(7)
            if visit.on(day)
        ):
            client.gender = "any"
    for client in clients:
        for visit in client.visits:
            for day in range(7):
                if visit.on(day):
                    _train_for(client, visit, day, workers, spare)
    asked = {s for client in clients for visit in client.visits for s in visit.skills}
    for skill in sorted(asked):
        for day in range(7):
            for part in PARTS:
                needed = figures.number("skill_cover") * _asked(
                    clients, skill, day, part
                )
                _balance(skill, day, part, workers, needed)


def eligible(
    client: ClientPlan, visit: VisitPattern, day: int, workers: list[WorkerPlan]
) -> list[WorkerPlan]:
    """Return the workers on shift who may make a visit on a weekday."""
    return [w for w in workers if w.covers(day, visit) and w.may_visit(client, visit)]


def _enough_of_gender(
    gender: str, workers: list[WorkerPlan], visit: VisitPattern, day: int, spare: int
) -> bool:
    on = (w for w in workers if w.gender == gender and w.covers(day, visit))
    enough = visit.workers + spare
    return len(list(islice(on, enough))) == enough


def _train_for(
    client: ClientPlan,
    visit: VisitPattern,
    day: int,
    workers: list[WorkerPlan],
    spare: int,
) -> None:
    """Train those on shift who lack least, until there is a choice."""
    enough = visit.workers + spare
    ready = (w for w in workers if w.may_visit(client, visit) and w.covers(day, visit))
    missing = enough - len(list(islice(ready, enough)))
    if missing <= 0:
        return
    able = [
        w
        for w in workers
        if w.covers(day, visit)
        and client.gender in ("any", w.gender)
        and not w.skills.issuperset(visit.skills)
    ]
    able.sort(key=lambda w: (len(set(visit.skills) - w.skills), w.worker_id))
    for worker in able[:missing]:
        worker.skills |= set(visit.skills)


def _asked(
    clients: list[ClientPlan], skill: str, day: int, part: tuple[int, int]
) -> float:
    """Return the minutes of attendance that need a skill in a part of a day."""
    return sum(
        visit.minutes * visit.workers * visit.runs
        for client in clients
        for visit in client.visits
        if skill in visit.skills
        and visit.on(day)
        and part[0] <= visit.preferred < part[1]
    )


def _balance(
    skill: str,
    day: int,
    part: tuple[int, int],
    workers: list[WorkerPlan],
    needed: float,
) -> None:
    """Train workers until their shifts are long enough for a skill's visits."""
    on = sorted(
        ((_on_shift(w, day, part), w) for w in workers),
        key=lambda pair: (-pair[0], len(pair[1].skills), pair[1].worker_id),
    )
    have = sum(minutes for minutes, w in on if skill in w.skills)
    for minutes, worker in on:
        if have >= needed or minutes == 0:
            return
        if skill not in worker.skills:
            worker.skills.add(skill)
            have += minutes


def _on_shift(worker: WorkerPlan, day: int, part: tuple[int, int]) -> int:
    return sum(
        max(0, min(end, part[1]) - max(start, part[0]))
        for start, end in worker.week.get(day, ())
    )
