"""Can we take this discharge? Offers for a new package of visits, ranked.

Each offer is led by one worker, who makes what they can of the package, so that the
client sees few faces; what they cannot make goes to whoever adds least to the cost,
continuity among it. Every step is tried under the checker. Where no offer has room for
the whole package, a repair says whether others can make room by moving.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from roundplan.cost import cost_of
from roundplan.desk.clients import with_client, with_new_clients
from roundplan.desk.explain import Explanation, explain
from roundplan.desk.part import refuse_unknown
from roundplan.desk.repair import Repair, repair
from roundplan.desk.trial import Trial, Tries
from roundplan.domain import (
    Event,
    EventKind,
    Problem,
    Roster,
    Travel,
    Unassigned,
    Visit,
    assemble_round,
)
from roundplan.errors import UsageError
from roundplan.units import to_pence

if TYPE_CHECKING:
    import pandas as pd

MOST_OFFERS = 5
MOST_PACKAGES = 100
"""Packages after which counting how many fit ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One way to take a package.

    Parameters
    ----------
    trials
        The visits that are placed, by visit_id, in order of time.
    left
        Visits for which there is no room.
    added_p
        What the roster costs more in pence, the price of leaving visits out aside.
    """

    lead: str
    trials: tuple[tuple[str, Trial], ...]
    left: tuple[str, ...]
    added_p: int
    roster: Roster

    @property
    def complete(self) -> bool:
        """Whether every visit of the package is placed."""
        return not self.left

    @property
    def workers(self) -> tuple[str, ...]:
        """The workers whom the client would see, the lead first."""
        others = {t.worker_id for _, t in self.trials} - {self.lead}
        return (self.lead, *sorted(others))

    @property
    def moved(self) -> int:
        """How many visits of other clients would start at another time."""
        return sum(len(t.moved) for _, t in self.trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The offers for a package.

    Parameters
    ----------
    problem
        The problem with the package in it.
    offers
        Whole packages first, then the cheapest.
    with_others
        Where no offer is whole: the roster with others moving to make room.
    refused
        Where that does not help either: why a visit of the package has no worker.
    """

    problem: Problem
    offers: tuple[Offer, ...]
    with_others: Repair | None = None
    refused: Explanation | None = None

    @property
    def fits(self) -> bool:
        """Whether the whole package can be taken."""
        if self.with_others is not None and self.refused is None:
            return True
        return any(offer.complete for offer in self.offers)

    def to_frame(self) -> pd.DataFrame:
        """Return the offers as a DataFrame, a row for each, ranked.

        Columns: lead, placed and left (visits), added_p (pence), workers (whom the
        client sees, with ``;``), moved (visits of others).
        """
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    offer.lead,
                    len(offer.trials),
                    len(offer.left),
                    offer.added_p,
                    ";".join(offer.workers),
                    offer.moved,
                )
                for offer in self.offers
            ],
            columns=["lead", "placed", "left", "added_p", "workers", "moved"],
        )

    def _repr_html_(self) -> str:
        """Return the offers as a table, for notebooks."""
        return str(self.to_frame().to_html(index=False))


def place(
    problem: Problem,
    travel: Travel,
    roster: Roster,
    package: Sequence[Event],
    *,
    seconds: float | None = None,
    iterations: int | None = None,
) -> Placement:
    """Return ranked offers for a package of new visits of one client.

    Parameters
    ----------
    package
        Events of new visits (`EventKind.NEW_VISIT`), of a client who may be new.
    seconds, iterations
        Limits of the repair where no offer has room, see `repair`.

    Raises
    ------
    UsageError
        E1002. An event is no new visit, or there is none; the roster has what the
        problem does not.
    """
    if not package or any(e.kind is not EventKind.NEW_VISIT for e in package):
        msg = "a package has new visits, and nothing else"
        raise UsageError(msg)
    refuse_unknown(problem, roster)
    asked, travel = with_new_clients(problem, travel, package)
    visits = _visits(package)
    whole = replace(asked, visits=(*asked.visits, *visits))
    listed = _listed(roster, visits)
    offers: list[Offer] = []
    if all(v.workers_required == 1 for v in visits):
        offers = _offers(whole, travel, listed, visits)
    if any(offer.complete for offer in offers):
        return Placement(problem=whole, offers=tuple(offers))
    moved = repair(
        problem, travel, roster, package, seconds=seconds, iterations=iterations
    )
    left = {u.visit_id for u in moved.roster.unassigned}
    refused = next((v.visit_id for v in visits if v.visit_id in left), None)
    return Placement(
        problem=whole,
        offers=tuple(offers),
        with_others=moved,
        refused=None
        if refused is None
        else explain(moved.problem, travel, moved.roster, refused),
    )


def how_many(
    problem: Problem,
    travel: Travel,
    roster: Roster,
    package: Sequence[Event],
    *,
    most: int = MOST_PACKAGES,
) -> int:
    """Return how many packages like this fit, one after the other, before one does not.

    Each is of a client of its own at the same place, and takes the cheapest offer that
    is whole, without other workers' visits changing hands: more might fit if they did.
    """
    client_id = package[0].client_id or ""
    problem, travel = with_new_clients(problem, travel, package)
    for count in range(most):
        beside = f"{client_id}+{count + 1}"
        problem, travel = with_client(problem, travel, beside, beside=client_id)
        events = [
            replace(
                e, client_id=beside, beside=None, visit_id=f"{e.visit_id}+{count + 1}"
            )
            for e in package
        ]
        visits = _visits(events)
        problem = replace(problem, visits=(*problem.visits, *visits))
        offers = _offers(problem, travel, _listed(roster, visits), visits, most=1)
        if not offers or not offers[0].complete:
            return count
        roster = offers[0].roster
    return most


def _visits(package: Sequence[Event]) -> tuple[Visit, ...]:
    found = []
    for event in package:
        assert event.visit_id is not None
        assert event.client_id is not None
        assert event.window is not None
        assert event.duration_s is not None
        found.append(
            Visit(
                visit_id=event.visit_id,
                client_id=event.client_id,
                day=event.day,
                window=event.window,
                duration_s=event.duration_s,
                workers_required=event.workers_required,
                skills=event.skills,
            )
        )
    return tuple(sorted(found, key=lambda v: v.window.earliest_start_s))


def _listed(roster: Roster, visits: Sequence[Visit]) -> Roster:
    """Return a roster that lists some visits as unassigned."""
    more = (Unassigned(visit_id=v.visit_id, code="new", reason="") for v in visits)
    return replace(roster, unassigned=(*roster.unassigned, *more))


def _offers(
    problem: Problem,
    travel: Travel,
    roster: Roster,
    visits: Sequence[Visit],
    most: int = MOST_OFFERS,
) -> list[Offer]:
    tries = Tries(problem, travel, roster)
    alone: dict[str, dict[str, Trial]] = {
        v.visit_id: {
            w.worker_id: trial
            for w in problem.workers
            if (trial := tries.fitting(v, w.worker_id)) is not None
        }
        for v in visits
    }
    could: dict[str, list[Trial]] = {}
    for by_worker in alone.values():
        for worker_id, trial in by_worker.items():
            could.setdefault(worker_id, []).append(trial)
    leads = sorted(
        could,
        key=lambda w: (-len(could[w]), sum(t.added_p for t in could[w]), w),
    )
    offers = [
        _led(problem, travel, roster, visits, alone, lead) for lead in leads[:most]
    ]
    return sorted(offers, key=lambda o: (len(o.left), o.added_p, o.lead))


def _led(
    problem: Problem,
    travel: Travel,
    roster: Roster,
    visits: Sequence[Visit],
    alone: dict[str, dict[str, Trial]],
    lead: str,
) -> Offer:
    """Return the offer of one lead: each visit is placed after those before it."""
    trials: list[tuple[str, Trial]] = []
    left: list[str] = []
    before = cost_of(problem, travel, roster)
    for visit in visits:
        by_worker = alone[visit.visit_id]
        seen = {lead, *(t.worker_id for _, t in trials)}
        tries = Tries(problem, travel, roster)
        known = [w for w in by_worker if w in seen]
        trial = _cheapest(tries, visit, [w for w in known if w == lead])
        trial = trial or _cheapest(tries, visit, known)
        others = sorted(
            (w for w in by_worker if w not in seen),
            key=lambda w: (by_worker[w].added_p, w),
        )
        for worker_id in others if trial is None else ():
            trial = tries.fitting(visit, worker_id)
            if trial is not None:
                break
        if trial is None:
            left.append(visit.visit_id)
            continue
        trials.append((visit.visit_id, trial))
        roster = _with_round(problem, travel, roster, visit.visit_id, trial)
    after = cost_of(problem, travel, roster)
    added = after.total - after.unassigned - before.total + before.unassigned
    return Offer(
        lead=lead,
        trials=tuple(trials),
        left=tuple(left),
        added_p=to_pence(added),
        roster=roster,
    )


def _cheapest(tries: Tries, visit: Visit, workers: Sequence[str]) -> Trial | None:
    found = [t for w in workers if (t := tries.fitting(visit, w)) is not None]
    return min(found, key=lambda t: (t.added_p, t.worker_id), default=None)


def _with_round(
    problem: Problem, travel: Travel, roster: Roster, visit_id: str, trial: Trial
) -> Roster:
    """Return a roster with the round of a trial in it."""
    new = trial.care_round
    assert new is not None
    care_round = assemble_round(
        problem,
        travel,
        problem.shift(new.round_id),
        [(v.visit_id, v.start_s) for v in new.visits],
        new.breaks,
        new.profile,
    )
    others = (r for r in roster.rounds if r.round_id != new.round_id)
    return replace(
        roster,
        rounds=(*others, care_round),
        unassigned=tuple(u for u in roster.unassigned if u.visit_id != visit_id),
    )
