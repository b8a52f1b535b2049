"""The audit: every criterion of the charter and the law on rest, breaks and pay.

Each test says what it rests on, and what it needs where the data lack it. Nothing that
cannot be tested counts as kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean

from roundplan.charter.attendances import OFFERED, Attendance, Record
from roundplan.charter.continuity import client_figures
from roundplan.charter.criteria import CharterPolicy, Criterion, Kind, criteria
from roundplan.charter.evidence import Evidence
from roundplan.charter.findings import Audit, Breach, Finding, Status
from roundplan.charter.law import law_findings, worked_hours
from roundplan.charter.wages import Wages
from roundplan.cost import RateTable
from roundplan.domain import LlwFrom, ShiftKind
from roundplan.errors import UsageError
from roundplan.units import HOUR_S, MINUTE_S

SHORT_S, NICE_S = 15 * MINUTE_S, 30 * MINUTE_S
"""Charter 1(b): no 15-minute visits; NICE NG21 1.4.2: half an hour, or agreed."""

LIVING_WAGE = "london_living_wage"

Said = tuple[Status, str, list[Breach]]


def audit(
    record: Record,
    policy: CharterPolicy,
    *,
    rates: RateTable | None = None,
    known_days: int = 90,
    llw_from: LlwFrom = LlwFrom.DEADLINE,
    unverified: bool = False,
    evidence: Mapping[str, Evidence] | None = None,
) -> Audit:
    """Audit a record under a charter policy.

    Parameters
    ----------
    rates
        The user's rates before the shipped ones.
    known_days
        For continuity: see `roundplan.charter.continuity`.
    llw_from, unverified
        See `roundplan.charter.wages.Wages`.
    evidence
        What the provider shows, by a criterion's id.

    Raises
    ------
    UsageError
        E1002. There is nothing to audit.
    RateError
        E1201. There is no living wage or minimum wage for a day, or nobody vouches for
        it.
    """
    if not record.attendances:
        msg = f"{record.source} has no attendance to audit"
        raise UsageError(msg)
    wages = Wages(table=rates or RateTable(), llw_from=llw_from, unverified=unverified)
    last = record.last
    findings = []
    for criterion in criteria():
        since = policy.since.get(criterion.id)
        if policy.asks(criterion.id, last):
            asked = _from(record, since)
            status, said, breaches = _tested(criterion, asked, wages, known_days)
            if asked is not record:
                said = f"from {since} on: {said}"
            shown = (evidence or {}).get(criterion.id)
            if shown is not None:
                status, said = _shown(shown, said if status is Status.REPORTED else "")
        else:
            status, breaches = Status.NOT_IN_FORCE, []
            said = f"from {since}" if since else f"not in {policy.name}"
        findings.append(
            Finding(
                number=criterion.number,
                name=criterion.short,
                status=status,
                evidence=said,
                breaches=tuple(breaches),
            )
        )
    findings += law_findings(record, wages)
    clients = {a.client_id for a in record.attendances if a.client_id is not None}
    return Audit(
        source=record.source,
        policy=policy.name,
        first=record.first,
        last=last,
        counts={
            "attendances": len(record.attendances),
            "visits": len({a.visit_id for a in record.attendances}),
            "clients": len(clients),
            "workers": len(record.by_worker()),
            "contact hours": round(
                sum(a.length_s for a in record.attendances) / HOUR_S, 1
            ),
        },
        findings=tuple(findings),
        notes=(*record.notes, *wages.notes),
    )


def _from(record: Record, since: date | None) -> Record:
    """Return what a record has from the day on that a criterion is in force."""
    if since is None or since <= record.first:
        return record
    blocks = record.blocks
    return replace(
        record,
        attendances=tuple(a for a in record.attendances if a.day >= since),
        blocks=None if blocks is None else tuple(b for b in blocks if b.day >= since),
    )


def _shown(evidence: Evidence, figures: str) -> tuple[Status, str]:
    """Return what a paper shows, with what the roster has to say of it."""
    status = Status.KEPT if evidence.kept else Status.BROKEN
    said = f"by the provider's evidence: {evidence.reference}"
    return status, f"{said}; {figures}" if figures else said


def _tested(
    criterion: Criterion, record: Record, wages: Wages, known_days: int
) -> Said:
    tests: dict[int, Callable[[], Said]] = {
        1: lambda: _lengths(record),
        3: lambda: _paid_travel(record, wages),
        5: lambda: _contracts(record),
        6: lambda: _monitored(record, wages),
        7: lambda: _same_worker(record, known_days),
        8: lambda: _gaps(record),
        12: lambda: _blocks(record, ShiftKind.TRAINING, "training"),
        13: lambda: _blocks(record, ShiftKind.MEETING, "meetings with co-workers"),
        14: lambda: _living_wage(record, wages),
    }
    if criterion.number in tests:
        return tests[criterion.number]()
    assert criterion.kind is Kind.EVIDENCE
    return Status.EVIDENCE, "no roster shows it: papers of the provider", []


def _verdict(breaches: list[Breach], kept: str, broken: str) -> Said:
    if breaches:
        return Status.BROKEN, broken, breaches
    return Status.KEPT, kept, breaches


def _needs(columns: str) -> Said:
    return Status.NOT_TESTABLE, f"needs {columns}", []


def _of(part: int, whole: int) -> str:
    share = f" ({100 * part / whole:.1f}%)" if whole else ""
    return f"{part:,} of {whole:,}{share}"


def _breach(a: Attendance, what: str, amount: float, unit: str) -> Breach:
    return Breach(
        what=what,
        amount=amount,
        unit=unit,
        worker_id=a.worker_id,
        visit_id=a.visit_id,
        day=a.day,
    )


def _lengths(record: Record) -> Said:
    """Return visits of 15 minutes, visits cut short, and NICE's two shares."""
    breaches = []
    for a in record.attendances:
        minutes = a.length_s / MINUTE_S
        if a.length_s <= SHORT_S:
            missing = (NICE_S - a.length_s) / MINUTE_S
            breaches.append(_breach(a, f"{minutes:g} minutes", missing, "min"))
        elif a.commissioned_s is not None and a.length_s < a.commissioned_s:
            missing = (a.commissioned_s - a.length_s) / MINUTE_S
            breaches.append(_breach(a, "shorter than commissioned", missing, "min"))
    short = [a for a in record.attendances if a.length_s < NICE_S]
    every = len(record.attendances)
    said = f"{_of(every - len(short), every)} last 30 minutes or more (NICE QS123)"
    known = [a for a in short if a.agreed is not None]
    if short and known:
        agreed = sum(bool(a.agreed) for a in known)
        said += f"; of the shorter ones {_of(agreed, len(known))} agreed"
    elif short:
        said += "; whether the shorter ones were agreed needs short_visit_agreed"
    fifteen = sum(a.length_s <= SHORT_S for a in record.attendances)
    return _verdict(
        breaches, said, f"{_of(fifteen, every)} of 15 minutes or less; {said}"
    )


def _legs(record: Record) -> Iterator[Attendance]:
    """Yield the attendances with a leg from another visit or an office."""
    for a in record.attendances:
        if a.travel_s is not None and not a.from_home:
            yield a


def _paid_travel(record: Record, wages: Wages) -> Said:
    """Test each leg: all of it paid, at the living wage of the day (DOMAIN R5)."""
    legs = [a for a in _legs(record) if a.travel_s]
    if not legs and not any(a.travel_s is not None for a in record.attendances):
        return _needs("travel_s and paid_travel_s (or a roster of ours)")
    if any(a.paid_travel_s is None for a in legs):
        return _needs("paid_travel_s")
    breaches = []
    unknown_rate = False
    for a in legs:
        unpaid_s = (a.travel_s or 0) - (a.paid_travel_s or 0)
        if unpaid_s > 0:
            breaches.append(_breach(a, "travel not paid", unpaid_s / MINUTE_S, "min"))
        below = _below(record, wages, a)
        unknown_rate |= below is None
        if below:
            breaches.append(_breach(a, "travel paid below living wage", below, "p/h"))
    travel_h = sum(a.travel_s or 0 for a in legs) / HOUR_S
    said = f"{len(legs):,} legs, {travel_h:,.1f} h"
    if unknown_rate:
        said += "; some at an unknown rate (needs hourly_rate)"
    return _verdict(breaches, f"all paid: {said}", f"of {said}")


def _below(record: Record, wages: Wages, a: Attendance) -> int | None:
    """Return by how many pence an hour a worker is below the living wage, or None."""
    person = record.people.get(a.worker_id)
    rate = None if person is None else person.rate_on(a.day)
    if rate is None:
        return None
    return max(0, wages.pence(LIVING_WAGE, a.day) - rate)


def _contracts(record: Record) -> Said:
    """Return contracts without hours, and weeks below what is guaranteed."""
    workers = record.by_worker()
    known = {
        w: p
        for w in workers
        if (p := record.people.get(w)) is not None and p.zero_hours is not None
    }
    if not known:
        return _needs("contract (zero_hours or guaranteed) of workers")
    zero = sum(bool(p.zero_hours) for p in known.values())
    said = f"{_of(zero, len(known))} workers on zero hours"
    if len(known) < len(workers):
        said += f", the contracts of {len(workers) - len(known):,} are not known"
    hours = worked_hours(record)
    weeks = short = 0
    for worker_id, person in known.items():
        if not person.guaranteed_s:
            continue
        for week, paid_s in hours[worker_id].items():
            if _whole(week, record):
                weeks += 1
                short += paid_s < person.guaranteed_s
    if weeks:
        said += (
            f"; paid hours below those guaranteed in {_of(short, weeks)} whole weeks"
        )
    on_zero = {w: p.offered for w, p in known.items() if p.zero_hours}
    breaches = [
        Breach(what="never offered guaranteed hours", amount=1, unit="", worker_id=w)
        for w, offered in on_zero.items()
        if offered is False
    ]
    if breaches or None not in on_zero.values():
        had = sum(bool(offered) for offered in on_zero.values())
        if on_zero:
            said += f"; {_of(had, len(on_zero))} of these were offered guaranteed hours"
        return _verdict(breaches, said, said)
    return Status.REPORTED, f"{said}; whether others were offered: needs {OFFERED}", []


def _whole(week: date, record: Record) -> bool:
    """Return whether a week, by its Monday, is all within the record."""
    return record.first <= week and week + timedelta(days=6) <= record.last


def _monitored(record: Record, wages: Wages) -> Said:
    """Return the sum of what this audit finds of the law."""
    law = law_findings(record, wages)
    broken = [f.name for f in law if f.status is Status.BROKEN]
    untested = [f.name for f in law if f.status is Status.NOT_TESTABLE]
    said = f"of {len(law)} laws {len(broken)} broken, {len(untested)} not testable"
    return Status.REPORTED, said, []


def _same_worker(record: Record, known_days: int) -> Said:
    figures = client_figures(record, known_days=known_days)
    if not figures:
        return _needs("client_id")
    upc = mean(f.upc for f in figures)
    workers = mean(f.workers[28] for f in figures)
    regular = sum(f.has_regular for f in figures)
    return (
        Status.REPORTED,
        f"{_of(regular, len(figures))} clients have a regular team; the usual worker "
        f"makes {100 * upc:.0f}% of visits; {workers:.1f} different workers in 28 "
        "days, means over clients",
        [],
    )


def _gaps(record: Record) -> Said:
    """Test that each gap is as long as its travel, and no two visits overlap."""
    breaches = []
    tested = untested = cut = 0
    for mine in record.by_worker().values():
        for before, after in pairwise(mine):
            gap_s = after.start_s - before.end_s
            if gap_s < 0:
                amount = -gap_s / MINUTE_S
                breaches.append(
                    _breach(after, "overlaps the visit before", amount, "min")
                )
            elif after.travel_s is None or after.from_home:
                untested += after.travel_s is None
            else:
                tested += 1
                if gap_s < after.travel_s:
                    missing = (after.travel_s - gap_s) / MINUTE_S
                    breaches.append(
                        _breach(after, "gap shorter than travel", missing, "min")
                    )
    for a in record.attendances:
        if a.planned_s is not None:
            missing_s = (a.planned_s[1] - a.planned_s[0]) - a.length_s
            cut += missing_s >= 5 * MINUTE_S
    if not tested and not breaches:
        return _needs("travel_s (or a roster of ours)")
    said = f"{tested:,} gaps tested against travel"
    if untested:
        said += f", {untested:,} without travel_s are not"
    if any(a.planned_s for a in record.attendances):
        said += f"; {_of(cut, len(record.attendances))} cut by five minutes or more"
    return _verdict(breaches, said, said)


def _blocks(record: Record, kind: ShiftKind, noun: str) -> Said:
    if record.blocks is None:
        return _needs("shifts of training and meetings (or a roster of ours)")
    mine = [b for b in record.blocks if b.kind is kind]
    workers = record.by_worker()
    have = {b.worker_id for b in mine} & set(workers)
    hours = sum(b.end_s - b.start_s for b in mine) / HOUR_S
    days = (record.last - record.first).days + 1
    return (
        Status.REPORTED,
        f"{_of(len(have), len(workers))} workers had paid {noun} within {days:,} days, "
        f"{hours:,.1f} h in all",
        [],
    )


def _living_wage(record: Record, wages: Wages) -> Said:
    days: dict[tuple[str, date], Attendance] = {}
    for a in record.attendances:
        days.setdefault((a.worker_id, a.day), a)
    tested, unknown, breaches = 0, set(), []
    for a in days.values():
        below = _below(record, wages, a)
        if below is None:
            unknown.add(a.worker_id)
            continue
        tested += 1
        if below:
            breach = _breach(a, "paid below the living wage", below, "p/h")
            breaches.append(replace(breach, visit_id=None))
    if not tested:
        return _needs("hourly_rate of workers")
    said = f"{tested:,} worker-days at the living wage of {_wages(record, wages)}"
    if unknown:
        said += f"; the rates of {len(unknown):,} workers are not known"
    who = len({b.worker_id for b in breaches})
    return _verdict(breaches, said, f"{who:,} workers below it; {said}")


def _wages(record: Record, wages: Wages) -> str:
    found: dict[int, None] = defaultdict(None)
    day = record.first
    while day <= record.last:
        found[wages.pence(LIVING_WAGE, day)] = None
        day += timedelta(days=1)
    return " and ".join(f"£{p / 100:.2f}" for p in found)
