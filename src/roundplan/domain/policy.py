"""Policies: which rules are hard, what everything is worth, with DESIGN 4's defaults.

Prices are whole pence, times are seconds. They are for the cost, the checker and
the search alike; nothing else holds a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from roundplan.domain.rule import Rule
from roundplan.errors import DomainError, UsageError
from roundplan.units import HOUR_S, MINUTE_S

ALWAYS_HARD = frozenset(
    {
        Rule.COVERAGE,
        Rule.DURATION,
        Rule.SKILLS,
        Rule.GENDER,
        Rule.BARRED,
        Rule.AVAILABILITY,
        Rule.PINS,
        Rule.DOUBLE_HANDED,
        Rule.LINKS,
        Rule.WINDOW,
        Rule.TRAVEL,
    }
)
"""Rules that every policy keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A set of hard rules with thresholds and prices (DESIGN 4, "Prices").

    Parameters
    ----------
    hard
        The rules that make a roster wrong when broken.
    pay_floor
        The rate name under which no worker may be paid: ``london_living_wage`` leg
        by leg (charter), ``national_minimum_wage`` over the horizon (plain), or None.
    soft_lateness_s, lateness_p_min
        How late after the window a visit may start that is neither essential nor
        time-critical, and its price a minute.
    buffer_s
        Added to the travel of every leg that moves.
    paid_gap_max_s
        A wait up to this is paid; a longer one is unpaid and off both clocks
        (DOMAIN 4.3 R3: tribunal practice of 60 minutes, hence a parameter).
    short_refused_s, short_agreed_s
        A visit of ``short_refused_s`` or less is refused; below ``short_agreed_s``
        it must be agreed and its worker known (charter 1b; NICE NG21 1.4.2).
    break_after_s, break_s
        Working time in a day above which a break is due, and its length (Working
        Time Regulations 1998, reg. 12).
    daily_rest_s, weekly_rest_s, fortnight_rest_s
        Regs 10 and 11.
    average_s, average_weeks
        Reg. 4: 48 hours over 17 weeks.
    known_days
        A worker is known to a client visited within so many days before.
    continuity_days
        Length of the blocks, from the horizon's first day, in which distinct
        workers are counted against the team size.
    team_sizes
        ``(visits a week up to, size)`` pairs in rising order; the last is for all
        above.
    travel_rounding_s
        Travel times are rounded up to whole multiples of this.
    """

    name: str
    hard: frozenset[Rule]
    pay_floor: str | None = "london_living_wage"
    soft_lateness_s: int = 15 * MINUTE_S
    lateness_p_min: int = 20
    largest_lateness_p_min: int = 0
    buffer_s: int = 3 * MINUTE_S
    travel_rounding_s: int = MINUTE_S
    paid_gap_max_s: int = HOUR_S
    short_refused_s: int = 15 * MINUTE_S
    short_agreed_s: int = 30 * MINUTE_S
    break_after_s: int = 6 * HOUR_S
    break_s: int = 20 * MINUTE_S
    daily_rest_s: int = 11 * HOUR_S
    weekly_rest_s: int = 24 * HOUR_S
    fortnight_rest_s: int = 48 * HOUR_S
    average_s: int = 48 * HOUR_S
    average_weeks: int = 17
    known_days: int = 90
    continuity_days: int = 7
    team_sizes: tuple[tuple[int, int], ...] = ((3, 1), (7, 2), (14, 3), (9999, 4))
    overtime_percent: int = 25
    pay_percent: int = 100
    """Share of the hourly rate that enters the cost; 0 leaves pay out (benchmark)."""
    guaranteed_hours: bool = True
    unknown_worker_p: int = 300
    extra_worker_p: int = 500
    preferred_start_p_min: int = 2
    ltn_crossing_p: int = 50
    cell_change_p: int = 0
    """A price on each leg from a client to one in another neighbourhood."""
    fares: bool = True
    """Whether the employer pays the dated bus fare of each leg by public transport."""
    mileage: bool = True
    co2e_g_km_drive: int = 0
    """Grams of CO2e per car kilometre; 0 for the dated factor of an average car."""
    carbon_p_tonne: int = 0
    """A price on the CO2e of car legs: the table's ``carbon_value`` is a reference."""
    parking_s: int = 0
    """Minutes lost at the end of each car leg, in seconds: on the clock and paid."""
    other_patch_p: int = 200
    not_preferred_p: int = 0
    other_language_p: int = 0
    secondary_tier_p: int = 100
    spot_tier_p: int = 300
    home_leg_p_min: int = 5
    travel_p_min: int = 0
    """A price on travel time on top of pay: what the benchmark policy minimises."""
    change_p: int = 0
    unassigned_essential_p: int = 100_000
    unassigned_standard_p: int = 30_000
    unassigned_flexible_p: int = 5_000

    def __post_init__(self) -> None:
        """Refuse a policy that drops a rule every roster must keep."""
        if missing := ALWAYS_HARD - self.hard:
            msg = f"policy {self.name} drops {', '.join(sorted(missing))}"
            raise DomainError(msg)
        least = {"travel_rounding_s": 1, "continuity_days": 1, "average_weeks": 2}
        for field in fields(self):
            value = getattr(self, field.name)
            low = least.get(field.name, 0)
            if isinstance(value, int) and value < low:
                msg = f"policy {self.name}: {field.name} must be at least {low}"
                raise DomainError(msg)
        if not self.team_sizes:
            msg = f"policy {self.name}: team_sizes must not be empty"
            raise DomainError(msg)

    def team_size(self, attendances: int, days: int) -> int:
        """Return the default team size for ``attendances`` within ``days`` days.

        Attendances a week are rounded to the nearest whole number, halves up.
        """
        weekly = (2 * attendances * 7 + days) // (2 * days)
        for up_to, size in self.team_sizes:
            if weekly <= up_to:
                return size
        return self.team_sizes[-1][1]


CHARTER = Policy(name="charter", hard=frozenset(Rule))
"""The Ethical Care Charter, DESIGN 4's default."""

PLAIN = Policy(
    name="plain",
    hard=frozenset(Rule) - {Rule.SHORT_VISIT},
    pay_floor="national_minimum_wage",
    buffer_s=0,
)
"""No charter: the law, and nothing else."""

BENCHMARK = Policy(
    name="benchmark",
    hard=ALWAYS_HARD,
    pay_floor=None,
    soft_lateness_s=0,
    buffer_s=0,
    travel_rounding_s=1,
    overtime_percent=0,
    pay_percent=0,
    guaranteed_hours=False,
    unknown_worker_p=0,
    extra_worker_p=0,
    preferred_start_p_min=0,
    ltn_crossing_p=0,
    fares=False,
    mileage=False,
    other_patch_p=0,
    secondary_tier_p=0,
    spot_tier_p=0,
    home_leg_p_min=0,
    travel_p_min=60,
)
"""Published one-day instances: travel seconds and nothing else; 1 second = 1p."""

POLICIES: dict[str, Policy] = {p.name: p for p in (CHARTER, PLAIN, BENCHMARK)}


def named_policy(name: str, **overrides: object) -> Policy:
    """Return a named policy, with some fields replaced.

    Raises
    ------
    UsageError
        E1002. No policy or field of that name.
    """
    if name not in POLICIES:
        msg = f"there is no policy {name!r}; there are {', '.join(POLICIES)}"
        raise UsageError(msg)
    known = set(Policy.__dataclass_fields__) - {"name", "hard"}
    if unknown := set(overrides) - known:
        msg = f"a policy has no {', '.join(sorted(unknown))}"
        raise UsageError(msg)
    return replace(POLICIES[name], **overrides)  # type: ignore[arg-type]
