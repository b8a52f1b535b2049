"""Writes a generated problem folder: streets, tables and a README of assumptions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from roundplan.datasets.assumptions import figure
from roundplan.datasets.demand import Week, make_week
from roundplan.datasets.readme import readme
from roundplan.datasets.tables import tables
from roundplan.datasets.town import build_town, osm_xml
from roundplan.errors import UsageError

DEFAULT_START = date(2026, 6, 1)
MOST_DAYS = 28
SMALL_TOWN_KM2, TOWN_KM2 = 1.8, 6.25


def generate(
    out: Path,
    *,
    clients: int = 120,
    seed: int = 1,
    start_date: date = DEFAULT_START,
    days: int = 7,
) -> Path:
    """Write a problem folder with a made-up town and a week of home care in it.

    The same arguments give the same bytes on every platform. Nothing is left behind
    when writing fails.

    Parameters
    ----------
    out
        The new folder; an empty one may be there already.
    clients
        At least 1. Workers follow from the visits; the town grows with the clients.
    days
        1 to 28.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    UsageError
        E1002. An argument out of its range, or a folder that is not empty.
    """
    if clients < 1:
        msg = f"there must be at least 1 client, not {clients}"
        raise UsageError(msg)
    if not 1 <= days <= MOST_DAYS:
        msg = f"a horizon has 1 to {MOST_DAYS} days, not {days}"
        raise UsageError(msg)
    with new_folder(out) as folder:
        for name, text in generated_files(clients, seed, start_date, days).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return out


def generated_files(
    clients: int, seed: int, start_date: date, days: int
) -> Mapping[str, str]:
    """Return the files of a generated problem folder: name and text."""
    town = build_town(seed, area_km2(clients))
    week = make_week(town, clients=clients, seed=seed, start_date=start_date, days=days)
    return {
        "problem.toml": _problem_toml(week),
        "town.osm": osm_xml(town.osm),
        **tables(week),
        "README.md": readme(week, town, seed),
    }


def area_km2(clients: int) -> float:
    """Return the area of a town for so many clients.

    A handful get a small town; a few thousand live as densely as Southwark's did.
    """
    at_120 = clients * TOWN_KM2 / 120
    return max(
        SMALL_TOWN_KM2, min(at_120, max(TOWN_KM2, clients / figure("clients_km2")))
    )


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``out`` that becomes ``out`` when all went well.

    Raises
    ------
    UsageError
        E1002. ``out`` is a file, or a folder with something in it.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is there already and not an empty folder: name a new one"
        raise UsageError(msg)
    out.parent.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        folder = parent / "new"
        folder.mkdir()
        yield folder
        if out.exists():
            out.rmdir()
        folder.replace(out)
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def _problem_toml(week: Week) -> str:
    return "\n".join(_problem_lines(week)) + "\n"


def _problem_lines(week: Week) -> Iterable[str]:
    yield f'start_date = "{week.start_date}"'
    yield f"days = {week.days}"
    yield 'timezone = "Europe/London"'
    yield ""
    yield "[network]"
    yield 'file = "town.osm"'
    yield ""
    yield "[policy]"
    yield 'name = "charter"'
