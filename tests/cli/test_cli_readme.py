"""The README shows what the program prints, and its commands work as written."""

import re
from pathlib import Path

import pytest
from cli_folders import FILES, write_files

from roundplan.cost import TERMS
from roundplan.domain import Mode

README = Path(__file__).parents[2] / "README.md"

pytestmark = pytest.mark.skipif(
    not README.is_file(), reason="the tests run without the README"
)

STREETS = """\
<osm version="0.6">
  <node id="1" lat="51.6069" lon="-0.1243"/>
  <node id="2" lat="51.6080" lon="-0.1215"/>
  <node id="3" lat="51.6101" lon="-0.1190"/>
  <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
    <tag k="highway" v="residential"/></way>
</osm>
"""
"""One street past everybody in the README's example."""


def section(title):
    """The text under a heading of the README."""
    text = README.read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def shown(mark):
    """The block of the README under a marking comment."""
    return re.search(
        rf"<!-- {re.escape(mark)}.*?-->\n```\n(.*?)```",
        README.read_text(encoding="utf-8"),
        re.DOTALL,
    ).group(1)


def parts(summary):
    """A summary's parts between empty lines, as lists of lines."""
    return [part.splitlines() for part in summary.strip("\n").split("\n\n")]


def labels(lines):
    """What stands left of the figures of a table, without rulings."""
    cells = [re.split(r"\s{2,}(?=[£\d])", line)[0].rstrip() for line in lines]
    return [cell for cell in cells if cell and set(cell) != {"-"}]


OF_VEHICLES = {f"  {mode}" for mode in Mode} | {
    "LTN boundaries crossed by car",
    "Greenhouse gases of travel",
    "LTNs visited per round, mean",
}


@pytest.fixture
def real(command, tmp_path):
    """The summary of a small plan that has every key figure."""
    rows = FILES["visits.csv"].splitlines()
    preferred = ["preferred_start", "08:15", *[""] * (len(rows) - 2)]
    table = "".join(f"{a},{b}\n" for a, b in zip(rows, preferred, strict=True))
    folder = write_files(tmp_path / "problem", visits=table)
    said = command("plan", folder, "--out", tmp_path / "roster", "--iterations", 50)
    assert said.code == 0, said.out + said.err
    return said.out[re.search(r"^\d+ visits? placed", said.out, re.MULTILINE).start() :]


def test_the_summary_in_the_readme_has_the_sections_of_a_real_one(real):
    ours, theirs = parts(shown("demo output")), parts(real)
    placed = r"[\d,]+ visits? placed, [\d,]+ unassigned"
    for summary in (ours, theirs):
        assert re.fullmatch(placed, summary[0][0])
    assert [part[0] for part in ours[1:3]] == [part[0] for part in theirs[1:3]]
    assert [part[0] for part in ours[1:3]] == ["Cost", "Key figures"]
    for summary in (ours, theirs):
        assert summary[-1][-2] == "0 violations"
        assert summary[-1][-1].startswith("Wrote ")
    assert len(ours) == len(theirs)


def test_the_key_figures_in_the_readme_are_those_that_are_printed(real):
    """The small plan walks; the demo has the figures of other vehicles too."""
    ours, theirs = (labels(parts(of)[2]) for of in (shown("demo output"), real))
    assert [label for label in ours if label not in OF_VEHICLES] == theirs
    assert set(ours) - set(theirs) == OF_VEHICLES
    assert len(theirs) > 8


def test_the_cost_in_the_readme_lists_terms_in_their_order(real):
    order = ["Cost", "Term", *(name.replace("_", " ") for name in TERMS), "total"]
    for summary in (shown("demo output"), real):
        listed = [re.split(r"\s{2,}", line)[0] for line in labels(parts(summary)[1])]
        assert listed == [name for name in order if name in listed]
        assert listed[:2] == ["Cost", "Term"]


def test_the_rows_in_the_readme_are_those_of_a_roster(real, tmp_path):
    written = (tmp_path / "roster" / "0001" / "roster.csv").read_text(encoding="utf-8")
    rows = shown("demo roster.csv").splitlines()
    assert rows[0] == written.splitlines()[0]
    assert {row.count(",") for row in rows} == {rows[0].count(",")}


def test_a_folder_of_ones_own_works_as_written(command, tmp_path, monkeypatch):
    """Blocks named before them are written to files; commands run in their order."""
    monkeypatch.chdir(tmp_path)
    Path("my-area.osm").write_text(STREETS, encoding="utf-8")
    text, commands = section("Your own folder"), []
    for before, block in re.findall(r"([^\n]+)\n\n((?:    .+\n|\n(?=    ))+)", text):
        content = re.sub(r"^    ", "", block, flags=re.MULTILINE)
        named = re.match(r"`(\w+\.(?:csv|toml))`", before)
        if named:
            Path("my-week", named.group(1)).write_text(content, encoding="utf-8")
        for line in [] if named else content.splitlines():
            commands.append(line)
            if line.startswith("mkdir "):
                Path(line.split()[1]).mkdir()
            else:
                words = line.removeprefix("uv run roundplan ").split()
                if words[0] == "plan":  # a minute would be wasted on two visits
                    words += ["--iterations", "50"]
                said = command(*words)
                assert said.code == 0, line + said.out + said.err
    assert len(commands) == 4
    assert len(list(Path("my-week").iterdir())) == 6
    assert said.last == "0 violations"


def test_next_week_from_this_week_works_as_written(
    command, roster_folder, problem_folder, tmp_path, monkeypatch
):
    """The command of that section, and the line that it ends with."""
    monkeypatch.chdir(tmp_path)
    roster_folder.rename("my-roster")
    problem_folder.rename("my-next-week")
    text = section("Next week from this week's roster")
    line, told = re.findall(r"^    (.+)$", text, re.MULTILINE)
    words = line.removeprefix("uv run roundplan ").split()
    said = command(*words, "--iterations", "50")
    assert said.code == 0, said.out + said.err
    numbers = r"\d[\d,]*"
    found = re.search(r"^changed: .+$", said.out, re.MULTILINE)
    assert re.sub(numbers, "N", found.group()) == re.sub(numbers, "N", told)
