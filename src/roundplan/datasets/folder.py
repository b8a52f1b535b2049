"""Writes a generated problem folder: streets, tables and a README of assumptions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from roundplan.cost import shipped_text
from roundplan.datasets.assumptions import Figures, figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand import Week, make_week
from roundplan.datasets.readme import readme
from roundplan.datasets.tables import tables
from roundplan.datasets.town import build_town, bus_lines, gtfs_zip, osm_xml
from roundplan.errors import UsageError

MOST_DAYS = 28


def generate(
    out: Path,
    *,
    like: str = "",
    clients: int | None = None,
    seed: int = 1,
    start_date: date | None = None,
    days: int = 7,
) -> Path:
    """Write a problem folder with a made-up town and a week of home care in it.

    The same arguments give the same bytes on every platform. Nothing is left behind
    when writing fails.

    Parameters
    ----------
    out
        The new folder; an empty one may be there already.
    like
        A named shape, such as ``southwark-2014``: its size, density and mix, as far as
        they were published. "" is a town like no other.
    clients
        At least 1; the shape's own number when not given. Workers follow from the
        visits; the town grows with the clients, and with fewer of them a shape keeps
        its density. Of packages that end, those of the first seven days.
    start_date
        The shape's own when not given.
    days
        1 to 28.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    UsageError
        E1002. An argument out of its range, an unknown shape, or a folder that is not
        empty.
    """
    if clients is not None and clients < 1:
        msg = f"there must be at least 1 client, not {clients}"
        raise UsageError(msg)
    if not 1 <= days <= MOST_DAYS:
        msg = f"a horizon has 1 to {MOST_DAYS} days, not {days}"
        raise UsageError(msg)
    shape = figures(like)
    given = shape.given(
        clients=shape.text("clients") if clients is None else clients,
        start_date=start_date or shape.text("start_date"),
    )
    with new_folder(out) as folder:
        for name, content in generated_files(given, seed, days).items():
            (folder / name).write_bytes(content)
    return out


def generated_files(given: Figures, seed: int, days: int) -> Mapping[str, bytes]:
    """Return the files of a generated problem folder: name and content."""
    clients = int(given.number("clients"))
    area = area_km2(given)
    town = build_town(seed, area, given)
    week = make_week(
        town,
        clients=clients,
        seed=seed,
        start_date=date.fromisoformat(given.text("start_date")),
        days=days,
        figures=given,
    )
    lines = bus_lines(town.osm, area, given, Dice(seed, 8))
    texts = {
        "problem.toml": _problem_toml(week),
        "town.osm": osm_xml(town.osm),
        **tables(week),
        "travel_rates.csv": shipped_text("travel_rates.csv"),
        "README.md": readme(week, town, lines, area, seed, given),
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        "gtfs.zip": gtfs_zip(lines, week.start_date, week.days, given),
    }


def area_km2(given: Figures) -> float:
    """Return the area of a town for the clients of some figures.

    A shape keeps its own density. Of a town like no other, a handful get a small one;
    a few thousand live as densely as Southwark's did.
    """
    clients, smallest = given.number("clients"), given.number("smallest_town_km2")
    if given.text("area_km2"):
        of_all = figures(given.shape).number("clients")
        return max(smallest, given.number("area_km2") * clients / of_all)
    town, density = given.number("town_km2"), given.number("clients_km2")
    return max(smallest, min(clients * town / 120, max(town, clients / density)))


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
    yield 'transit = "gtfs.zip"'
    yield ""
    yield "[policy]"
    yield 'name = "charter"'
