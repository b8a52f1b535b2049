"""published.csv: written and read back, and refused where it is damaged."""

from datetime import date, datetime, timedelta, timezone

import pytest

from roundplan.errors import DataError
from roundplan.formats import Published, load_published, save_published

ROW = Published(
    at=datetime(2026, 5, 22, 16, tzinfo=timezone(timedelta(hours=1))),
    roster="0001",
    sha256="ab",
    worker_id="W1",
    on=date(2026, 6, 1),
    works=((7 * 3600, 12 * 3600), (22 * 3600, 26 * 3600 + 60)),
    paid_s=30000,
    added_s=3600,
    cancelled_s=0,
    notice_s=-60,
)


def test_what_was_published_reads_back(tmp_path):
    assert load_published(tmp_path) == ()
    path = save_published(tmp_path, [ROW])
    assert "07:00-12:00;22:00-26:01" in path.read_text(encoding="utf-8")
    assert load_published(tmp_path) == (ROW,)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("2026-05-22T16:00+01:00", "soon", "published_at"),
        ("2026-05-22T16:00+01:00", "2026-05-22T16:00", "published_at"),
        ("07:00-12:00", "07:00", "works"),
        ("07:00-12:00", "07:00-noon", "works"),
    ],
)
def test_a_damaged_row_is_named(old, new, column, tmp_path):
    path = save_published(tmp_path, [ROW])
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load_published(tmp_path)
    assert [(p.line, p.column) for p in raised.value.problems] == [(2, column)]
