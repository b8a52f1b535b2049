"""``roundplan charter``: what each rule of the charter costs, by planning with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli._console import Screen
from roundplan.cli._options import Iterations, Quiet, Seconds
from roundplan.errors import UsageError

DEFAULT_SECONDS = 20.0
MOST_SEEDS = 50


def charter_command(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="Problem folders: areas, or weeks, that are added up.",
            metavar="FOLDER",
        ),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="Where trials are kept; a run that stopped goes on."
        ),
    ],
    rules: Annotated[
        str,
        typer.Option(
            "--rules", metavar="LIST", help="Only these rules, with commas between."
        ),
    ] = "",
    seeds: Annotated[
        int,
        typer.Option(
            "--seeds",
            min=1,
            max=MOST_SEEDS,
            metavar="K",
            help="Plan each scenario K times: what differs by chance shows.",
        ),
    ] = 3,
    seconds: Seconds = None,
    iterations: Iterations = None,
    bound_seconds: Annotated[
        float | None,
        typer.Option(
            "--bound-seconds",
            min=0,
            metavar="S",
            help="Look for a lower bound of each plan for so long.",
        ),
    ] = None,
    shapley: Annotated[
        bool,
        typer.Option(
            "--shapley", help="Share what all planning rules cost among them."
        ),
    ] = False,
    short_calls: Annotated[
        int,
        typer.Option(
            "--short-calls",
            min=0,
            max=100,
            metavar="PERCENT",
            help="Of visits up to 30 min, how many are 15 without that rule.",
        ),
    ] = 0,
    guaranteed: Annotated[
        int | None,
        typer.Option(
            "--guaranteed",
            min=0,
            max=100,
            metavar="PERCENT",
            help="Workers with guaranteed hours, instead of the folder's.",
        ),
    ] = None,
    confidence: Annotated[
        float,
        typer.Option(
            "--confidence",
            metavar="PERCENT",
            help="Weeks that need the hours that can be guaranteed.",
        ),
    ] = 90.0,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes", min=1, max=256, metavar="N", help="Plan on N processes."
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Plan on a Dask cluster."),
    ] = None,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified", help="Count with rates past the day they are verified to."
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """
    Say what each rule of the charter costs, by planning without it.

    None of the rules, each alone and all together, from the same seeds. Rules of pay
    alone (living wage, paid travel, sick pay) do not plan again. A difference within
    what the seeds differ by is printed as not distinguishable.
    """
    if processes is not None and cluster is not None:
        msg = "give --processes or --cluster, not both"
        raise UsageError(msg)
    from roundplan.charter.prices import RulePlans
    from roundplan.charter.switches import Switches
    from roundplan.cli._charter import chosen_rules, print_prices

    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    print_prices(
        [folder.absolute() for folder in folders],
        out,
        plans=RulePlans(
            rules=chosen_rules(rules),
            seeds=tuple(range(1, seeds + 1)),
            shares=shapley,
        ),
        switches=Switches(
            short_calls_percent=short_calls, guaranteed_percent=guaranteed
        ),
        seconds=seconds,
        iterations=iterations,
        bound_seconds=bound_seconds,
        confidence=confidence,
        cluster=processes if cluster is None else cluster,
        unverified=unverified,
        screen=Screen(quiet=quiet),
    )
