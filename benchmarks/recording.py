"""Raw rows of benchmarks: one measured value each, with where it was measured.

Every script here prints for people and, with ``--record``, appends its rows to
``benchmarks/results/<date>-<commit>.csv``. `summary.py` makes the tables of RESULTS.md
from these files, so a row is never copied by hand and a worse one never gets lost.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
SHARED = ROOT.parent / "shared"
"""Material beside the project that some benchmarks need: maps and synthetic weeks."""

LIBRARIES = ("roundplan", "numpy", "numba", "scipy")
COLUMNS = (
    "time",
    "commit",
    "cpu",
    "cores",
    "memory_gb",
    "system",
    "python",
    *LIBRARIES,
    "load",
    "benchmark",
    "problem",
    "seed",
    "measure",
    "value",
)
"""``load`` is the mean number of running processes in the minute before."""

Measures = Mapping[str, float | str]
"""Values by name; names end in their unit."""


def parser_for(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument(
        "--record",
        action="store_true",
        help="append the rows to benchmarks/results/<date>-<commit>.csv",
    )
    return parser


def results_file(suffix: str = ".csv") -> Path:
    """Return where the rows of this commit go."""
    return RESULTS / f"{datetime.now(UTC).date()}-{commit()}{suffix}"


def record(
    benchmark: str, problem: str, seed: int | None, measures: Measures, *, wanted: bool
) -> None:
    """Append one row per measure; each with the machine, so that it stands alone."""
    if not wanted:
        return
    path = results_file()
    path.parent.mkdir(exist_ok=True)
    new = not path.exists()
    where = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        **machine(),
        "benchmark": benchmark,
        "problem": problem,
        "seed": "" if seed is None else seed,
    }
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        for measure, value in measures.items():
            rounded = round(value, 4) if isinstance(value, float) else value
            writer.writerow(where | {"measure": measure, "value": rounded})


def commit() -> str:
    """Return the short hash, with ``+`` when the package differs from the commit."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    short = git("rev-parse", "--short", "HEAD") or "unknown"
    changed = git("status", "--porcelain", "--", "src", "data", "pyproject.toml")
    return short + ("+" if changed else "")


def machine() -> dict[str, str | int | float]:
    """Return what the figures depend on, and nothing that names the machine."""
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else ""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 0,
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "load": load,
    }


def peak_mb() -> float | str:
    """Return the most memory that this process has held, in MB; "" where unknown."""
    try:
        import resource
    except ImportError:  # Windows has no such module
        return ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


@contextmanager
def titled(title: str) -> Iterator[None]:
    """Print a heading before, and a blank line after."""
    print(f"{title}\n{'-' * len(title)}", flush=True)
    yield
    print(flush=True)


def _cpu() -> str:
    """Return the processor's name, and what tells it from others of that name."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return platform.processor() or "unknown"
    found: dict[str, str] = {}
    for line in info.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    name = found.get("model name", platform.processor() or "unknown")
    numbers = [found.get(key, "?") for key in ("cpu family", "model", "stepping")]
    cache = found.get("cache size", "?")
    return f"{name} family {'/'.join(numbers)} cache {cache}"


def _memory_gb() -> float | str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return round(total / 1e9, 1)
