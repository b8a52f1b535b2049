"""Every kind of fault: reported with file, line, column, value and what to do."""

from __future__ import annotations

import pytest

from roundplan.errors import DataError, RoundplanError
from roundplan.formats import CODE_SUMMARY, load_problem

CLIENTS = "client_id,x,y\nC1,0,0\nC2,600,0\n"
V = "visit_id,client_id,date,days,earliest_start,latest_start,duration_min"
S = "worker_id,date,start,end"
TOML = 'start_date = "2026-06-01"\ndays = 7\n'
NET = '[network]\nfile = "net.osm"\n'
RATE = (
    "rate,region,value,unit,effective_from,effective_to,verified_to,source\n"
    "llw,London,14,GBP/hour,2026-01-01,2026-06-30,2026-06-30,x\n"
    "llw,London,15,GBP/hour,2026-06-30,,2026-06-30,x\n"
    "llw,UK,15,GBP/hour,2026-06-30,,2026-06-30,x\n"
)


def visits(*rows: str, more: str = "") -> dict[str, str]:
    return {"visits.csv": "\n".join([V + more, *rows, ""])}


def shifts(*rows: str, more: str = "") -> dict[str, str]:
    return {"shifts.csv": "\n".join([S + more, *rows, ""])}


CASES = {
    # files and tables
    "missing file": ({"visits.csv": None}, "E1101", "visits.csv", 0, "", "exist"),
    "empty file": ({"visits.csv": ""}, "E1103", "visits.csv", 0, "", "empty"),
    "only blank lines": ({"visits.csv": "\n\n"}, "E1103", "visits.csv", 0, "", "empty"),
    "missing column": (
        {"workers.csv": "worker\nW1\n"},
        *("E1102", "workers.csv", 1, "worker_id", "missing"),
    ),
    "column twice": (
        {"workers.csv": "worker_id,Worker_ID\nW1,W1\n"},
        *("E1103", "workers.csv", 1, "worker_id", "same name"),
    ),
    "column without name": (
        {"workers.csv": "worker_id,,gender\nW1,,\n"},
        *("E1103", "workers.csv", 1, "", "no name"),
    ),
    "required cell missing at the end": (
        {"visits.csv": f"{V}\nV1,C1,2026-06-01,,08:00,09:00\n"},
        *("E1105", "visits.csv", 2, "duration_min", "empty"),
    ),
    "too many cells": (
        {"clients.csv": "client_id,x,y\nC1,0,0,surplus\nC2,600,0,,\n"},
        *("E1103", "clients.csv", 2, "", "too many"),
    ),
    "NUL byte": (
        {"clients.csv": "client_id\nC1\nC\0\n"},
        *("E1103", "clients.csv", 3, "", "NUL"),
    ),
    "UTF-16": (
        {"clients.csv": "client_id\nC1\n".encode("utf-16")},
        *("E1103", "clients.csv", 0, "", "UTF-16"),
    ),
    "Excel workbook": (
        {"clients.csv": b"PK\x03\x04\x14\0\x06\0"},
        *("E1103", "clients.csv", 0, "", "Excel workbook"),
    ),
    "old Excel workbook": (
        {"visits.csv": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        *("E1103", "visits.csv", 0, "", "Excel workbook"),
    ),
    "word for a weekly pattern": (
        visits("V1,C1,,Mon-Fri,08:00,09:00,30"),
        *("E1104", "visits.csv", 2, "days", "weekly pattern"),
    ),
    "open quotation mark": (
        {"clients.csv": 'client_id\n"C1\nC2\n'},
        *("E1103", "clients.csv", 2, "", "breaks off"),
    ),
    "huge cell": (
        {"clients.csv": f"client_id\n{'x' * 200_000}\n"},
        *("E1103", "clients.csv", 2, "", "breaks off"),
    ),
    # cells
    "10,000 characters in an id": (
        {"clients.csv": f"client_id\n{'x' * 10_000}\n"},
        *("E1104", "clients.csv", 2, "client_id", "10,000 characters"),
    ),
    "10,000 characters in a time": (
        visits(f"V1,C1,2026-06-01,,{'8' * 10_000},09:00,30"),
        *("E1104", "visits.csv", 2, "earliest_start", "time of day"),
    ),
    "wrong type": (
        visits("V1,C1,2026-06-01,,08:00,09:00,half an hour"),
        *("E1104", "visits.csv", 2, "duration_min", "whole number"),
    ),
    "line after a quoted line break": (
        {"clients.csv": 'client_id,note,team_size\nC1,"a\nb",1\nC2,,many\n'},
        *("E1104", "clients.csv", 4, "team_size", "whole number"),
    ),
    "day and month in doubt": (
        visits("V1,C1,01/06/2026,,08:00,09:00,30"),
        *("E1104", "visits.csv", 2, "date", "mistaken"),
    ),
    "empty required cell": (
        visits("V1,,2026-06-01,,08:00,09:00,30"),
        *("E1105", "visits.csv", 2, "client_id", "empty"),
    ),
    "neither date nor pattern": (
        visits("V1,C1,,,08:00,09:00,30"),
        *("E1105", "visits.csv", 2, "date", "neither"),
    ),
    "offset out of season": (
        visits("V1,C1,2026-06-01,,08:00+05:00,09:00,30"),
        *("E1104", "visits.csv", 2, "earliest_start", "offset"),
    ),
    "unknown crs of a row": (
        {"clients.csv": "client_id,x,y,crs\nC1,0,0,EPSG:nil\nC2,0,0,\n"},
        *("E1104", "clients.csv", 2, "crs", "coordinate"),
    ),
    # ids
    "client twice": (
        {"clients.csv": CLIENTS + "C1,1,1\n"},
        *("E1106", "clients.csv", 4, "client_id", "line 2"),
    ),
    "worker with a client's id": (
        {"workers.csv": "worker_id\nW1\nW2\nC1\n"},
        *("E1106", "workers.csv", 4, "worker_id", "clients.csv, line 2"),
    ),
    "reserved id": (
        {"places.csv": "place_id\nhome\n"},
        *("E1106", "places.csv", 2, "place_id", "meaning"),
    ),
    "visit twice": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30", "V1,C1,,M------,8:00,9:00,30"),
        *("E1106", "visits.csv", 3, "visit_id", "line 2"),
    ),
    "dated visit with a pattern's id": (
        visits("P,C1,,M------,8:00,9:00,30", "P@2026-06-01,C1,2026-06-02,,8:00,9:00,5"),
        *("E1106", "visits.csv", 3, "visit_id", "pattern P"),
    ),
    "shift id twice": (
        shifts(
            "W1,2026-06-01,07:00,9:00,A", "W2,2026-06-01,07:00,9:00,A", more=",shift_id"
        ),
        *("E1106", "shifts.csv", 3, "shift_id", "id A"),
    ),
    "history pair twice": (
        {
            "history.csv": "client_id,worker_id,visits,first_visit,last_visit\n"
            "C1,W1,1,2026-01-01,2026-01-01\nC1,W1,1,2026-01-01,2026-01-01\n"
        },
        *("E1106", "history.csv", 3, "worker_id", "line 2"),
    ),
    "unknown client": (
        visits("V1,C3,2026-06-01,,08:00,09:00,30"),
        *("E1107", "visits.csv", 2, "client_id", "no such client"),
    ),
    "unknown worker of a shift": (
        shifts("W3,2026-06-01,07:00,15:00"),
        *("E1107", "shifts.csv", 2, "worker_id", "no such worker"),
    ),
    "unknown place of a shift": (
        shifts("W1,2026-06-01,07:00,15:00,HUB", more=",start_place"),
        *("E1107", "shifts.csv", 2, "start_place", "no such place"),
    ),
    "unknown barred worker": (
        {"clients.csv": "client_id,barred_workers\nC1,W1;W7\nC2,\n"},
        *("E1107", "clients.csv", 2, "barred_workers", "no such worker"),
    ),
    "unknown pinned worker": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30,W8", more=",pinned_workers"),
        *("E1107", "visits.csv", 2, "pinned_workers", "no such worker"),
    ),
    "unknown earlier visit": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30,V9", more=",after_visit"),
        *("E1107", "visits.csv", 2, "after_visit", "no such visit"),
    ),
    "pattern not on the day": (
        visits(
            "P,C1,,-T-----,8:00,9:00,30,",
            "V1,C1,2026-06-01,,08:00,09:00,30,P",
            more=",after_visit",
        ),
        *("E1107", "visits.csv", 3, "after_visit", "no visit on this date"),
    ),
    "unknown visit of an override": (
        {"overrides.csv": "rule,visit_id,reason,approved_by\nskills,V9,x,y\n"},
        *("E1107", "overrides.csv", 2, "visit_id", "no such visit"),
    ),
    "unknown provider": (
        {
            "providers.csv": "provider\nAcme\n",
            "workers.csv": "worker_id,provider\nW1,Acmee\nW2,\n",
        },
        *("E1107", "workers.csv", 2, "provider", "no such provider"),
    ),
    # order
    "window ends before it starts": (
        visits("V1,C1,2026-06-01,,09:00,08:00,30"),
        *("E1108", "visits.csv", 2, "latest_start", "ends before"),
    ),
    "shift ends before it starts": (
        shifts("W1,2026-06-01,22:00,06:00"),
        *("E1108", "shifts.csv", 2, "end", "ends before"),
    ),
    "package ends before it starts": (
        {
            "clients.csv": "client_id,start_date,end_date\n"
            "C1,2026-06-02,2026-06-01\nC2,,\n",
            **visits("V2,C2,2026-06-01,,08:00,09:00,30"),
        },
        *("E1108", "clients.csv", 2, "end_date", "ends before"),
    ),
    "history ends before it starts": (
        {
            "history.csv": "client_id,worker_id,visits,first_visit,last_visit\n"
            "C1,W1,1,2026-02-01,2026-01-01\n"
        },
        *("E1108", "history.csv", 2, "last_visit", "before the first"),
    ),
    "rate ends before it starts": (
        {
            "problem.toml": TOML + '[rates]\nfile = "r.csv"\n',
            "r.csv": RATE.replace("2026-01-01,", "2026-12-01,"),
        },
        *("E1108", "r.csv", 2, "effective_to", "ends before"),
    ),
    # outside
    "visit outside the horizon": (
        visits("V1,C1,2026-06-08,,08:00,09:00,30"),
        *("E1109", "visits.csv", 2, "date", "outside the horizon"),
    ),
    "visit outside the package": (
        {"clients.csv": "client_id,end_date\nC1,2026-05-31\nC2,\n"},
        *("E1109", "visits.csv", 2, "date", "package dates"),
    ),
    "preferred start outside the window": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30,09:30", more=",preferred_start"),
        *("E1109", "visits.csv", 2, "preferred_start", "outside the window"),
    ),
    "pinned start outside the window": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30,07:30", more=",pinned_start"),
        *("E1109", "visits.csv", 2, "pinned_start", "outside the window"),
    ),
    # contradictions
    "date and pattern": (
        visits("V1,C1,2026-06-01,M------,08:00,09:00,30"),
        *("E1110", "visits.csv", 2, "days", "either"),
    ),
    "gaps": (
        visits(
            "V1,C1,2026-06-01,,08:00,09:00,30,60,30", more=",min_gap_min,max_gap_min"
        ),
        *("E1110", "visits.csv", 2, "max_gap_min", "below the least"),
    ),
    "more pinned than needed": (
        visits("V1,C1,2026-06-01,,08:00,09:00,30,W1;W2", more=",pinned_workers"),
        *("E1110", "visits.csv", 2, "pinned_workers", "2 workers are pinned"),
    ),
    "pinned and barred": (
        {
            "clients.csv": "client_id,barred_workers\nC1,W1\nC2,\n",
            **visits("V1,C1,2026-06-01,,08:00,09:00,30,W1", more=",pinned_workers"),
        },
        *("E1110", "visits.csv", 2, "pinned_workers", "barred"),
    ),
    "preferred and barred": (
        {"clients.csv": "client_id,barred_workers,preferred_workers\nC1,W1,W1\nC2,,\n"},
        *("E1110", "clients.csv", 2, "barred_workers", "preferred and barred"),
    ),
    "hours of a zero-hours contract": (
        {"workers.csv": "worker_id,guaranteed_hours_week\nW1,16\nW2,\n"},
        *("E1110", "workers.csv", 2, "guaranteed_hours_week", "zero-hours"),
    ),
    "guaranteed above maximum": (
        {
            "workers.csv": "worker_id,contract,guaranteed_hours_week,max_hours_week\n"
            "W1,guaranteed,40,30\nW2,,,\n"
        },
        *("E1110", "workers.csv", 2, "guaranteed_hours_week", "maximum"),
    ),
    "provider's hours": (
        {"providers.csv": "provider,min_hours_week,max_hours_week\nAcme,5,4\n"},
        *("E1110", "providers.csv", 2, "max_hours_week", "below"),
    ),
    "override of nothing": (
        {"overrides.csv": "rule,visit_id,reason,approved_by\nskills,,x,y\n"},
        *("E1110", "overrides.csv", 2, "visit_id", "one visit or one worker"),
    ),
    "network and travel": (
        {"problem.toml": TOML + NET + 'travel = "travel.csv"\n', "net.osm": "x"},
        *("E1110", "problem.toml", 4, "network.file", "both"),
    ),
    "overlapping shifts": (
        shifts("W1,2026-06-01,07:00,15:00", "W1,2026-06-01,14:00,16:00"),
        *("E1111", "shifts.csv", 3, "start", "line 2"),
    ),
    "overlapping meetings": (
        shifts(
            "W1,2026-06-01,07:00,15:00,meeting",
            "W1,2026-06-01,14:00,16:00,training",
            more=",kind",
        ),
        *("E1111", "shifts.csv", 3, "start", "line 2"),
    ),
    "circle": (
        visits(
            "V1,C1,2026-06-01,,08:00,09:00,30,V2",
            "V2,C2,2026-06-01,,08:00,09:00,30,V1",
            more=",after_visit",
        ),
        *("E1112", "visits.csv", 2, "after_visit", "circle"),
    ),
    "pattern after itself": (
        visits("P,C1,,MT-----,08:00,09:00,30,P", more=",after_visit"),
        *("E1112", "visits.csv", 2, "after_visit", "circle"),
    ),
    # problem.toml
    "no problem.toml": (
        {"problem.toml": None},
        "E1101",
        "problem.toml",
        0,
        "",
        "exist",
    ),
    "broken TOML": (
        {"problem.toml": "start_date = 2026-06-01\ndays =\n"},
        *("E1113", "problem.toml", 2, "", "TOML"),
    ),
    "no days": (
        {"problem.toml": "start_date = 2026-06-01\n"},
        *("E1105", "problem.toml", 0, "days", "missing"),
    ),
    "too many days": (
        {"problem.toml": "start_date = 2026-06-01\ndays = 29\n"},
        *("E1113", "problem.toml", 2, "days", "at most 28"),
    ),
    "unknown key": (
        {"problem.toml": TOML + 'time_zone = "Europe/London"\n'},
        *("E1113", "problem.toml", 3, "time_zone", "no such key"),
    ),
    "unknown time zone": (
        {"problem.toml": TOML + 'timezone = "../../etc/passwd"\n'},
        *("E1113", "problem.toml", 3, "timezone", "time zone"),
    ),
    "section as a value": (
        {"problem.toml": TOML + 'policy = "plain"\n'},
        *("E1113", "problem.toml", 3, "policy", "section"),
    ),
    "unknown policy": (
        {"problem.toml": TOML + '[policy]\nname = "charta"\n'},
        *("E1113", "problem.toml", 4, "policy.name", "no such choice"),
    ),
    "unknown price": (
        {"problem.toml": TOML + "[policy]\nunknown_worker = 3\n"},
        *("E1113", "problem.toml", 4, "policy.unknown_worker", "no such key"),
    ),
    "hard rules cannot be switched": (
        {"problem.toml": TOML + '[policy]\nhard = ["skills"]\n'},
        *("E1113", "problem.toml", 4, "policy.hard", "no such key"),
    ),
    "wrong price": (
        {"problem.toml": TOML + '[policy]\nbuffer_s = "long"\n'},
        *("E1113", "problem.toml", 4, "policy.buffer_s", "whole number"),
    ),
    "wrong team sizes": (
        {"problem.toml": TOML + "[policy]\nteam_sizes = [[3, 1], [2, 2]]\n"},
        *("E1113", "problem.toml", 4, "policy.team_sizes", "team sizes"),
    ),
    "no rounding at all": (
        {"problem.toml": TOML + "[policy]\ntravel_rounding_s = 0\n"},
        *("E1113", "problem.toml", 0, "policy.name", "travel_rounding_s"),
    ),
    "unknown crs": (
        {"problem.toml": TOML + 'crs = "EPSG:nil"\n'},
        *("E1113", "problem.toml", 3, "crs", "coordinate"),
    ),
    # positions, travel, rates
    "no position for a network": (
        {
            "problem.toml": TOML + NET,
            "net.osm": "x",
            "clients.csv": "client_id,lat,lon\nC1,51.6,-0.1\nC2,,\n",
        },
        *("E1114", "clients.csv", 3, "", "C2 has no position"),
    ),
    "metres of nowhere for a network": (
        {"problem.toml": TOML + NET, "net.osm": "x"},
        *("E1114", "clients.csv", 2, "x", "no crs"),
    ),
    "half a position": (
        {"clients.csv": "client_id,lat,lon\nC1,51.6,\nC2,,\n"},
        *("E1114", "clients.csv", 2, "lon", "belong together"),
    ),
    "postcode that the lookup lacks": (
        {
            "problem.toml": TOML + 'postcodes = "p.csv"\n',
            "p.csv": "postcode,lat,lon\nN1 1AA,51,0\n",
            "clients.csv": "client_id,postcode\nC1,N1 1AA\nC2,SECRET\n",
        },
        *("E1114", "clients.csv", 3, "postcode", "lacks"),
    ),
    "no travel": ({"travel.csv": None}, "E1115", "problem.toml", 0, "", "neither"),
    "network that is a folder": (
        {
            "problem.toml": TOML + '[network]\nfile = "."\n',
            "clients.csv": "client_id,lat,lon\nC1,51.6,-0.1\nC2,51.6,-0.1\n",
        },
        *("E1101", ".", 0, "", "not a file"),
    ),
    "network that is missing": (
        {
            "problem.toml": 'crs = "EPSG:27700"\n' + TOML + NET,
        },
        *("E1101", "net.osm", 0, "", "exist"),
    ),
    "rates that overlap": (
        {"problem.toml": TOML + '[rates]\nfile = "r.csv"\n', "r.csv": RATE},
        *("E1116", "r.csv", 3, "effective_from", "line 2"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fault_is_reported(faults, case):
    """Each fault alone: its code, file, line, column and text."""
    changes, code, file, line, column, text = CASES[case]
    found = faults(changes)
    first = next((f for f in found if f.code == code and text in f.what), None)
    assert first is not None, found
    assert (first.file, first.line, first.column) == (file, line, column)
    assert first.action


@pytest.mark.parametrize("case", CASES)
def test_one_fault_does_not_cause_others(faults, case):
    """Nobody has to look for the one real fault among its consequences."""
    changes, code, *_ = CASES[case]
    assert {f.code for f in faults(changes)} == {code}


def test_all_faults_of_all_files_come_at_once(faults):
    found = faults(
        {
            "problem.toml": "days = 7\n",
            "visits.csv": f"{V}\nV1,C9,2026-06-01,,late,09:00,30\n",
            "workers.csv": "worker_id,gender\nW1,unknown\nW2,\n",
            "shifts.csv": f"{S}\nW7,2026-06-01,07:00,15:00\n",
            "travel.csv": "profile,from_place,to_place,seconds,metres\n"
            "fly,C1,C2,-1,1\n",
        }
    )
    assert {f.file for f in found} == {
        *("problem.toml", "visits.csv", "workers.csv", "shifts.csv", "travel.csv")
    }
    assert len(found) == 7


def test_personal_values_are_never_shown(write):
    clients = "client_id,lat,lon,postcode\nC1,51.6O,999,N11 XYZ\nC2,,,\n"
    with pytest.raises(DataError) as caught:
        load_problem(write({"clients.csv": clients}))
    assert len(caught.value.problems) == 2
    for secret in ("51.6O", "999", "N11"):
        assert secret not in str(caught.value)


def test_message_is_one_readable_line(faults):
    (fault,) = faults(visits("V1,C3,2026-06-01,,08:00,09:00,30"))
    assert str(fault) == (
        "E1107 visits.csv:2 client_id 'C3': there is no such client in clients.csv. "
        "Correct the id, or add the row."
    )


def test_nearest_id_is_suggested(faults):
    (fault,) = faults(
        shifts("w1x,2026-06-01,07:00,15:00") | {"workers.csv": "worker_id\nW1x\nW2\n"}
    )
    assert fault.action == "Did you mean W1x?"


def test_suggestion_for_an_unknown_key(faults):
    (fault,) = faults({"problem.toml": TOML + "[policy]\nbufer_s = 60\n"})
    assert fault.action == "Did you mean policy.buffer_s?"


@pytest.mark.parametrize("text", ["", "days = = 7\n", "start_date = 1 June\n"])
def test_missing_travel_is_not_reported_beside_a_broken_problem_file(faults, text):
    """What cannot be read may name the travel times, so they are not asked for."""
    found = faults({"problem.toml": text, "travel.csv": None})
    assert found
    assert {f.file for f in found} == {"problem.toml"}
    assert "E1115" not in {f.code for f in found}


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="E1101"):
        load_problem(tmp_path / "nowhere")


def test_missing_files_are_all_named(tmp_path):
    with pytest.raises(DataError) as caught:
        load_problem(tmp_path)
    files = {p.file for p in caught.value.problems}
    assert {"problem.toml", "clients.csv", "visits.csv", "workers.csv"} <= files


@pytest.mark.parametrize("name", ["problem.toml", "visits.csv", "travel.csv"])
@pytest.mark.parametrize(
    "junk",
    [b"\x00" * 50, b"\xff" * 50, b'"', b"=" * 10_000, b"[[" * 5_000, b"a,b\n" * 9],
)
def test_junk_never_ends_in_a_traceback(write, name, junk):
    """Whatever the bytes are, the answer is an error of ours."""
    with pytest.raises(RoundplanError):
        load_problem(write({name: junk}))


def test_every_code_is_described():
    assert all(text for text in CODE_SUMMARY.values())
    assert len({c.value for c in CODE_SUMMARY}) == len(CODE_SUMMARY)
