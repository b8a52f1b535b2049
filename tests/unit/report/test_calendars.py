"""Calendars, read back by the library that others use too."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from icalendar import Calendar

from browsing import NASTY
from rota_by_hand import rota
from roundplan.report import calendars, zipped
from roundplan.report.calendars import _file_name

MADE = datetime(2026, 5, 28, 12, tzinfo=UTC)


def entries(content):
    return Calendar.from_ical(content).walk("VEVENT")


def test_each_worker_has_what_they_do_in_utc():
    of = rota()
    files = calendars(of, of.days(), made=MADE)
    assert [*files] == ["W1", "W2"]
    found = [
        (str(e["summary"]), e.decoded("dtstart").isoformat(), e.decoded("dtend").hour)
        for e in entries(files["W2"])
    ]
    assert found == [  # an hour behind London's summer
        ("Meeting", "2026-06-01T07:00:00+00:00", 8),
        ("Visit C2", "2026-06-01T09:00:00+00:00", 9),
        ("Visit C1", "2026-06-02T22:45:00+00:00", 23),
    ]


def test_notes_say_how_to_come_and_with_whom():
    of = rota()
    first, rest, second = entries(calendars(of, of.days(), made=MADE)["W1"])
    assert "Leave by 07:50: on foot, 10 min, 0.6 km" in str(first["description"])
    assert str(rest["summary"]) == "Break"
    said = str(second["description"])
    assert "With W2" in said
    assert "New to this client" in said


def test_there_are_no_names_and_an_entry_keeps_its_uid():
    of = rota(people=True)
    now = calendars(of, of.days(), made=MADE)
    later = calendars(of, of.days(), made=MADE.replace(day=29))
    for worker, content in now.items():
        text = content.decode()
        assert not any(name in text for name in NASTY)
        assert [e["uid"] for e in entries(content)] == [
            e["uid"] for e in entries(later[worker])
        ]
    uids = [e["uid"] for content in now.values() for e in entries(content)]
    assert len(set(uids)) == len(uids)


def test_files_in_the_zip_have_names_that_every_system_takes():
    files = dict.fromkeys((*NASTY, "../../etc/passwd", "W1", "W 1", "W_1"), b"x")
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        names = archive.namelist()
    assert len(set(names)) == len(files)
    assert "W1.ics" in names
    assert all(n.replace("-", "").replace("_", "").isascii() for n in names)
    assert not any("/" in n or ".." in n or len(n) > 80 for n in names)
    assert _file_name("W 1") != _file_name("W_1")
    assert zipped(files) == zipped(files)
