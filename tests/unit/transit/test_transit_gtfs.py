"""Reading GTFS: small feeds by hand, bad ones, and the real one of Cairns."""

from __future__ import annotations

import random
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from roundplan.errors import DataError, UsageError
from roundplan.transit import read_gtfs, tables
from roundplan.transit.matrix import scan_departures
from roundplan.transit.walking import Walks, _changes, _links
from unit.transit.slow_router import Town, earliest

CAIRNS = Path(__file__).parents[4] / "shared" / "data" / "gtfs" / "cairns_gtfs.zip"
MONDAY = date(2026, 6, 1)

FEED = {
    "agency.txt": "agency_name,agency_timezone\nBuses,Europe/London\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "A,Alpha,51.50,-0.10,0,\n"
        "B1,Beta one,51.51,-0.10,0,B\n"
        "B2,Beta two,51.511,-0.10,0,B\n"
        "B,Beta,51.51,-0.10,1,\n"
        "C,Gamma,51.52,-0.10,,\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\nR,1,3\n",
    "trips.txt": ("route_id,service_id,trip_id\nR,week,T1\nR,week,late\nR,added,T2\n"),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,"
        "drop_off_type\n"
        "T1,7:00:00,7:00:00,A,1,0,0\n"
        "T1,,,B1,2,0,0\n"
        "T1,7:10:00,7:11:00,C,5,0,0\n"
        "late,23:50:00,23:55:00,A,1,0,1\n"
        "late,24:10:00,24:10:00,B2,2,1,0\n"
        "late,24:20:00,24:20:00,C,3,0,0\n"
        "T2,01:00:00,01:00:00,C,1,0,0\n"
        "T2,01:05:00,01:05:00,A,2,0,0\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        "start_date,end_date\nweek,1,1,1,1,1,0,0,20260101,20261231\n"
    ),
    "calendar_dates.txt": (
        "service_id,date,exception_type\nadded,20260602,1\nweek,20260603,2\n"
    ),
}


def feed(tmp_path, **changed):
    """A folder with the feed, some files replaced (None: left out)."""
    folder = tmp_path / "feed"
    folder.mkdir(exist_ok=True)
    for name, text in (FEED | {f"{k}.txt": v for k, v in changed.items()}).items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def rides(timetable):
    """(from, to, departs, arrives, board and alight bits) of every connection."""
    ids = timetable.stops.stop_ids
    columns = (
        timetable.tail,
        timetable.head,
        timetable.departure_s,
        timetable.arrival_s,
        timetable.allowed,
    )
    return [
        (ids[u], ids[v], dep, arr, bits)
        for u, v, dep, arr, bits in zip(*(c.tolist() for c in columns), strict=True)
    ]


def at(clock):
    hours, minutes = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60


MORNING = [
    ("A", "B1", at("7:00"), at("7:05"), 3),
    ("B1", "C", at("7:05"), at("7:10"), 3),
]
EVENING = [
    ("A", "B2", at("23:55"), at("24:10"), 3),
    ("B2", "C", at("24:10"), at("24:20"), 2),
]
AFTER_MIDNIGHT = [("B2", "C", at("0:10"), at("0:20"), 2)]


def test_a_day_has_its_rides_and_the_nights_on_either_side(tmp_path):
    """Monday has no service before it; Tuesday's first hours are there as 25:00."""
    timetable = read_gtfs(feed(tmp_path), MONDAY)
    early_tuesday = [("C", "A", at("25:00"), at("25:05"), 3)]
    assert rides(timetable) == MORNING + EVENING + early_tuesday
    assert timetable.notes == (
        "stop_times.txt: 1 stops without times were timed in equal steps",
    )


def test_exceptions_add_and_remove_services(tmp_path):
    """Tuesday has an added trip and Monday's night; Wednesday was taken away."""
    folder = feed(tmp_path)
    added = [("C", "A", at("1:00"), at("1:05"), 3)]
    tuesday = rides(read_gtfs(folder, date(2026, 6, 2)))
    assert tuesday == AFTER_MIDNIGHT + added + MORNING + EVENING
    with pytest.raises(UsageError, match=r"no service on 2026-06-03.*2026-01-01"):
        read_gtfs(folder, date(2026, 6, 3))


def test_a_zip_reads_as_the_folder(tmp_path):
    """At its top or in one folder."""
    folder = feed(tmp_path)
    for inside in ("", "gtfs/"):
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in folder.iterdir():
                packed.write(file, inside + file.name)
        assert rides(read_gtfs(path, MONDAY)) == rides(read_gtfs(folder, MONDAY))


def test_frequencies_repeat_a_trip(tmp_path):
    """Every headway from the start of the time to before its end; and it is said."""
    folder = feed(
        tmp_path,
        frequencies=(
            "trip_id,start_time,end_time,headway_secs\nT1,08:00:00,08:30:00,900\n"
        ),
    )
    timetable = read_gtfs(folder, MONDAY)
    from_a = [r[2] for r in rides(timetable) if r[0] == "A" and r[1] == "B1"]
    assert from_a == [at("8:00"), at("8:15")]
    assert any(note.startswith("frequencies.txt: 2 runs") for note in timetable.notes)


def test_a_headway_of_a_second_is_not_let_run_away(tmp_path, monkeypatch):
    """The rides that it would make are counted before they are made."""
    monkeypatch.setattr("roundplan.transit.stop_times.MAX_RIDES", 100)
    text = "trip_id,start_time,end_time,headway_secs\nT1,00:00:00,72:00:00,1\n"
    with pytest.raises(DataError, match=r"E1103 frequencies\.txt"):
        read_gtfs(feed(tmp_path, frequencies=text), MONDAY)


def test_transfers_of_stops_go_before_those_of_stations(tmp_path):
    """A station's rule holds for its stops; a stop's own rule is stronger."""
    text = (
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
        "A,B,2,300\nA,B1,2,120\nC,A,3,\nB1,B2,2,0\n"
    )
    stops = read_gtfs(feed(tmp_path, transfers=text), MONDAY).stops
    ids = stops.stop_ids
    columns = (stops.change_from, stops.change_to, stops.change_s)
    rules = {
        (ids[a], ids[b]): s
        for a, b, s in zip(*(c.tolist() for c in columns), strict=True)
    }
    assert rules == {
        ("A", "B1"): 120,
        ("A", "B2"): 300,
        ("C", "A"): -2,
        ("B1", "B2"): 1,
        ("B2", "B1"): -1,
    }


def replaced(name, old, new):
    assert old in FEED[f"{name}.txt"]
    return {name: FEED[f"{name}.txt"].replace(old, new)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"stops": None}, "E1101 stops.txt"),
        ({"calendar": None, "calendar_dates": None}, "E1101 calendar.txt"),
        (replaced("stops", "stop_lat", "latitude"), "E1104 stops.txt:2 stop_lat ''"),
        (replaced("stops", "51.52", "95"), "E1104 stops.txt:6 stop_lat '95'"),
        (replaced("stops", "C,Gamma", "A,Gamma"), "E1106 stops.txt:6 stop_id 'A'"),
        (replaced("trips", "R,added", "Q,added"), "E1107 trips.txt:4 route_id 'Q'"),
        (
            replaced("stop_times", "7:10:00", "7:61:00"),
            "E1104 stop_times.txt:4 arrival_time '7:61:00'",
        ),
        (
            replaced("stop_times", "7:10:00,7:11:00", ","),
            "E1105 stop_times.txt:4 arrival_time",
        ),
        (
            replaced("stop_times", "24:10:00,24:10:00", "23:10:00,24:10:00"),
            "E1110 stop_times.txt:6 arrival_time",
        ),
        (replaced("stop_times", "B2,2", "Z,2"), "E1107 stop_times.txt:6 stop_id 'Z'"),
        (replaced("stop_times", "C,3", "C,2"), "E1106 stop_times.txt:7 stop_sequence"),
        (
            replaced("calendar", "20261231", "2026-12-31"),
            "E1104 calendar.txt:2 end_date",
        ),
        ({"transfers": "from_stop_id,to_stop_id\nA,Q\n"}, "E1107 transfers.txt:2"),
        ({"routes": 'route_id,route_type\n"R,3\n'}, "E1103 routes.txt"),
        ({"agency": "name\nBuses\n"}, "E1102 agency.txt agency_timezone"),
    ],
)
def test_what_is_wrong_is_named_by_file_line_and_column(tmp_path, changed, said):
    """One fault, one complete error."""
    with pytest.raises(DataError) as error:
        read_gtfs(feed(tmp_path, **changed), MONDAY)
    assert said in str(error.value)


def test_all_faults_are_named_at_once(tmp_path):
    """Of several files."""
    changed = replaced("stops", "51.52", "x") | replaced("trips", "R,added", "Q,added")
    with pytest.raises(DataError) as error:
        read_gtfs(feed(tmp_path, **changed), MONDAY)
    assert {p.file for p in error.value.problems} == {"stops.txt", "trips.txt"}


def test_a_bomb_and_an_escape_are_refused(tmp_path, monkeypatch):
    """By what the members would unpack to, and by their names."""
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 10_000)
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in FEED.items():
            packed.writestr(name, text + " " * 5_000)
    with pytest.raises(DataError, match=r"E1103 feed\.zip.*unpacks to"):
        read_gtfs(path, MONDAY)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("../stops.txt", FEED["stops.txt"])
    with pytest.raises(DataError, match="leads out of the zip"):
        read_gtfs(path, MONDAY)
    path.write_bytes(b"PK not a zip")
    with pytest.raises(DataError, match="no zip, or damaged"):
        read_gtfs(path, MONDAY)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    """A feed reads nothing but itself."""
    folder = feed(tmp_path, routes=None)
    secret = tmp_path / "secret.txt"
    secret.write_text(FEED["routes.txt"], encoding="utf-8")
    (folder / "routes.txt").symlink_to(secret)
    with pytest.raises(DataError, match="leads out of the folder"):
        read_gtfs(folder, MONDAY)


@pytest.mark.skipif(
    not CAIRNS.is_file(), reason="needs the real feed of ../shared/data/gtfs"
)
def test_cairns_equals_the_slow_router_on_sampled_stops():
    """Every stop of the real feed from some of them, at some moments: all equal."""
    timetable = read_gtfs(CAIRNS, date(2014, 6, 2))
    assert len(timetable.departure_s) == 16_495
    stops = timetable.stops
    n = len(stops.stop_ids)
    one, other = (k.ravel() for k in np.indices((n, n)))
    metres = stops.straight_m(one, other)
    near = (metres <= 400) & (one != other)
    one, other, metres = one[near], other[near], metres[near].astype(np.int64)
    change = _changes(stops, one, other, metres, metres, 60)
    doors = _links(n, np.arange(n), np.arange(n), np.full(n, 30), np.zeros(n))
    walks = Walks(access=doors, egress=doors, change=change, notes=())
    town = Town(
        trips=calls_of(timetable),
        access={(i, i): (30, 0) for i in range(n)},
        egress={},
        change={
            (a, int(b)): (int(s), 0)
            for a in range(n)
            for b, s in zip(
                change.stop[change.first[a] : change.first[a + 1]],
                change.seconds[change.first[a] : change.first[a + 1]],
                strict=True,
            )
        },
        ride_m={},
    )
    rng, reached = random.Random(1), 0
    for _ in range(3):
        start, limit = rng.randrange(at("6:00"), at("20:00")), 5400
        found = scan_departures(
            timetable, walks, range(start, start + 1), limit_s=limit
        )
        for origin in rng.sample(range(n), 15):
            arrival = earliest(town, origin, start, limit)
            expected = [
                arrival[k] + 30 - start
                if arrival.get(k, 10**9) + 30 <= start + limit
                else -1
                for k in range(n)
            ]
            assert found[0, origin].tolist() == expected
            reached += sum(s >= 0 for s in expected)
    assert reached > 3_000


def calls_of(timetable):
    """The trips of a timetable as calls, put together from its connections."""
    trips: dict[int, list[tuple[int, int, int, int, int]]] = {}
    columns = (
        timetable.trip,
        timetable.tail,
        timetable.head,
        timetable.departure_s,
        timetable.arrival_s,
        timetable.allowed,
    )
    for t, u, v, dep, arr, bits in zip(*(c.tolist() for c in columns), strict=True):
        trips.setdefault(t, []).append((u, v, dep, arr, bits))
    found = []
    for ride in trips.values():
        calls = [(ride[0][0], 0, ride[0][2], bool(ride[0][4] & 1), False)]
        for k, (_, v, _, arr, bits) in enumerate(ride):
            leaves, board = (
                (ride[k + 1][2], bool(ride[k + 1][4] & 1))
                if k + 1 < len(ride)
                else (arr, False)
            )
            calls.append((v, arr, leaves, board, bool(bits & 2)))
        found.append(calls)
    return found
