"""The hard rules: one identifier each, used by checker, search, docs and overrides."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """A hard rule of DESIGN 4. The value is what ``overrides.csv`` says."""

    COVERAGE = "coverage"
    """Every visit is in the rounds with all its workers, or listed as unassigned."""
    DURATION = "duration"
    """The rostered length is the commissioned length."""
    SKILLS = "skills"
    """The worker has every skill the visit asks for."""
    GENDER = "gender"
    """The worker's gender is the one the client asked for."""
    BARRED = "barred"
    """The worker is not barred from the client."""
    AVAILABILITY = "availability"
    """Visits, and legs from or to an office, lie inside a work shift of the worker."""
    PINS = "pins"
    """Pinned workers and pinned starts stay."""
    DOUBLE_HANDED = "double_handed"
    """Two workers of one visit start together."""
    LINKS = "links"
    """The gap between linked visits (start to start) is within its bounds."""
    WINDOW = "window"
    """The start is inside the time window, or within its soft lateness."""
    TRAVEL = "travel"
    """Every leg has time for its travel plus the buffer."""
    SHORT_VISIT = "short_visit"
    """No 15-minute call; under 30 minutes only when agreed and the worker is known."""
    BREAK = "break"
    """A rest of 20 minutes in a day of more than six hours' working time."""
    DAILY_REST = "daily_rest"
    """Eleven hours between one day's work and the next."""
    WEEKLY_REST = "weekly_rest"
    """24 hours in each week, or 48 hours in a fortnight."""
    AVERAGE_HOURS = "average_hours"
    """48 hours a week on average over 17 weeks, unless opted out."""
    MAX_HOURS = "max_hours"
    """The worker's own maximum hours in a week."""
    PAY = "pay"
    """Every leg and counted wait is paid at or above the pay floor in force."""


RULE_SUMMARY: dict[Rule, str] = {
    Rule.COVERAGE: "every visit has all its workers once, or is listed as unassigned",
    Rule.DURATION: "the rostered length is the commissioned length",
    Rule.SKILLS: "the worker has the skills the visit asks for",
    Rule.GENDER: "the worker's gender is the one the client asked for",
    Rule.BARRED: "the worker is not barred from the client",
    Rule.AVAILABILITY: "the worker is on shift",
    Rule.PINS: "pinned workers and starts stay",
    Rule.DOUBLE_HANDED: "two workers of one visit start together",
    Rule.LINKS: "linked visits keep their gap",
    Rule.WINDOW: "the visit starts inside its window",
    Rule.TRAVEL: "every leg has time for its travel and the buffer",
    Rule.SHORT_VISIT: "no 15-minute calls; under 30 minutes agreed and known only",
    Rule.BREAK: "a break in a day of more than six hours' work",
    Rule.DAILY_REST: "eleven hours between one day's work and the next",
    Rule.WEEKLY_REST: "24 hours' rest a week or 48 a fortnight",
    Rule.AVERAGE_HOURS: "48 hours a week on average over 17 weeks",
    Rule.MAX_HOURS: "the worker's own maximum hours in a week",
    Rule.PAY: "travel and waiting are paid at or above the pay floor",
}
