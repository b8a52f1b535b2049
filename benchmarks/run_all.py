"""Measure everything, append the raw rows, and renew the tables of RESULTS.md.

    uv run --group bench python benchmarks/run_all.py [--seeds 3]

Takes about two hours, most of it for the other solvers: 60 s each for every seed. Needs
../shared, uv and git. Commit first: the rows name the commit, and the cold start is
measured on a clone of it. Leave the machine alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from recording import SHARED, titled
from roundplan.datasets import shapes

HERE = Path(__file__).parent
DAYS = (SHARED / "benchmarks" / "days").glob("*.json")
WEEKS = SHARED / "benchmarks" / "weeks"
SHAPES = shapes()


def main() -> None:
    """Run each benchmark in a process of its own, then make the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    seeds = ["--seeds", str(parser.parse_args().seeds), "--record"]
    run("startup.py", "--runs", seeds[1], "--record")
    run("network_modes.py", "--record")
    run("network_modes.py", "--grid", "450", "--record")
    with titled("one-day instances"):
        files = [str(f) for f in sorted(DAYS, key=lambda path: path.stat().st_size)]
        run("days.py", *files, "--seconds", "60", "--bound", *seeds)
        # what a user who waits five seconds gets, against what a minute gives elsewhere
        run("days.py", *files, "--seconds", "5", "--peer-seconds", "60", *seeds)
        run("scaling.py", "--seconds", "60", "--record")
    for name in ("patch", "southwark"):
        run("week.py", str(WEEKS / name), "--seconds", "60", *seeds)
    run("week.py", *SHAPES, "--seconds", "60", "--seeds", "1", "--record")
    run("real_streets.py", "--seconds", "60", *seeds)
    run("capacity.py", str(WEEKS / "southwark"), "--seconds", "60", "--record")
    run("summary.py")


def run(script: str, *arguments: str) -> None:
    """Run a script of this folder; what it prints is seen."""
    subprocess.run([sys.executable, str(HERE / script), *arguments], check=True)


if __name__ == "__main__":
    main()
