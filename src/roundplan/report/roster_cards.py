"""The key figures that a roster's page shows, each with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from roundplan.words import pounds

Figures = Mapping[str, Any]


class Unit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    NUMBER = "number"
    HOURS = "h"
    PERCENT = "%"
    PENCE = "pence"
    KM = "km"
    KG = "kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One key figure: ``key`` as in kpis.json, or as `figures_of` adds it."""

    key: str
    name: str
    unit: Unit
    meaning: str


CARDS = (
    Card(
        key="visits_placed",
        name="Visits placed",
        unit=Unit.COUNT,
        meaning="Visits that have a worker; a double-handed visit counts once.",
    ),
    Card(
        key="visits_unassigned",
        name="Visits without a worker",
        unit=Unit.COUNT,
        meaning="Listed below, with reasons.",
    ),
    Card(
        key="cost_p",
        name="Cost",
        unit=Unit.PENCE,
        meaning="All terms of the table Cost: pay, and prices on what is not cash.",
    ),
    Card(
        key="cost_per_contact_hour_p",
        name="Cost per contact hour",
        unit=Unit.PENCE,
        meaning="Cost, over the hours that workers are with clients.",
    ),
    Card(
        key="paid_hours",
        name="Paid hours",
        unit=Unit.HOURS,
        meaning="Contact, travel between visits, parking, paid waiting, training and "
        "meetings.",
    ),
    Card(
        key="contact_per_paid_percent",
        name="Paid time with clients",
        unit=Unit.PERCENT,
        meaning="Contact time, of paid time.",
    ),
    Card(
        key="travel_per_contact_percent",
        name="Travel per contact",
        unit=Unit.PERCENT,
        meaning="Travel time between visits, over contact time.",
    ),
    Card(
        key="guaranteed_unused_hours",
        name="Guaranteed hours unused",
        unit=Unit.HOURS,
        meaning="Guaranteed by contract and paid, but not worked.",
    ),
    Card(
        key="distinct_workers_mean",
        name="Workers per client",
        unit=Unit.NUMBER,
        meaning="Different workers that a client sees in the roster's days, mean.",
    ),
    Card(
        key="unknown_per_attendance_percent",
        name="By a worker not known",
        unit=Unit.PERCENT,
        meaning="First visits by a worker who was not introduced and has not visited "
        "lately, of all attendances.",
    ),
    Card(
        key="preferred_start_within_15_percent",
        name="On the preferred time",
        unit=Unit.PERCENT,
        meaning="Starts within 15 minutes of the preferred one, of visits with one.",
    ),
    Card(
        key="late_visits",
        name="Planned late",
        unit=Unit.COUNT,
        meaning="Visits that start after their window, at a price of the policy.",
    ),
    Card(
        key="active_per_leg_percent",
        name="Active travel",
        unit=Unit.PERCENT,
        meaning="Journeys on foot, by bicycle or e-bike, of all between visits and "
        "from or to offices.",
    ),
    Card(
        key="km",
        name="Distance",
        unit=Unit.KM,
        meaning="Between visits, and from or to offices; not from or to home.",
    ),
    Card(
        key="ltn_crossings",
        name="LTN boundaries crossed by car",
        unit=Unit.COUNT,
        meaning="Times that a car enters or leaves a low-traffic neighbourhood.",
    ),
    Card(
        key="co2e_kg",
        name="Greenhouse gases",
        unit=Unit.KG,
        meaning="Kilograms CO2e of the same journeys, by dated factors of modes.",
    ),
)


def figures_of(kpis: Figures, cost_p: int | None) -> dict[str, Any]:
    """Return key figures with what is computed from them."""
    contact = kpis.get("contact_hours")
    per_hour = None
    if cost_p is not None and contact:
        per_hour = round(cost_p / contact)
    metres = kpis.get("metres")
    return {
        **kpis,
        "cost_p": cost_p,
        "cost_per_contact_hour_p": per_hour,
        "km": None if metres is None else metres / 1000,
    }


def written(value: float | None, unit: Unit) -> str:
    """Return a figure with its unit; what there is none of is a dash."""
    if value is None:
        return "–"
    match unit:
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.NUMBER:
            return f"{value:,.2f}"
        case Unit.PENCE:
            return pounds(round(value))
        case Unit.PERCENT:
            return f"{value:,.1f} %"
        case _:
            return f"{value:,.1f} {unit.value}"


def change(now: float | None, before: float | None, unit: Unit) -> str:
    """Return how a figure has changed, in words."""
    if now is None or before is None:
        return "no figure before"
    by = now - before
    text = written(abs(by), Unit.NUMBER if unit is Unit.PERCENT else unit)
    if text == written(0, Unit.NUMBER if unit is Unit.PERCENT else unit):
        return "as before"
    if unit is Unit.PERCENT:
        text = f"{abs(by):,.1f} points"
    return f"{text} {'more' if by > 0 else 'less'} than {written(before, unit)} before"
