"""How long it takes to get going: whole processes, from outside, some runs each.

    uv run python benchmarks/startup.py [--runs 3] [--seconds 20] [--record]

*Cold* is what the README promises a newcomer: a fresh clone of the last commit, ``uv
sync`` from packages that uv has cached, then ``uv run roundplan demo``, which compiles
the search; with no travel cached either. *Later* is that command again, until the first
roster stands and the search begins. The ``cpu`` rows are what the command took of the
processors, whoever else used them. Needs uv and git.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from recording import ROOT, parser_for, record, titled

SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def main() -> None:
    """Measure and print a line per measure."""
    parser = parser_for(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0, help="of the demo")
    given = parser.parse_args()
    found: dict[str, list[float]] = {}
    with titled(f"startup, {given.runs} cold runs"):
        for run in range(given.runs):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                for name, value in one_clone(Path(folder), given.seconds).items():
                    found.setdefault(name, []).append(value)
            row = {name: values[-1] for name, values in found.items()}
            record("startup", "demo", run + 1, row, wanted=given.record)
        for name, values in found.items():
            print(
                f"{name:<16}{statistics.median(values):>8.2f} s   "
                f"({min(values):.2f} to {max(values):.2f})"
            )


def one_clone(folder: Path, seconds: float) -> dict[str, float]:
    """Clone, set up, run the demo, and run it again; return seconds by name."""
    clone = folder / "clone"
    env = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    env.pop("NUMBA_CACHE_DIR", None)
    env["ROUNDPLAN_CACHE"] = str(folder / "travel")
    command = ["git", "clone", "--quiet", str(ROOT), str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    demo = ["uv", "run", "roundplan", "demo", "--seconds"]
    # as in the README: uv run sets up too, but apart the two can be told apart
    sync_s, *_ = timed(["uv", "sync", "--quiet"], clone, env)
    cold_s, cold_first_s, cold_cpu_s = timed([*demo, str(seconds)], clone, env)
    later_s, later_first_s, later_cpu_s = timed([*demo, "1"], clone, env)
    scripts = clone / ".venv" / SCRIPTS
    help_s, *_ = timed([str(scripts / "roundplan"), "--help"], clone, env)
    import_s, *_ = timed(
        [str(scripts / "python"), "-c", "import roundplan"], clone, env
    )
    return {
        "sync_s": sync_s,
        "cold_first_s": cold_first_s,
        "cold_demo_s": cold_s,
        "cold_total_s": sync_s + cold_s,
        "cold_cpu_s": cold_cpu_s,
        "later_first_s": later_first_s,
        "later_demo_s": later_s,
        "later_cpu_s": later_cpu_s,
        "help_s": help_s,
        "import_s": import_s,
    }


def timed(
    command: Sequence[str], cwd: Path, env: dict[str, str]
) -> tuple[float, float, float]:
    """Return seconds until a command ends and until its first roster, and of its CPU.

    Its first line of progress, on stderr, comes when the first roster stands and the
    search begins; 0 when there is none. (Windows does not tell the CPU time: 0.)
    """
    begun, used = time.perf_counter(), cpu_of_children()
    first_s = 0.0
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        said = []
        for line in process.stderr or ():
            said.append(line)
            if not first_s and " iteration" in line and "/s" in line:
                first_s = time.perf_counter() - begun
    # 1: an essential visit is without a worker, which is no failure of the command
    if process.returncode not in (0, 1):
        msg = f"{' '.join(command)} failed:\n{''.join(said)}"
        raise SystemExit(msg)
    return time.perf_counter() - begun, first_s, cpu_of_children() - used


def cpu_of_children() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


if __name__ == "__main__":
    main()
