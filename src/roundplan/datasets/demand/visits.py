"""The visits of a week: how many a day, in which bands, how long and how urgent."""

from __future__ import annotations

from roundplan.datasets.assumptions import band, figure
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.load import Grid, add_visit, empty_grid, profile_of
from roundplan.datasets.demand.model import ALL_WEEK, ClientPlan, VisitPattern

SLOTS: dict[str, tuple[tuple[tuple[str, ...], float], ...]] = {
    "part_week": ((("morning",), 0.45), (("late_morning",), 0.3), (("lunch",), 0.25)),
    "one_a_day": (
        (("morning",), 0.27),
        (("late_morning",), 0.30),
        (("lunch",), 0.33),
        (("evening",), 0.10),
    ),
    "two_a_day": (
        (("morning", "evening"), 0.32),
        (("late_morning", "evening"), 0.22),
        (("morning", "tea"), 0.18),
        (("morning", "lunch"), 0.10),
        (("lunch", "evening"), 0.18),
    ),
    "three_a_day": (
        (("morning", "lunch", "evening"), 0.7),
        (("morning", "tea", "evening"), 0.3),
    ),
    "four_a_day": ((("morning", "lunch", "tea", "evening"), 1.0),),
}
"""Which bands a client's visits fall in, with shares (assumption)."""

SHORT = {
    "morning": "am",
    "late_morning": "am",
    "lunch": "noon",
    "tea": "tea",
    "evening": "eve",
}
PART_WEEKS = (
    "M-W-F--",
    "M--T---",
    "-T-T---",
    "M-WT---",
    "--W---S",
    "MT-TF--",
    "-T--FS-",
)
DOMESTIC_DAYS = ("M--T---", "-T-----", "--W----", "---T---", "-T--F--", "----F--")
HALF_WIDTHS = {"critical": (15, 20, 30), "essential": (30, 45), "standard": (45, 60)}
"""Minutes either side of the preferred start, by urgency (assumption)."""

LAST_END = 21 * 60 + 45
"""Evening visits are planned to end by then, before the service does at 22:00."""

GAP_MIN = 240
"""Least time between two doses, start to start."""

TIMES_OFFERED = 10
"""Starts that are tried for each visit: the one when fewest others are under way is
agreed with the client, as a coordinator would (assumption)."""

RESPITE = (("morning", 450, 120), ("late_morning", 610, 120), ("lunch", 770, 105))
"""Band, preferred start and length of the long visits that relieve a family carer."""


def add_visits(clients: list[ClientPlan], dice: Dice) -> None:
    """Give every client visits; lengths follow the Torbay mix over all of them."""
    slots = {
        often: iter(
            dice.dealt(SLOTS[often], sum(client.often == often for client in clients))
        )
        for often in SLOTS
    }
    chosen = [
        () if client.often == "domestic" else next(slots[client.often])
        for client in clients
    ]
    shares = [(minutes, figure(f"length_{minutes}")) for minutes in (30, 45, 60)]
    diary = empty_grid()
    lengths = iter(dice.dealt(shares, sum(len(bands) for bands in chosen)))
    for client, bands in zip(clients, chosen, strict=True):
        if client.often == "domestic":
            client.visits.append(_domestic(client, dice))
            continue
        days = _days(client, dice)
        urgency = _urgency(client, dice)
        for slot in bands:
            minutes = next(lengths)
            offers = [
                _visit(client, slot, days, minutes, urgency, dice)
                for _ in range(TIMES_OFFERED)
            ]
            client.visits.append(min(offers, key=lambda visit: _crowd(diary, visit)))
            add_visit(diary, client.visits[-1])


def link_doses(clients: list[ClientPlan], count: int, dice: Dice) -> int:
    """Keep two visits of some clients with medicines four hours apart."""
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
        _move(first, min(first.preferred, 8 * 60))
        _move(second, max(second.preferred, 12 * 60 + 45))
        second.after_visit, second.min_gap = first.visit_id, GAP_MIN
        if second.slot == "lunch" and dice.happens(0.4):
            second.max_gap = 2 * GAP_MIN  # never binding for a lunch visit, but there
    return len(linked)


def add_respite(client: ClientPlan) -> None:
    """Replace a client's morning visits on three days by long ones, back to back."""
    client.package, client.skills = "complex", ("medication", "peg")
    client.visits = [
        VisitPattern(
            visit_id=f"{client.client_id}-sit{i + 1}",
            days="M-W-F--",
            slot=slot,
            preferred=start,
            earliest=start - 10,
            latest=start + 10,
            minutes=minutes,
            skills=client.skills,
            priority="essential",
            time_critical=True,
        )
        for i, (slot, start, minutes) in enumerate(RESPITE)
    ]


def _visit(
    client: ClientPlan, slot: str, days: str, minutes: int, urgency: str, dice: Dice
) -> VisitPattern:
    start, end = band(slot)
    if slot == "evening":
        # Before the late shift's end; most people want to be in bed by nine.
        end = min(LAST_END - minutes, 20 * 60 + 60)
    low, high = start + (30 if slot == "morning" else 15), end - 15
    if slot == "lunch":  # before the shifts change, two workers at once all the more
        high -= 60 if client.double else 30
    elif client.double and slot == "tea":
        low = 15 * 60
    preferred = low + 5 * dice.whole(0, (high - low) // 5)
    if client.double and urgency == "critical":
        urgency = "essential"  # two workers to the minute would be too much to ask
    half = dice.pick(HALF_WIDTHS[urgency])
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


def _domestic(client: ClientPlan, dice: Dice) -> VisitPattern:
    preferred = 10 * 60 + 15 * dice.whole(0, 14)
    return VisitPattern(
        visit_id=f"{client.client_id}-home",
        days=dice.pick(DOMESTIC_DAYS),
        slot="lunch" if preferred >= band("lunch")[0] else "late_morning",
        preferred=preferred,
        earliest=9 * 60 + 30,
        latest=15 * 60,
        minutes=dice.weighted(((60, 0.4), (90, 0.35), (120, 0.25))),
        priority="flexible",
    )


def _days(client: ClientPlan, dice: Dice) -> str:
    if client.often == "part_week":
        return dice.pick(PART_WEEKS)
    may_pause = client.often in ("one_a_day", "two_a_day") and not client.double
    if may_pause and dice.happens(figure("weekdays_only")):
        return "MTWTF--"
    return ALL_WEEK


def _urgency(client: ClientPlan, dice: Dice) -> str:
    if "medication" in client.skills and dice.happens(
        figure("time_critical_medication")
    ):
        return "critical"
    return "essential" if client.double or client.skills else "standard"


def _move(visit: VisitPattern, preferred: int) -> None:
    """Move a visit in its band, with its window."""
    start, end = band(visit.slot)
    shift = preferred - visit.preferred
    visit.preferred = preferred
    visit.earliest = max(start, visit.earliest + shift)
    visit.latest = min(end, visit.latest + shift)
