"""Who visited whom over the last weeks, and what follows: wishes, bars, pins."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ClientPlan, PastVisits, WorkerPlan
from roundplan.datasets.demand.skills import eligible
from roundplan.datasets.town.ground import METRES_PER_DEGREE_LAT, METRES_PER_DEGREE_LON


def make_history(
    clients: list[ClientPlan],
    workers: list[WorkerPlan],
    start_date: date,
    figures: Figures,
    dice: Dice,
) -> list[PastVisits]:
    """Give every client a team that fits its shifts, and the visits it has made.

    Workers the client prefers, has been introduced to or bars follow from it, and so
    do the pins of respite packages. Packages that start within the horizon have no
    past, but an introduction.
    """
    busy = {worker.worker_id: 0.0 for worker in workers}
    order = sorted(clients, key=lambda c: (-c.attendances, c.client_id))
    nearest = int(figures.number("team_among_nearest"))
    near = {c.client_id: _nearest(c, workers, nearest) for c in clients}
    teams = {c.client_id: _team(c, near[c.client_id], busy, figures) for c in order}
    preferring = _drawn(clients, figures.number("preferring_clients"), dice)
    barring = _drawn(clients, figures.number("barred_clients"), dice)
    fewest, most = (int(n) for n in figures.numbers("preferred_workers"))
    introduced = int(figures.number("introduced_workers"))
    spare = int(figures.number("spare_workers"))
    past: list[PastVisits] = []
    pinned: set[str] = set()
    for client in clients:
        team = teams[client.client_id]
        if client.client_id in barring:
            _bar(client, team, near[client.client_id], spare, dice)
        if client.client_id in preferring:
            client.preferred = [w.worker_id for w in team[: dice.whole(fewest, most)]]
        if client.often == "respite":
            _pin(client, near[client.client_id], pinned)
        if client.start_date is not None and client.start_date >= start_date:
            client.introduced = [w.worker_id for w in team[:introduced]]
            continue
        past += _visits(client, team, near[client.client_id], start_date, figures, dice)
    return past


def _nearest(
    client: ClientPlan, workers: list[WorkerPlan], count: int
) -> list[WorkerPlan]:
    """Return the workers who live nearest, in the order they came."""
    if len(workers) <= count:
        return workers
    ranked = sorted(workers, key=lambda w: (_metres(client, w), w.worker_id))
    near = {w.worker_id for w in ranked[:count]}
    return [w for w in workers if w.worker_id in near]


def _team(
    client: ClientPlan,
    workers: list[WorkerPlan],
    busy: dict[str, float],
    figures: Figures,
) -> list[WorkerPlan]:
    """Choose regular workers: on shift at the visits, not too busy, living near."""
    able: dict[str, int] = {}
    for visit in client.visits:
        for day in range(7):
            if visit.on(day):
                for worker in eligible(client, visit, day, workers):
                    able[worker.worker_id] = able.get(worker.worker_id, 0) + 1
    total = sum(visit.a_week for visit in client.visits)
    sizes = figures.shares("team_of_visits")
    size = int(next(team for most, team in sizes if total <= int(most)))
    size = max(size, 2 + client.double) if client.double else size

    near_m = figures.number("team_near_m")

    def score(worker: WorkerPlan) -> float:
        fit = able.get(worker.worker_id, 0) / total
        same = 0.15 * (worker.provider == client.provider)
        full = busy[worker.worker_id] / (worker.shift_hours * 60)
        return fit + same - 0.8 * full - _metres(client, worker) / near_m / 2

    pool = [w for w in workers if able.get(w.worker_id)]
    team = sorted(pool, key=lambda w: (-score(w), w.worker_id))[:size]
    minutes = sum(v.a_week * v.workers * v.minutes for v in client.visits)
    for worker in team:
        busy[worker.worker_id] += minutes / len(team)
    # Who fits most of the visits made most of them.
    return sorted(team, key=lambda w: (-able[w.worker_id], w.worker_id))


def _visits(
    client: ClientPlan,
    team: list[WorkerPlan],
    workers: list[WorkerPlan],
    start_date: date,
    figures: Figures,
    dice: Dice,
) -> list[PastVisits]:
    """Share the visits of the last weeks out over the team and a few others."""
    weeks = int(figures.number("history_weeks"))
    first_day = start_date - timedelta(weeks=weeks)
    if client.start_date is not None:
        first_day = max(first_day, client.start_date)
    days_seen = (start_date - first_day).days
    weeks_seen = max(1, days_seen // 7)
    total = client.attendances * weeks_seen
    if days_seen < 7:  # a package that has just begun
        total = total * days_seen // 7
    regular = round(total * figures.number("regular_share")) if team else 0
    weights = figures.numbers("regular_shares")[: len(team)]
    left = regular
    past = []
    for worker, weight in zip(team, weights, strict=True):
        count = min(left, max(1, round(regular * weight / sum(weights))))
        if worker is team[-1]:
            count = left
        left -= count
        if count:
            last = start_date - timedelta(days=dice.whole(1, 7))
            past.append(_entry(client, worker, count, first_day, max(last, first_day)))
    others = [
        w
        for w in workers
        if w not in team and any(_can_cover(client, w, day) for day in range(7))
    ]
    for worker in dice.sample(others, min(2, total - regular)):
        count = max(1, (total - regular) // 2)
        seen = dice.whole(0, weeks_seen * 7 - 1)
        first = first_day + timedelta(days=min(seen, days_seen - 1))
        last = min(start_date - timedelta(days=1), first + timedelta(days=count * 3))
        past.append(_entry(client, worker, count, first, last))
    if dice.happens(figures.number("long_ago_clients")):
        used = {entry.worker_id for entry in past}
        gone = [w for w in others if w.worker_id not in used]
        if gone and client.start_date is None:
            last = start_date - timedelta(days=dice.whole(95, 150))
            first = last - timedelta(days=40)
            past.append(_entry(client, dice.pick(gone), dice.whole(4, 20), first, last))
    return past


def _entry(
    client: ClientPlan, worker: WorkerPlan, visits: int, first: date, last: date
) -> PastVisits:
    return PastVisits(
        client_id=client.client_id,
        worker_id=worker.worker_id,
        visits=visits,
        first=first,
        last=last,
    )


def _can_cover(client: ClientPlan, worker: WorkerPlan, day: int) -> bool:
    return any(
        visit.on(day) and worker.covers(day, visit) and worker.may_visit(client, visit)
        for visit in client.visits
    )


def _bar(
    client: ClientPlan,
    team: list[WorkerPlan],
    workers: list[WorkerPlan],
    spare: int,
    dice: Dice,
) -> None:
    """Bar a worker outside the team, where enough others remain for every visit."""
    for worker in dice.shuffled([w for w in workers if w not in team]):
        client.barred = [worker.worker_id]
        if all(
            len(eligible(client, visit, day, workers)) >= visit.workers + spare
            for visit in client.visits
            for day in range(7)
            if visit.on(day)
        ):
            return
    client.barred = []


def _pin(client: ClientPlan, workers: list[WorkerPlan], taken: set[str]) -> None:
    """Pin respite visits to one worker who is on at all of them, early shift first."""
    days = [day for day in range(7) if client.visits[0].on(day)]
    early = [
        w
        for w in workers
        if w.style == "early" and not w.fixed_base and w.worker_id not in taken
    ]
    able = [w for w in early if all(_all_inside(client, w, day) for day in days)] or [
        w
        for w in early
        if all(w.covers(day, visit) for day in days for visit in client.visits)
    ]
    if not able:
        return
    worker = min(able, key=lambda w: (_metres(client, w), w.worker_id))
    taken.add(worker.worker_id)
    worker.skills |= set(client.skills)
    for visit in client.visits:
        visit.pinned = (worker.worker_id,)
    client.introduced = [worker.worker_id]


def _all_inside(client: ClientPlan, worker: WorkerPlan, day: int) -> bool:
    """Return whether the whole windows of all visits lie in one shift."""
    first = min(visit.earliest for visit in client.visits)
    last = max(visit.latest + visit.minutes for visit in client.visits)
    return any(s <= first and last <= e for s, e in worker.week.get(day, ()))


def _drawn(clients: list[ClientPlan], share: float, dice: Dice) -> set[str]:
    count = round(share * len(clients))
    return {client.client_id for client in dice.sample(clients, count)}


def _metres(client: ClientPlan, worker: WorkerPlan) -> float:
    """Return the distance from home to client, as a taxi driver counts."""
    return (
        abs(client.address.lat - worker.address.lat) * METRES_PER_DEGREE_LAT
        + abs(client.address.lon - worker.address.lon) * METRES_PER_DEGREE_LON
    )
