"""``roundplan rates``: the rates in force on a day, and what a contact hour costs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Quiet, refuse_bad_file
from roundplan.errors import UsageError


class WorkedCase(StrEnum):
    """A published sum that is worked out from its activity."""

    SOUTHWARK_2014 = "southwark-2014"


def rates_command(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Only rates with one of these in their name.", metavar="NAME"
        ),
    ] = None,
    *,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], metavar="DATE", help="The day; else today."
        ),
    ] = None,
    llw_from: Annotated[
        str,
        typer.Option(
            "--llw-from",
            metavar="WHEN",
            help="A living wage counts when announced, from the deadline or april.",
        ),
    ] = "deadline",
    rates: Annotated[
        Path | None,
        typer.Option(
            "--rates", metavar="FILE", help="Your own rates, before the shipped ones."
        ),
    ] = None,
    sources: Annotated[
        bool, typer.Option("--sources", help="Say where each rate is from.")
    ] = False,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write the rates with all columns."),
    ] = None,
    build_up: Annotated[
        str | None,
        typer.Option(
            "--build-up",
            metavar="FILE",
            help="Price a contact hour from the inputs of a TOML file, or of "
            "ukhca-2020-21.",
        ),
    ] = None,
    case: Annotated[
        WorkedCase | None,
        typer.Option("--case", help="Work out a published cost from its activity."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """
    Print the dated rates in force on a day.

    With --build-up, print what a contact hour costs a provider instead, by length of
    visit; with --case, a worked case. A cost refuses a rate past the day to which it
    is verified; the list says so.
    """
    from roundplan.cli._pricing import print_build_up, print_case, print_rates
    from roundplan.cost import RateTable
    from roundplan.domain import LlwFrom
    from roundplan.formats import load_rates

    if llw_from not in list(LlwFrom):
        msg = f"--llw-from is {', '.join(LlwFrom)}, not {llw_from}"
        raise UsageError(msg)
    if build_up is not None and case is not None:
        msg = "give --build-up or --case, not both"
        raise UsageError(msg)
    if csv is not None:
        if build_up is not None or case is not None:
            msg = "--csv is of the list of rates: give it without --build-up and --case"
            raise UsageError(msg)
        refuse_bad_file(csv)
    if build_up is not None and on is not None:
        msg = "the day of a build-up stands in its file: leave out --on"
        raise UsageError(msg)
    table = RateTable(user=() if rates is None else load_rates(rates))
    screen = Screen(quiet=quiet)
    if build_up is not None:
        print_build_up(screen, build_up, table, LlwFrom(llw_from))
    elif case is not None:
        print_case(screen, table)
    else:
        day = (on or datetime.now()).date()  # noqa: DTZ005 - the user's own today
        print_rates(
            screen,
            table,
            day,
            LlwFrom(llw_from),
            names=names or [],
            sources=sources,
            csv=csv,
        )
