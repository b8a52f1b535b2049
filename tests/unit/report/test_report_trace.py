"""The picture of a search: what it says, and that it needs nothing but itself."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from roundplan.errors import UsageError
from roundplan.report import read_trace, trace_html, trace_svg
from roundplan.report.trace_plot import FEW, pounds, seconds

HEADER = (
    "elapsed_s,iterations,temperature_p,unassigned_visits,total_p,contact_p,"
    "travel_p,paid_blocks_p,fares_p,unassigned_p,"
    "two_rounds_tried,two_rounds_accepted,two_rounds_improved"
)
ROWS = (
    "0.01,0,150,3,1000000,800000,150000,20000,0,30000,0,0,0",
    "0.1,40,149,1,950000,810000,110000,20000,0,10000,40,20,10",
    "12.5,9000,2,0,900000,800000,80000,20000,0,0,8960,896,0",
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def file(tmp_path: Path):
    """Writes a trace of a header and rows."""

    def write(*lines: str) -> Path:
        path = tmp_path / "trace.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_a_trace_is_read_by_column(file) -> None:
    found = read_trace(file(HEADER, *ROWS))
    assert found["total_p"] == (1_000_000, 950_000, 900_000)
    assert found.terms == ["contact", "travel", "paid_blocks", "fares", "unassigned"]
    assert found.ruins == ["two_rounds"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("visit_id,worker_id", "V1,W1"), "no elapsed_s"),
        ((HEADER,), "no moment"),
        ((HEADER, ROWS[0], "1,2"), "row 3"),
        ((HEADER, ROWS[0].replace("150", "warm", 1)), "row 2"),
        ((HEADER, ROWS[0].replace("150", "nan", 1)), "row 2"),
        ((HEADER.replace(",two_rounds_improved", ""), ROWS[0]), "two_rounds_improved"),
        (("",), "no elapsed_s"),
    ],
)
def test_what_is_no_trace_is_told(lines: tuple[str, ...], told: str, file) -> None:
    with pytest.raises(UsageError, match=told):
        read_trace(file(*lines))


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere.csv cannot be read"):
        read_trace(tmp_path / "nowhere.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_trace(tmp_path / "binary.csv")


def test_every_panel_says_in_words_what_it_shows(file) -> None:
    said = words(trace_svg(read_trace(file(HEADER, *ROWS))))
    text = "\n".join(said)
    assert "9,000 iterations in 12.5 s." in text
    assert "The first roster cost £10,000, the last £9,000 (10.0% less)." in text
    assert "Unassigned visits: 3 at first, 0 in the end." in said
    assert said[said.index("Travel") + 1] == "£1,500 → £800"
    assert said[said.index("Contact") + 1] == "£8,000 → £8,000"
    assert said[said.index("Two rounds") + 1] == "tried 9,000 times, 10 new bests"
    assert "Unchanged: paid blocks £200." in said
    assert "Fares" not in said, "a term that is always 0 has no panel"
    # without the price of what is left out: 9,700, then 9,400, then 9,000 pounds
    main = next(n for n, text in enumerate(said) if text.startswith("Cost of the"))
    assert said[main + 1] == "£9,700 → £9,000"


def test_lines_that_share_a_panel_differ_by_more_than_colour(file) -> None:
    root = ElementTree.fromstring(trace_svg(read_trace(file(HEADER, *ROWS))))
    lines = list(root.iter(f"{SVG}polyline"))
    assert len({line.get("stroke") for line in lines}) == 1
    assert sum(line.get("stroke-dasharray") is not None for line in lines) == 1


def test_lines_stay_inside_the_picture(file) -> None:
    root = ElementTree.fromstring(trace_svg(read_trace(file(HEADER, *ROWS))))
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    for line in root.iter(f"{SVG}polyline"):
        for pair in str(line.get("points")).split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


@pytest.mark.parametrize("draw", [trace_svg, trace_html])
def test_nothing_is_loaded_from_anywhere(draw, file) -> None:
    text = draw(read_trace(file(HEADER, *ROWS)))
    outside = set(re.findall(r"https?://[^\"\s]+", text))
    assert outside <= {"http://www.w3.org/2000/svg"}
    assert "<script" not in text
    assert "@import" not in text
    assert "aria-labelledby" in text
    assert "<desc" in text


def test_the_page_has_the_figures_as_a_table(file) -> None:
    page = trace_html(read_trace(file(HEADER, *ROWS)))
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert cells[0][:5] == [
        "Seconds",
        "Iterations",
        "Unassigned visits",
        "Total",
        "Contact",
    ]
    assert cells[-1][:5] == ["12.500", "9,000", "0", "9,000.00", "8,000.00"]
    assert "Fares" not in cells[0]


@pytest.mark.parametrize("rows", [ROWS[:1], (ROWS[0], ROWS[0]), ROWS[:2]])
def test_a_trace_of_one_moment_or_without_time_is_drawn(rows, file) -> None:
    root = ElementTree.fromstring(trace_svg(read_trace(file(HEADER, *rows))))
    assert root.tag == f"{SVG}svg"


def test_names_cannot_break_the_picture(file) -> None:
    """A column may be called anything in a file that somebody made."""
    odd = HEADER.replace("travel_p", "<b>&amp_p")
    root = ElementTree.fromstring(trace_svg(read_trace(file(odd, *ROWS))))
    assert "<b>&amp" in [t.text for t in root.iter(f"{SVG}text")]
    assert "<b>" not in trace_html(read_trace(file(odd, *ROWS)))


def test_shares_of_few_tries_are_taken_over_more_moments(file) -> None:
    """One of one accepted is no hundred per cent worth drawing."""
    assert FEW == 30
    rows = [
        "0.01,0,1,0,10,10,0,0,0,0,0,0,0",
        "0.02,1,1,0,10,10,0,0,0,0,60,15,0",
        "0.03,2,1,0,10,10,0,0,0,0,2,2,0",
    ]
    said = words(trace_svg(read_trace(file(HEADER, *rows))))
    assert "27.4%" in said, "17 of 62"
    assert "100%" not in said


def test_figures_as_people_read_them() -> None:
    assert [pounds(p) for p in (0, 149, -250_000)] == ["£0", "£1", "-£2,500"]
    assert [seconds(v) for v in (0.02, 7.684, 119, 600)] == [
        "20 ms",
        "7.68 s",
        "119 s",
        "10 min",
    ]
