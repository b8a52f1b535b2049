"""The documentation names every command, option and error code."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import roundplan
from roundplan.cli._app import app

ROOT = Path(__file__).parents[2]
PACKAGE = Path(roundplan.__file__).parent

pytestmark = pytest.mark.skipif(
    not (ROOT / "docs").is_dir(), reason="the tests run without the documentation"
)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_error_code_is_in_the_error_index():
    sources = [p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")]
    used = {code for text in sources for code in re.findall(r"\"(E\d{4})\"", text)}
    listed = set(re.findall(r"^\| (E\d{4}) \|", read("docs/errors.md"), re.MULTILINE))
    assert used - {"E0000"} == listed


def _commands(group, before=""):
    """The names of all commands, those in groups with their group's."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} ")
        else:
            yield before + name


@pytest.mark.parametrize("command", sorted(_commands(get_command(app))))
def test_every_command_and_option_is_documented(command):
    page = read("docs/commands.md")
    assert f"\n## {command}\n" in page
    helped = CliRunner().invoke(app, [*command.split(), "--help"]).output
    for option in re.findall(r"--[a-z-]+", helped):
        assert option in page


def test_links_between_pages_lead_somewhere():
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("*.md"),
    ]
    lost = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert lost == []


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    from roundplan.datasets import copy_demo

    monkeypatch.chdir(tmp_path)
    copy_demo(tmp_path / "roundplan-demo" / "problem")
    block = re.search(r"```python\n(.*?)```", read("README.md"), re.DOTALL).group(1)
    assert "seconds=60" in block
    exec(block.replace("seconds=60", "iterations=20"), {})
    out = capsys.readouterr().out
    assert "20 iterations" in out
    assert "\n0 violations; " in out


def test_the_glossary_is_sorted():
    words = re.findall(r"^\| ([a-z][^|]+?) \|", read("docs/glossary.md"), re.MULTILINE)
    words.remove("word")
    assert words == sorted(words, key=str.lower)
