"""Short packages of a reablement service: intake, fewer visits by and by, reviews."""

from __future__ import annotations

from datetime import date, timedelta

from roundplan.datasets.assumptions import Figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.model import ALL_WEEK, ClientPlan, VisitPattern

SENIOR = "senior"
"""The skill of senior enablers, who assess and review."""


def packages_running(clients: int, days: int, figures: Figures) -> int:
    """Return how many packages have a day in the horizon.

    ``clients`` is that number for seven days; intake goes on at the same pace, so the
    number is proportional to a mean package's length and the horizon's together. Where
    packages do not end, it is ``clients``.
    """
    lengths = _lengths(figures)
    if not lengths:
        return clients
    mean = sum(n * share for n, share in lengths) / sum(share for _, share in lengths)
    return max(1, round(clients * (mean + days - 1) / (mean + 6)))


def make_packages(
    clients: list[ClientPlan],
    start_date: date,
    days: int,
    figures: Figures,
    dice: Dice,
) -> None:
    """Give every client's package its first and last day.

    Intake is steady, so a package's first day is any on which it has a day in the
    horizon, and long packages are met more often than they are begun.
    """
    intake = figures.text("intake_days")
    shares = [(n, share * (n + days - 1)) for n, share in _lengths(figures)]
    for client, length in zip(clients, dice.dealt(shares, len(clients)), strict=True):
        firsts = [
            day
            for day in (start_date + timedelta(days=i) for i in range(1 - length, days))
            if intake[day.weekday()] != "-"
        ]
        client.start_date = dice.pick(firsts)
        client.end_date = client.start_date + timedelta(days=length - 1)


def taper(
    clients: list[ClientPlan], start_date: date, days: int, figures: Figures, dice: Dice
) -> None:
    """End daily visits one by one as packages go on, and add the seniors' reviews.

    After each share of the package that ``taper_after`` names, the last of them for
    the second of two daily visits, one visit a day ends: those over lunch first, never
    the first of the day. What has no day in the horizon is left out.
    """
    shares = figures.numbers("taper_after")
    for client in clients:
        if client.start_date is None or client.end_date is None:
            continue
        length = (client.end_date - client.start_date).days + 1
        ending = client.visits[1:]
        for visit, share in zip(ending, shares[-len(ending) :], strict=False):
            lasts = max(1, round(share * length))
            visit.last_day = client.start_date + timedelta(days=lasts - 1)
        client.visits += _reviews(client, client.start_date, figures, dice)
        for visit in client.visits:
            visit.runs = _share_run(client, visit, start_date, days)
        client.visits = [visit for visit in client.visits if visit.runs]


def _reviews(
    client: ClientPlan, first: date, figures: Figures, dice: Dice
) -> list[VisitPattern]:
    """Return a senior's assessment on the first day, and a review each week after."""
    earliest, latest = figures.span("review_window")

    def senior(name: str, days: str, first: date, last: date | None) -> VisitPattern:
        return VisitPattern(
            visit_id=f"{client.client_id}-{name}",
            days=days,
            slot="late_morning",
            preferred=earliest + 15 * dice.whole(0, (latest - earliest) // 15),
            earliest=earliest,
            latest=latest,
            minutes=int(figures.number(f"{name}_minutes")),
            skills=(SENIOR,),
            priority="essential",
            first_day=first,
            last_day=last,
        )

    weekday = first.weekday()
    same_day = "-" * weekday + ALL_WEEK[weekday] + "-" * (6 - weekday)
    return [
        senior("assessment", same_day, first, first),
        senior("review", same_day, first + timedelta(weeks=1), None),
    ]


def _share_run(
    client: ClientPlan, visit: VisitPattern, start_date: date, days: int
) -> float:
    """Return the share of a pattern's days in the horizon on which it takes place."""
    horizon = [start_date + timedelta(days=i) for i in range(days)]
    pattern = [day for day in horizon if visit.on(day.weekday())]
    return sum(client.due(visit, day) for day in pattern) / max(1, len(pattern))


def _lengths(figures: Figures) -> list[tuple[int, float]]:
    """Return the lengths of packages in days, with their shares of new packages."""
    return [
        (7 * int(weeks), share) for weeks, share in figures.shares("package_lengths")
    ]
