"""The visits of a week: how many a day, in which bands, how long and how urgent."""

from __future__ import annotations

from roundplan.datasets.assumptions import Figures, clock
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.load import Grid, add_visit, empty_grid, profile_of
from roundplan.datasets.demand.model import ALL_WEEK, ClientPlan, VisitPattern

OFTEN = ("part_week", "one_a_day", "two_a_day", "three_a_day", "four_a_day")
"""How often clients are visited, as the rows ``clients_...`` and ``bands_...`` say."""

LENGTHS = (30, 45, 60, 90, 120)
"""Minutes of visits, as the rows ``length_...`` name them; 15 is ruled out."""

SHORT = {
    "morning": "am",
    "late_morning": "am",
    "lunch": "noon",
    "tea": "tea",
    "evening": "eve",
}
LONG_MIN = 60
"""Longer visits over lunch are kept from the end of the early shifts."""


def add_visits(clients: list[ClientPlan], figures: Figures, dice: Dice) -> None:
    """Give every client visits; lengths follow the mix over all of them."""
    slots = {
        often: iter(
            dice.dealt(
                figures.shares(f"bands_{often}"),
                sum(client.often == often for client in clients),
            )
        )
        for often in OFTEN
    }
    chosen = [
        [] if client.often == "domestic" else next(slots[client.often]).split("+")
        for client in clients
    ]
    shares = [(minutes, figures.number(f"length_{minutes}")) for minutes in LENGTHS]
    diary = empty_grid()
    lengths = iter(dice.dealt(shares, sum(len(bands) for bands in chosen)))
    for client, bands in zip(clients, chosen, strict=True):
        if client.often == "domestic":
            client.visits.append(_domestic(client, figures, dice))
            continue
        days = _days(client, figures, dice)
        urgency = _urgency(client, figures, dice)
        for slot in bands:
            minutes = next(lengths)
            offers = [
                _visit(client, slot, days, minutes, urgency, figures, dice)
                for _ in range(int(figures.number("starts_offered")))
            ]
            client.visits.append(min(offers, key=lambda visit: _crowd(diary, visit)))
            add_visit(diary, client.visits[-1])


def link_doses(clients: list[ClientPlan], figures: Figures, dice: Dice) -> int:
    """Keep two visits of some clients with medicines some hours apart."""
    gap = int(figures.number("dose_gap_min"))
    count = round(figures.number("linked_clients") * len(clients))
    fit = [
        client
        for client in clients
        if "medication" in client.skills
        and len(client.visits) > 1
        and client.visits[0].slot == "morning"
        and client.visits[1].slot in ("lunch", "tea")
    ]
    linked = dice.sample(fit, count)
    for client in linked:
        first, second = client.visits[:2]
        _move(first, min(first.preferred, 8 * 60), figures)
        _move(second, max(second.preferred, 12 * 60 + 45), figures)
        second.after_visit, second.min_gap = first.visit_id, gap
        if second.slot == "lunch" and dice.happens(figures.number("dose_gap_most")):
            second.max_gap = 2 * gap  # never binding for a lunch visit, but there
    return len(linked)


def add_respite(client: ClientPlan, figures: Figures) -> None:
    """Replace a client's visits by long ones on some days, back to back."""
    half = int(figures.number("respite_window_min"))
    rows = (item.split() for item in figures.items("respite_visits"))
    visits = [(slot, clock(start), int(minutes)) for slot, start, minutes in rows]
    client.package, client.skills = "complex", ("medication", "peg")
    client.visits = [
        VisitPattern(
            visit_id=f"{client.client_id}-sit{i + 1}",
            days=figures.text("respite_days"),
            slot=slot,
            preferred=start,
            earliest=start - half,
            latest=start + half,
            minutes=minutes,
            skills=client.skills,
            priority="essential",
            time_critical=True,
        )
        for i, (slot, start, minutes) in enumerate(visits)
    ]


def _visit(
    client: ClientPlan,
    slot: str,
    days: str,
    minutes: int,
    urgency: str,
    figures: Figures,
    dice: Dice,
) -> VisitPattern:
    start, end = figures.band(slot)
    if slot == "evening":  # before the late shift's end
        end = min(
            clock(figures.text("evening_end")) - minutes,
            clock(figures.text("evening_preferred_to")),
        )
    margin = int(figures.number("band_margin_min"))
    low, high = start + margin, end - margin
    if slot == "morning":
        low = start + int(figures.number("band_margin_morning_min"))
    elif slot == "lunch":  # before the shifts change, two workers at once all the more
        one, two = (int(n) for n in figures.numbers("band_margin_lunch_min"))
        high -= two if client.double else one
        # the early shift must reach to the end of a long visit
        high = max(low, high - max(0, minutes - LONG_MIN))
    elif client.double and slot == "tea":
        low = clock(figures.text("double_tea_from"))
    preferred = low + 5 * dice.whole(0, (high - low) // 5)
    if client.double and urgency == "critical":
        urgency = "essential"  # two workers to the minute would be too much to ask
    half = int(dice.pick(figures.items(f"window_{urgency}")))
    return VisitPattern(
        visit_id=f"{client.client_id}-{SHORT[slot]}",
        days=days,
        slot=slot,
        preferred=preferred,
        earliest=max(start, preferred - half),
        latest=min(end, preferred + half),
        minutes=minutes,
        workers=2 if client.double else 1,
        skills=client.skills,
        priority="standard" if urgency == "standard" else "essential",
        time_critical=urgency == "critical",
    )


def _crowd(diary: Grid, visit: VisitPattern) -> float:
    """Return how busy the busiest half hour of a visit is."""
    days = [day for day in range(7) if visit.on(day)]
    return max(
        sum(diary[day][i] for day in days) + value * len(days)
        for i, value in profile_of(visit)
    )


def _domestic(client: ClientPlan, figures: Figures, dice: Dice) -> VisitPattern:
    low, high = figures.span("domestic_preferred")
    earliest, latest = figures.span("domestic_window")
    preferred = low + 15 * dice.whole(0, (high - low) // 15)
    return VisitPattern(
        visit_id=f"{client.client_id}-home",
        days=dice.pick(figures.items("domestic_days")),
        slot="lunch" if preferred >= figures.band("lunch")[0] else "late_morning",
        preferred=preferred,
        earliest=earliest,
        latest=latest,
        minutes=int(dice.weighted(figures.shares("domestic_lengths"))),
        priority="flexible",
    )


def _days(client: ClientPlan, figures: Figures, dice: Dice) -> str:
    if client.often == "part_week":
        return dice.pick(figures.items("part_week_days"))
    may_pause = client.often in ("one_a_day", "two_a_day") and not client.double
    if may_pause and dice.happens(figures.number("weekdays_only")):
        return "MTWTF--"
    return ALL_WEEK


def _urgency(client: ClientPlan, figures: Figures, dice: Dice) -> str:
    if "medication" in client.skills and dice.happens(
        figures.number("time_critical_medication")
    ):
        return "critical"
    return "essential" if client.double or client.skills else "standard"


def _move(visit: VisitPattern, preferred: int, figures: Figures) -> None:
    """Move a visit in its band, with its window."""
    start, end = figures.band(visit.slot)
    shift = preferred - visit.preferred
    visit.preferred = preferred
    visit.earliest = max(start, visit.earliest + shift)
    visit.latest = min(end, visit.latest + shift)
