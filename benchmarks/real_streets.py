"""A week on real streets by the commands that a rostering team uses, then measured.

    uv run python benchmarks/real_streets.py [--map FILE] [--seconds 60] [--record]

Draws clients and workers near the residential streets of an OpenStreetMap file, as
tests/integration/test_real_streets.py does, and runs ``roundplan network build``,
``plan`` and ``check`` on them. What they print is the proof that a week can be planned
on real streets; with ``--record`` it is kept beside the rows, as ``.txt``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from recording import SHARED, parser_for, record, results_file, titled
from week import measure_seeds, print_table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from drawn_week import draw_week

MAP = SHARED / "data" / "osm" / "bounds_green_2026.osm"
CLIENTS, WORKERS, DRAWN = 60, 20, 1
RUN = "import sys; from roundplan.cli import main; sys.exit(main())"


def main() -> None:
    """Draw, run the commands, measure."""
    parser = parser_for(__doc__)
    parser.add_argument("--map", type=Path, default=MAP)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    osm = given.map.resolve()
    seeds = range(1, given.seeds + 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_week(
            osm,
            folder / osm.stem,
            network=Path("../streets.roundplan"),
            clients=CLIENTS,
            workers=WORKERS,
            seed=DRAWN,
        )
        shutil.copy(osm, folder)
        lines = (
            f"network build {osm.name} --out streets.roundplan",
            f"plan {osm.stem} --out roster --seconds {given.seconds:g}",
            "check roster",
        )
        proof = "\n".join(said(folder, line) for line in lines)
        with titled(f"{osm.stem}, {given.seconds:g} s"):
            found = measure_seeds(folder / osm.stem, given.seconds, seeds)
            print_table(seeds, found)
    for seed, row in zip(seeds, found, strict=True):
        record("week", osm.stem, seed, row, wanted=given.record)
    if given.record:
        path = results_file(f"-{osm.stem}.txt")
        path.write_text(proof, encoding="utf-8", newline="\n")


def said(folder: Path, line: str) -> str:
    """Run a command in a folder, and return it with what it printed, also printed."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *line.split()],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    text = f"$ roundplan {line}\n{done.stdout}(exit code {done.returncode})\n"
    print(text, flush=True)
    return text


if __name__ == "__main__":
    main()
