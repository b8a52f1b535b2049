"""Problem folders with faults of every kind: a message, or a roster that checks.

``ROUNDPLAN_FUZZ=1000 uv run pytest tests/integration/test_fuzzed_folders.py`` runs the
thousand that a change of the readers must pass.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from cli_folders import FILES, write_files

FOLDERS = int(os.environ.get("ROUNDPLAN_FUZZ", "60"))

CELLS = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "NaN",
    "25:61",
    "24:00",
    "2026-02-30",
    "2026-06-02",
    "C1",
    "C9",
    "W1;W1",
    "y",
    "maybe",
    '"',
    "=1+1",
    "<script>",
    "ü" * 3,
    "x" * 5000,
    "\x00",
    "a\nb",
    "08:00",
    "drive",
    "walk;transit",
    "essential",
]
SETTINGS = [
    "days = 0\n",
    "days = 29\n",
    'days = "one"\n',
    "start_date = 2026-13-01\n",
    '[policy]\nname = "none"\n',
    "[policy]\nparking_s = -1\n",
    "[policy]\nnonsense = 1\n",
    '[network]\nfile = "none.osm"\n',
    '[network]\nfile = "visits.csv"\n',
    "[rates]\nfile = 3\n",
    "= = =\n",
    'timezone = "Mars/Olympus"\n',
]


def spoilt(rng: random.Random, files: dict[str, str]) -> dict[str, bytes | None]:
    """The files with one to four faults."""
    found: dict[str, bytes | None] = {name: t.encode() for name, t in files.items()}
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        name = rng.choice(sorted(found))
        text = found[name]
        if text is None:
            continue
        kind = rng.randrange(9)
        if name == "problem.toml":
            found[name] = text + rng.choice(SETTINGS).encode()
            continue
        rows = [line.split(b",") for line in text.split(b"\n")]
        row = rng.randrange(max(1, len(rows) - 1))
        column = rng.randrange(len(rows[row]))
        if kind <= 3:
            rows[row][column] = rng.choice(CELLS).encode()
        elif kind == 4:
            rows.insert(row, list(rng.choice(rows)))
        elif kind == 5:
            del rows[row]
        elif kind == 6:
            rows[row] = rows[row][:column] + rows[row][column + 1 :]
        elif kind == 7:
            at = rng.randrange(max(1, len(text)))
            noise = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4)))
            found[name] = text[:at] + noise + text[at + rng.randrange(3) :]
            continue
        else:
            found[name] = rng.choice([None, b"", text[: len(text) // 2]])
            continue
        found[name] = b"\n".join(b",".join(cells) for cells in rows)
    return found


@pytest.mark.parametrize("part", range(4))
def test_a_spoilt_folder_gives_a_message_or_a_roster_that_checks(
    part, tmp_path, monkeypatch, capsys
):
    from roundplan.cli import main

    outcomes = {0: 0, 1: 0, 2: 0}
    for seed in range(part, FOLDERS, 4):
        rng = random.Random(seed)
        here = tmp_path / str(seed)
        write_files(here / "problem")
        for name, content in spoilt(rng, dict(FILES)).items():
            path = here / "problem" / name
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)

        def run(*arguments: object) -> tuple[int, str]:
            monkeypatch.setattr(sys, "argv", ["roundplan", *map(str, arguments)])
            with pytest.raises(SystemExit) as stop:
                main()
            printed = capsys.readouterr()
            return stop.value.code or 0, printed.out + printed.err

        out = here / "roster"
        code, said = run("plan", here / "problem", "--out", out, "--iterations", 5)
        assert code in outcomes, (seed, code, said)
        assert "Traceback" not in said, (seed, said)
        outcomes[code] += 1
        if code == 2:
            assert not out.exists() or not any(out.iterdir()), seed
            assert said.strip(), seed
            continue
        checked, said = run("check", out)
        assert checked in (0, 1), (seed, said)
        assert "0 violations" in said, (seed, said)
    assert outcomes[2] > 0
    if FOLDERS >= 400:
        assert outcomes[0] > 0
