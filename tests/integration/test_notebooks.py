"""The notebooks run from top to bottom, and hold no outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roundplan.datasets import generate

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

pytestmark = pytest.mark.skipif(
    not NOTEBOOKS, reason="the tests run without the notebooks"
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("town") / "week", clients=12, days=2)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, town, tmp_path, monkeypatch):
    """On a small made town, with few iterations; charts are drawn."""
    nbclient = pytest.importorskip("nbclient", reason="the group test is missing")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("ROUNDPLAN_FOLDER", str(town))
    monkeypatch.setenv("ROUNDPLAN_ITERATIONS", "40")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    kinds = {
        kind
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for kind in output.get("data", {})
    }
    assert "image/png" in kinds
