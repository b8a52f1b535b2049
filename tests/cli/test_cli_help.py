"""Help answers at once, says everything, and loads nothing heavy."""

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from roundplan.cli._app import app

HEAVY = [
    "geopandas",
    "numba",
    "numpy",
    "ortools",
    "osmnx",
    "pandas",
    "pyarrow",
    "pyproj",
    "rich.console",
    "scipy",
    "shapely",
]

COMMANDS = [
    [],
    ["demo"],
    ["plan"],
    ["check"],
    ["explain"],
    ["diff"],
    ["repair"],
    ["place"],
    ["export"],
    ["report"],
    ["publish"],
    ["trace"],
    ["generate"],
    ["charter"],
    ["return"],
    ["rates"],
    ["network"],
    ["network", "build"],
    ["network", "info"],
]


def run(*arguments):
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_within_eighty_columns(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "..." not in re.sub(r"[\[{][A-Z]+[\]}]\.\.\.", "", result.output)


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if c and c != ["network"]], ids=" ".join
)
def test_every_command_can_be_quiet(command):
    assert "--quiet" in run(*command, "--help").output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_imports_nothing_heavy(command):
    """It must answer in under half a second, wherever it is measured."""
    code = (
        "import sys, atexit\n"
        f"heavy = {HEAVY}\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules]))\n"
        f"sys.argv = ['roundplan', *{command}, '--help']\n"
        "from roundplan.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_the_package_s():
    from importlib.metadata import version

    result = run("--version")
    assert (result.exit_code, result.output) == (
        0,
        f"roundplan {version('roundplan')}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "No such command"),
        (["plan"], "Missing argument"),
        (["plan", "x"], "--out"),
        (["plan", "x", "--out", "y", "--seconds", "-1"], "--seconds"),
        (["plan", "x", "--out", "y", "--seconds", "nan"], "--seconds"),
        (["plan", "x", "--out", "y", "--seconds", "inf"], "--seconds"),
        (["plan", "x", "--out", "y", "--seconds", "soon"], "--seconds"),
        (["plan", "x", "--out", "y", "--iterations", "-1"], "--iterations"),
        (["plan", "x", "--out", "y", "--iterations", "1.5"], "--iterations"),
        (["plan", "x", "--out", "y", "--seed", "-1"], "--seed"),
        (["plan", "x", "--out", "y", "--seed", str(2**32)], "--seed"),
        (["demo", "--seconds", "nan"], "--seconds"),
        (["generate", "--out", "y", "--clients", "0"], "--clients"),
        (["generate", "--out", "y", "--clients", "-5"], "--clients"),
        (["generate"], "--out"),
        (["network", "build", "x"], "--out"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(arguments, complaint):
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.output
    assert "Traceback" not in result.output
