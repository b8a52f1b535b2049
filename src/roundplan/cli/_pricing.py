"""What ``rates`` prints: dated rates, a price build-up, a worked case."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from roundplan.charter.build_up import PriceBuildUp, build_up, reconcile
from roundplan.charter.build_up_inputs import SHIPPED_INPUTS, load_build_up
from roundplan.charter.southwark import (
    CONTACT_HOURS,
    ESTIMATE_P,
    PEOPLE,
    PROVISION_P,
    PUBLISHED_P,
    REASONS,
    VISITS,
    alternatives,
    assumptions,
    case_at_rates,
    case_cost,
    travel_min_for,
)
from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._text import counted, pounds
from roundplan.cost import RatePeriod, RateTable
from roundplan.domain import LlwFrom
from roundplan.errors import UsageError
from roundplan.formats import write_whole

COLUMNS = (
    "rate",
    "region",
    "value",
    "unit",
    "first",
    "last",
    "verified_to",
    "source",
    "confidence",
)


def print_rates(
    screen: Screen,
    table: RateTable,
    day: date,
    llw_from: LlwFrom,
    *,
    names: Sequence[str],
    sources: bool,
    csv: Path | None,
) -> None:
    """Print the rates in force, write them as CSV.

    Raises
    ------
    UsageError
        E1002. No rate has such a name.
    """
    held, missing = table.in_force(day, llw_from)
    if names:
        held = [p for p in held if _named(p.rate.rate, names)]
        missing = [name for name in missing if _named(name, names)]
        if not held and not missing:
            msg = f"no rate has {' or '.join(names)} in its name"
            raise UsageError(msg)
    if csv is not None:
        write_whole(csv, _csv(held))
    screen.heading(f"Rates in force on {day}")
    screen.table(
        ["Rate", f"{RIGHT}Value", "Unit", f"{RIGHT}Since", f"{RIGHT}Verified to"],
        [
            (
                p.rate.rate.replace("_", " "),
                p.rate.value,
                p.rate.unit,
                str(p.first),
                f"{'! ' if day > p.verified_to else ''}{p.verified_to}",
            )
            for p in held
        ],
    )
    doubtful = sum(day > p.verified_to for p in held)
    if doubtful:
        screen.say()
        screen.say(
            f"! {counted(doubtful, 'rate is', 'rates are')} not vouched for on this "
            "day: a plan warns, a cost refuses."
        )
    if missing:
        screen.heading("Not known on this day: supply them with --rates FILE")
        screen.bullets([", ".join(name.replace("_", " ") for name in missing)])
    if sources:
        screen.heading("Sources")
        screen.bullets(
            f"{p.rate.rate.replace('_', ' ')}: {p.rate.source}. "
            f"Confidence: {p.rate.confidence}"
            for p in held
        )
    if csv is not None:
        screen.say(f"Wrote {csv}")


def _named(rate: str, names: Sequence[str]) -> bool:
    return any(n.lower().replace(" ", "_").replace("-", "_") in rate for n in names)


def _csv(held: Sequence[RatePeriod]) -> str:
    text = io.StringIO()
    writer = csv_format.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for p in held:
        r = p.rate
        last = "" if p.last is None else str(p.last)
        row = (r.rate, r.region, r.value, r.unit, p.first, last, p.verified_to)
        writer.writerow((*row, r.source, r.confidence))
    return text.getvalue()


def print_build_up(
    screen: Screen, path: str, table: RateTable, llw_from: LlwFrom
) -> None:
    """Print the price of a contact hour by length of visit, part by part."""
    inputs = load_build_up(path, table, llw_from)
    built = build_up(inputs)
    screen.heading(f"The price of a contact hour at the rates of {inputs.on}")
    pence = [b.pence() for b in built]
    shown = [name for name in pence[0] if any(p[name] for p in pence)]
    screen.table(
        ["In visits of", *(f"{RIGHT}{_number(b.visit_min)} min" for b in built)],
        [
            *(
                (name.replace("_", " "), *(pounds(p[name]) for p in pence))
                for name in shown
            ),
            ("a contact hour", *(pounds(b.price_p) for b in built)),
        ],
        last_is_total=True,
    )
    screen.say()
    visits = ", ".join(
        f"{_number(b.visit_min)} min {pounds(_visit_p(b))}" for b in built
    )
    screen.say(f"A visit: {visits}")
    groups = ", ".join(map(_number, inputs.contact_hours_week))
    screen.bullets(
        [
            f"Pay {pounds(round(inputs.pay_p_hour))} an hour for contact, travel, "
            "waiting and training.",
            f"National Insurance and pension by worker, at {groups} contact hours a "
            "week; the Employment Allowance is not counted.",
        ]
    )
    if path in SHIPPED_INPUTS:
        _print_reconciled(screen, built[0], table)


def _print_reconciled(screen: Screen, built: PriceBuildUp, table: RateTable) -> None:
    rows = reconcile(built, table)
    total = sum(r.published_p for r in rows)
    screen.heading("Beside the published minimum price of 2020-21")
    screen.table(
        ["Component", f"{RIGHT}Published", f"{RIGHT}Ours", f"{RIGHT}Difference"],
        [
            *(
                (
                    r.component.replace("_", " "),
                    pounds(r.published_p),
                    pounds(r.ours_p),
                    pounds(r.ours_p - r.published_p),
                )
                for r in rows
            ),
            (
                "a contact hour",
                pounds(total),
                pounds(built.price_p),
                pounds(built.price_p - total),
            ),
        ],
        last_is_total=True,
    )
    screen.say()
    screen.say("docs/build-up.md says which inputs were published, and which were set")
    screen.say("so that a published component comes out.")


def _visit_p(built: PriceBuildUp) -> int:
    return int(built.price * built.visit_min / 60 + Fraction(1, 2))


def _number(value: Fraction) -> str:
    return f"{float(value):g}"


def print_case(screen: Screen, table: RateTable) -> None:
    """Print Southwark's travel pay and guaranteed hours beside the published cost."""
    case = case_at_rates(table)
    cost = case_cost(case)
    screen.heading("Southwark 2014: paid travel and guaranteed hours, a year")
    screen.table(
        ["", f"{RIGHT}"],
        [
            ("Visits (published)", f"{VISITS:,}"),
            ("Contact hours (published)", f"{CONTACT_HOURS:,}"),
            ("People (published)", f"nearly {PEOPLE:,}"),
            ("Hours of travel", f"{float(cost.travel_hours):,.0f}"),
            ("Workers", f"{float(cost.workers):,.0f}"),
            ("Pay for travel", pounds(round(cost.travel_p))),
            ("Guaranteed hours not worked", pounds(round(cost.guaranteed_p))),
            ("both", pounds(round(cost.total_p))),
        ],
        last_is_total=True,
    )
    share = float(100 * cost.total_p / PUBLISHED_P)
    minutes = float(travel_min_for(PUBLISHED_P, case))
    screen.say()
    screen.say(
        f"Published (para 46): {pounds(PUBLISHED_P)}. Ours is {share:.0f}% of it;"
    )
    screen.say(f"travel of {minutes:.1f} minutes a visit would give it exactly.")
    more = 100 * (PROVISION_P - ESTIMATE_P) / ESTIMATE_P
    screen.say(
        f"The provision of {pounds(PROVISION_P)}, {more:.1f}% above the estimate of"
    )
    screen.say(
        f"{pounds(ESTIMATE_P)}, covers wider services: over these hours it is "
        f"{pounds(round(PROVISION_P / CONTACT_HOURS))},"
    )
    screen.say("which is no price of an hour.")
    screen.heading("Assumptions: the report gives none")
    screen.bullets(
        f"{reason.label}: {_number(value)} {reason.unit}; {reason.why}"
        for reason, value in assumptions(case)
    )
    screen.heading("What another value of one of them gives")
    screen.table(
        ["Assumption", f"{RIGHT}Value", f"{RIGHT}Both measures", f"{RIGHT}Change"],
        [
            (
                REASONS[a.name].label,
                f"{_number(a.value)} {REASONS[a.name].unit}",
                pounds(round(a.total_p)),
                pounds(round(a.total_p - cost.total_p)),
            )
            for a in alternatives(case)
        ],
    )
