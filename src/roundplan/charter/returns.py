"""The council's quarterly return, as Islington asks for it: counts, never shares alone.

Each figure has its count, its denominator and its definition, because the printed
return has neither (DOMAIN S5): "regular" and "known" are parameters, and "workforce"
and "offered" are said to be what they are. A figure for which the data lack something
says what it needs, and is never 0.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from roundplan.charter.attendances import OFFERED, Record, said_yes
from roundplan.charter.continuity import (
    KNOWN_DAYS,
    REGULAR_PERCENT,
    TEAMS_IN_WORDS,
    client_figures,
)
from roundplan.domain import CareWorker, Problem, Provider, Tier
from roundplan.formats import Code
from roundplan.formats.source import Source
from roundplan.units import HOUR_S
from roundplan.words import counted

ACCEPTED = "guaranteed_accepted"
"""A column of workers.csv, y or n, beside ``guaranteed_offered``."""

SICK_PAY, TRAVEL_COSTS = "occupational_sick_pay", "travel_costs"
"""Columns of providers.csv, y or n."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the return.

    ``count`` None: ``needs`` says why. ``of`` is its denominator, None where it has
    none. Hours have a tenth.
    """

    figure: str
    unit: str
    definition: str
    count: float | None = None
    of: float | None = None
    needs: str = ""

    @property
    def percent(self) -> float | None:
        """Its share, None without a denominator or of nothing."""
        if self.count is None or not self.of:
            return None
        return 100 * self.count / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilReturn:
    """The figures of some weeks, with what was assumed."""

    first: date
    last: date
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure beside the same one of the return before.

    ``count`` and ``points`` (of percent) are differences, None where one is missing;
    ``comparable`` is False where the definition has changed.
    """

    figure: Figure
    before: Figure | None
    comparable: bool
    count: float | None
    points: float | None


def council_return(
    record: Record,
    problems: Sequence[Problem] = (),
    *,
    known_days: int = KNOWN_DAYS,
    regular_percent: int = REGULAR_PERCENT,
) -> CouncilReturn:
    """Return the figures of a record.

    Parameters
    ----------
    problems
        The problems that it is of, in order of time: workers with their offers,
        providers with their tiers. Of a worker or provider the last one stands.
    known_days, regular_percent
        What "known" and "regular" mean.
    """
    workers = {w.worker_id: w for p in problems for w in p.workers}
    providers = {p.provider: p for problem in problems for p in problem.providers}
    notes = list(record.notes)
    if record.known_before is None:
        notes.append(
            "nothing is known of visits before the first day: a first visit in the "
            "record counts as one by somebody not known"
        )
    if record.unassigned:
        without = counted(
            record.unassigned, "visit without a worker", "visits without a worker"
        )
        notes.append(f"not counted: {without}")
    worked = {a.day for a in record.attendances}
    idle = (record.last - record.first).days + 1 - len(worked)
    if idle:
        days = counted(idle, "day of the period has", "days of the period have")
        notes.append(f"{days} no attendance")
    return CouncilReturn(
        first=record.first,
        last=record.last,
        figures=(
            *_continuity(record, known_days, regular_percent),
            *_guaranteed(workers),
            *_committed(providers),
            *_tiers(record, workers, providers),
        ),
        notes=tuple(notes),
    )


def _continuity(record: Record, known_days: int, percent: int) -> Iterable[Figure]:
    clients = client_figures(record, known_days=known_days, regular_percent=percent)
    regular = (
        "residents with a regular care worker",
        "residents",
        f"Residents {percent}% of whose visits or more are by their regular team "
        f"({TEAMS_IN_WORDS}), of residents with a visit.",
    )
    unknown = (
        "visits by someone not known",
        "attendances",
        f"Attendances by a worker who had not been there in the {known_days} days "
        "before and was not introduced, of all; both workers of a double-handed visit "
        "count.",
    )
    if not clients:
        yield _lacking(*regular, "client_id")
        yield _lacking(*unknown, "client_id")
        return
    yield _figure(*regular, sum(c.has_regular for c in clients), len(clients))
    attendances = sum(c.attendances for c in clients)
    yield _figure(*unknown, sum(c.not_known for c in clients), attendances)


def _guaranteed(workers: Mapping[str, CareWorker]) -> Iterable[Figure]:
    offers = {w: said_yes(worker.extra, OFFERED) for w, worker in workers.items()}
    accepts = {w: said_yes(worker.extra, ACCEPTED) for w, worker in workers.items()}
    workforce = "The workforce is everybody in workers.csv."
    offered = (
        "offered guaranteed hours",
        "workers",
        f"Workers with {OFFERED} y, of the workforce. {workforce}",
    )
    accepted = (
        "accepted guaranteed hours, of the workforce",
        "workers",
        f"Workers with {ACCEPTED} y, of the workforce. {workforce}",
    )
    of_offered = (
        "accepted guaranteed hours, of those offered",
        "workers",
        f"Workers with {ACCEPTED} y, of those with {OFFERED} y.",
    )
    if None in offers.values() or not offers:
        needs = f"{OFFERED} (y/n) of each worker in workers.csv"
        yield from (_lacking(*f, needs) for f in (offered, accepted, of_offered))
        return
    said = sum(bool(yes) for yes in offers.values())
    yield _figure(*offered, said, len(workers))
    if any(offers[w] and accepts[w] is None for w in workers):
        needs = f"{ACCEPTED} (y/n) of each worker who was offered"
        yield from (_lacking(*f, needs) for f in (accepted, of_offered))
        return
    took = sum(bool(offers[w] and accepts[w]) for w in workers)
    yield _figure(*accepted, took, len(workers))
    yield _figure(*of_offered, took, said)


def _committed(providers: Mapping[str, Provider]) -> Iterable[Figure]:
    locality = [p for p in providers.values() if p.tier is Tier.LOCALITY]
    for column, name in (
        (SICK_PAY, "providers that pay occupational sick pay"),
        (TRAVEL_COSTS, "providers that contribute to travel costs"),
    ):
        about = (
            name,
            "providers",
            f"Locality providers with {column} y in providers.csv, of all locality "
            "providers. Said by the provider, not tested.",
        )
        told = [said_yes(p.extra, column) for p in locality]
        if not told or None in told:
            needs = f"{column} (y/n) of each locality provider in providers.csv"
            yield _lacking(*about, needs)
        else:
            yield _figure(*about, sum(map(bool, told)), len(told))


def _tiers(
    record: Record,
    workers: Mapping[str, CareWorker],
    providers: Mapping[str, Provider],
) -> Iterable[Figure]:
    """Yield residents and hours by tier of the worker's provider (DOMAIN S4)."""
    seconds: Counter[Tier] = Counter()
    of_client: dict[str, Counter[Tier]] = defaultdict(Counter)
    lost = 0
    for a in record.attendances:
        worker = workers.get(a.worker_id)
        provider = providers.get(worker.provider or "") if worker else None
        if provider is None:
            lost += 1
            continue
        seconds[provider.tier] += a.length_s
        if a.client_id is not None:
            of_client[a.client_id][provider.tier] += a.length_s
    order = list(Tier)
    mostly = Counter(
        max(order, key=lambda tier: (tiers[tier], -order.index(tier)))
        for tiers in of_client.values()
    )
    framework = (Tier.LOCALITY, Tier.SECONDARY)
    groups = {
        "framework": framework,
        **{tier.value: (tier,) for tier in order},
    }
    needs = "the provider of each worker in workers.csv, and its tier in providers.csv"
    for group, tiers in groups.items():
        what = "locality and secondary" if len(tiers) > 1 else group
        residents = (
            f"residents with {group} providers",
            "residents",
            f"Residents most of whose hours are by {what} providers, of residents with "
            "a visit; each counts once.",
        )
        time = (
            f"hours with {group} providers",
            "hours",
            f"Hours with clients by workers of {what} providers, of all hours.",
        )
        if lost:
            yield _lacking(*residents, needs)
            yield _lacking(*time, needs)
            continue
        yield _figure(*residents, sum(mostly[t] for t in tiers), len(of_client))
        mine = sum(seconds[t] for t in tiers)
        yield _figure(*time, _hours(mine), _hours(seconds.total()))


def _hours(seconds: int) -> float:
    return round(seconds / HOUR_S, 1)


def _figure(figure: str, unit: str, definition: str, count: float, of: float) -> Figure:
    return Figure(figure=figure, unit=unit, definition=definition, count=count, of=of)


def _lacking(figure: str, unit: str, definition: str, needs: str) -> Figure:
    return Figure(figure=figure, unit=unit, definition=definition, needs=needs)


def changes(now: CouncilReturn, before: CouncilReturn) -> tuple[Change, ...]:
    """Return each figure beside the one of the same name before."""
    known = {f.figure: f for f in before.figures}
    return tuple(_change(f, known.get(f.figure)) for f in now.figures)


def _change(now: Figure, before: Figure | None) -> Change:
    comparable = before is not None and before.definition == now.definition
    count = points = None
    if before is not None and comparable:
        if now.count is not None and before.count is not None:
            count = round(now.count - before.count, 1)
        if now.percent is not None and before.percent is not None:
            points = now.percent - before.percent
    return Change(
        figure=now, before=before, comparable=comparable, count=count, points=points
    )


COLUMNS = ("figure", "count", "of", "unit", "definition", "first", "last")


def return_csv(made: CouncilReturn) -> str:
    """Return a table that reads back as the return before."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for f in made.figures:
        numbers = tuple(_number(n) for n in (f.count, f.of))
        about = (f.unit, f.definition, made.first, made.last)
        writer.writerow((f.figure, *numbers, *about))
    return text.getvalue()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value)


def read_return(path: Path) -> CouncilReturn:
    """Read a return that `return_csv` has written.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with the file.
    """
    source = Source()
    rows = [row for row in source.table(path, "return", path.name) if row.ok]
    seen: set[str] = set()
    for row in rows:
        if row["figure"] in seen:
            what = "this figure has a row already"
            source.row_fault(row, Code.DUPLICATE, "figure", what, "Keep one.")
        seen.add(row["figure"])
        count, of = row["count"], row["of"]
        if count is not None and of is not None and count > of:
            what = f"{count:,g} of {of:,g}: a part is larger than its whole"
            source.row_fault(row, Code.CONTRADICTION, "count", what, "Correct one.")
        if (row["first"], row["last"]) != (rows[0]["first"], rows[0]["last"]):
            what = "the rows are of different periods"
            source.row_fault(row, Code.CONTRADICTION, "first", what, "Keep one return.")
    if not rows and not source.faults:
        source.fault(Code.NO_TABLE, path.name, "it has no row", "Give a return.")
    source.raise_faults()
    return CouncilReturn(
        first=rows[0]["first"],
        last=rows[0]["last"],
        figures=tuple(
            Figure(
                figure=row["figure"],
                unit=row["unit"],
                definition=row["definition"],
                count=row["count"],
                of=row["of"],
            )
            for row in rows
        ),
        notes=(),
    )
