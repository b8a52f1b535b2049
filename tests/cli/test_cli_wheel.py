"""The built wheel holds all it needs: a demo from it in an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(UV is None, reason="uv, which builds the wheel, is not here"),
    pytest.mark.skipif(
        not (ROOT / "pyproject.toml").is_file(), reason="this is not a checkout"
    ),
]


def run(*command, cwd=None, codes=(0,)):
    """Run a command without the settings of this environment; return its output."""
    private = ("VIRTUAL_ENV", "PYTHON", "UV_PROJECT", "COVERAGE")
    env = {k: v for k, v in os.environ.items() if not k.startswith(private)}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--wheel", "--out-dir", out, ROOT)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_its_data_and_nothing_of_the_checkout(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "roundplan/py.typed",
        "roundplan/cost/rates.csv",
        "roundplan/formats/fields/visits.csv",
        "roundplan/datasets/demo/problem.toml",
        "roundplan/datasets/demo/visits.csv",
        "roundplan/datasets/shapes/southwark-2014.csv",
    ):
        assert needed in names
    assert not [n for n in names if n.startswith(("tests", "docs", "benchmarks"))]
    assert not [n for n in names if "__pycache__" in n or n.endswith("uv.lock")]
    assert any(n.endswith("licenses/LICENSE") for n in names)


def test_the_demo_runs_from_the_wheel_in_an_empty_folder(wheel, tmp_path):
    venv, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    run(UV, "venv", "--python", sys.executable, venv)
    scripts = venv / ("Scripts" if sys.platform == "win32" else "bin")
    run(UV, "pip", "install", "--python", scripts / "python", wheel)
    roundplan = scripts / "roundplan"
    # 1: two seconds may be too few to place every essential visit.
    said = run(roundplan, "demo", "--seconds", "2", cwd=empty, codes=(0, 1))
    assert "\n0 violations\n" in said
    checked = run(roundplan, "check", "roundplan-demo/roster", cwd=empty, codes=(0, 1))
    assert checked.splitlines()[-1] == "0 violations"
    assert [path.name for path in empty.iterdir()] == ["roundplan-demo"]
