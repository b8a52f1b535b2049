"""The commands, put together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roundplan.cli import (
    audit,
    charter,
    check,
    demo,
    diff,
    explain,
    export,
    generate,
    importing,
    network,
    place,
    plan,
    publish,
    rates,
    repair,
    report,
    return_,
    trace,
    what_if,
)

EPILOG = (
    "Exit codes: 0 fine; 1 violations, or essential visits unassigned; 2 bad input or "
    "usage; 3 a fault in roundplan; 130 interrupted."
)

app = typer.Typer(
    name="roundplan",
    help="Home-care rosters that keep the Ethical Care Charter, on real streets.",
    epilog=EPILOG,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"roundplan {version('roundplan')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and stop.",
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks (ROUNDPLAN_DEBUG=1).")
    ] = False,
    all_errors: Annotated[
        bool, typer.Option("--all-errors", help="Print every problem of the input.")
    ] = False,
    defaults: Annotated[
        Path | None,
        typer.Option(
            "--defaults",
            metavar="FILE",
            help="A TOML file with options of commands: [plan] seconds = 600.",
        ),
    ] = None,
) -> None:
    """Take defaults, and declare the options that ``_errors`` reads by itself."""
    del version, debug, all_errors
    if defaults is not None:
        from roundplan.cli._defaults import default_map

        context.default_map = default_map(defaults, context.command)


app.command("demo")(demo.demo_command)
app.command("plan")(plan.plan_command)
app.command("check")(check.check_command)
app.command("diff")(diff.diff_command)
app.command("explain")(explain.explain_command)
app.command("export")(export.export_command)
app.command("generate")(generate.generate_command)
app.command("publish")(publish.publish_command)
app.command("import")(importing.import_command)
app.command("report")(report.report_command)
app.command("place")(place.place_command)
app.command("repair")(repair.repair_command)
app.command("trace")(trace.trace_command)
app.command("what-if")(what_if.what_if_command)
app.command("audit")(audit.audit_command)
app.command("charter")(charter.charter_command)
app.command("return")(return_.return_command)
app.command("rates")(rates.rates_command)
app.add_typer(network.network_app, name="network")
