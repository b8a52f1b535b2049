"""What a problem folder means: defaults, patterns, links, shifts, encodings."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from roundplan.domain import (
    CHARTER,
    LAT_LON,
    ContractKind,
    Gender,
    LlwFrom,
    Mode,
    Override,
    Priority,
    Rule,
    ShiftKind,
)
from roundplan.errors import DataError
from roundplan.formats import load_problem

VISITS = "visit_id,client_id,date,days,earliest_start,latest_start,duration_min"


def notes_of(folder) -> str:
    return "\n".join(load_problem(folder).problem.notes)


def test_smallest_folder_has_the_defaults(write):
    folder = write()
    loaded = load_problem(folder)
    problem = loaded.problem
    assert problem.horizon.start_date == date(2026, 6, 1)
    assert problem.horizon.timezone == "Europe/London"
    assert problem.policy == CHARTER
    assert problem.llw_from is LlwFrom.DEADLINE
    assert loaded.network is None
    assert loaded.max_snap_m == 100
    assert problem.notes == ()
    visit = problem.visit("V1")
    assert (visit.day, visit.duration_s, visit.workers_required) == (0, 1800, 1)
    assert visit.window.earliest_start_s == 8 * 3600
    assert visit.priority is Priority.STANDARD
    assert not visit.time_critical
    worker = problem.worker("W1")
    assert worker.modes == (Mode.WALK,)
    assert worker.contract.kind is ContractKind.ZERO_HOURS
    assert worker.contract.rate_p is None
    assert problem.shift("W1@2026-06-01").start_place is None
    assert problem.client("C1").worker_gender is Gender.ANY


def test_hashes_name_every_file(write):
    folder = write({"people.csv": b"\xff not read"})
    hashes = dict(load_problem(folder).hashes)
    assert set(hashes) == {p.name for p in folder.iterdir()}
    content = (folder / "visits.csv").read_bytes()
    assert hashes["visits.csv"] == hashlib.sha256(content).hexdigest()


def test_weekly_pattern_becomes_dated_visits(write):
    rows = f"{VISITS}\nP,C1,,MTWTF--,08:00,09:00,30\nD,C2,2026-06-06,,8:00,9:00,30\n"
    problem = load_problem(write({"visits.csv": rows})).problem
    ids = [v.visit_id for v in problem.visits]
    assert ids == [f"P@2026-06-0{d}" for d in range(1, 6)] + ["D"]
    assert problem.visit("P@2026-06-03").day == 2
    assert problem.visit("P@2026-06-03").window.earliest_start_s == 2 * 86_400 + 28_800


def test_pattern_keeps_to_the_package_dates(write):
    problem = load_problem(
        write(
            {
                "clients.csv": (
                    "client_id,start_date,end_date\nC1,2026-06-02,2026-06-03\nC2,,\n"
                ),
                "visits.csv": f"{VISITS}\nP,C1,,MTWTFSS,08:00,09:00,30\n",
            }
        )
    ).problem
    assert [v.day for v in problem.visits] == [1, 2]
    assert (problem.client("C1").start_day, problem.client("C1").end_day) == (1, 2)


def test_pattern_that_never_runs_is_noted(write):
    clients = "client_id,start_date\nC1,2026-09-01\nC2,\n"
    rows = f"{VISITS}\nP,C1,,MTWTFSS,08:00,09:00,30\n"
    assert "1 weekly pattern has no visit" in notes_of(
        write({"clients.csv": clients, "visits.csv": rows})
    )


def test_link_to_a_pattern_is_to_the_same_day(write):
    rows = (
        f"{VISITS},after_visit,min_gap_min,max_gap_min\n"
        "A,C1,,MTW----,08:00,09:00,30,,,\n"
        "B,C1,,MTWT---,12:00,13:00,30,A,180,300\n"
        "D,C2,2026-06-02,,12:00,13:00,30,A,,\n"
        "E,C2,2026-06-02,,18:00,19:00,30,D,,\n"
        "F,C2,2026-06-02,,18:00,19:00,30,B@2026-06-04,,\n"
    )
    folder = write({"visits.csv": rows})
    problem = load_problem(folder).problem
    assert problem.visit("B@2026-06-02").after_visit == "A@2026-06-02"
    assert problem.visit("B@2026-06-02").min_gap_s == 10_800
    assert problem.visit("B@2026-06-02").max_gap_s == 18_000
    assert problem.visit("B@2026-06-04").after_visit is None
    assert problem.visit("D").after_visit == "A@2026-06-02"
    assert problem.visit("E").after_visit == "D"
    assert problem.visit("F").after_visit == "B@2026-06-04"
    assert "1 visit follows a weekly pattern" in notes_of(folder)


def test_window_past_midnight_stays_on_its_row_date(write):
    rows = f"{VISITS}\nN,C1,2026-06-01,,23:30,24:30,30\n"
    visit = load_problem(write({"visits.csv": rows})).problem.visit("N")
    assert visit.day == 0
    assert visit.window.latest_start_s == 88_200


def test_window_turned_round_by_the_clock_change_is_kept_open(write):
    """01:30 is skipped on 29 March and becomes 02:30, after 02:15."""
    rows = f"{VISITS}\nN,C1,2026-03-29,,01:30,02:15,30\n"
    problem = load_problem(
        write(
            {
                "problem.toml": "start_date = 2026-03-29\ndays = 1",
                "visits.csv": rows,
                "shifts.csv": "worker_id,date,start,end\n",
            }
        )
    ).problem
    window = problem.visit("N").window
    assert window.earliest_start_s == window.latest_start_s == 5400


def test_unknown_columns_are_kept_and_near_misses_noted(write):
    clients = "client_id,team_sise,Colour\nC1,2,\nC2,,blue\n"
    folder = write({"clients.csv": clients})
    problem = load_problem(folder).problem
    assert problem.client("C1").extra == (("team_sise", "2"),)
    assert problem.client("C2").extra == (("Colour", "blue"),)
    assert "Did you mean team_size?" in notes_of(folder)
    assert "Colour" not in notes_of(folder)


def test_excel_file_with_semicolons_bom_and_decimal_commas(write):
    workers = (
        "\ufeffsep=;\r\nworker_id;hourly_rate;guaranteed_hours_week;contract;skills\r\n"
        'W1;14,80;37,5;guaranteed;"hoist;insulin"\r\nW2;15,00;;;hoist|insulin\r\n;;;;\r\n'
    )
    problem = load_problem(write({"workers.csv": workers})).problem
    assert problem.worker("W1").contract.rate_p == 1480
    assert problem.worker("W1").contract.guaranteed_s == 135_000
    assert problem.worker("W1").skills == problem.worker("W2").skills
    assert len(problem.worker("W1").skills) == 2


def test_latin_1_file_is_read_with_a_note(write):
    clients = "client_id,language\nC1,Español\nC2,\n".encode("cp1252")
    folder = write({"clients.csv": clients})
    assert load_problem(folder).problem.client("C1").language == "Español"
    assert "clients.csv is not UTF-8" in notes_of(folder)


def test_blank_lines_are_skipped_and_quoted_line_breaks_kept(write):
    overrides = (
        "rule,worker_id,reason,approved_by\n\n"
        '"max_hours",W1,"two\nlines",office\n,,,\n\n'
    )
    problem = load_problem(write({"overrides.csv": overrides})).problem
    assert problem.overrides == (
        Override(
            rule=Rule.MAX_HOURS,
            worker_id="W1",
            reason="two\nlines",
            approved_by="office",
        ),
    )


def test_override_of_a_pattern_is_of_all_its_visits(write):
    overrides = (
        "rule,visit_id,reason,approved_by,date\n"
        "window,P,late bus,manager,\nskills,P,trained,manager,2026-06-02\n"
        "skills,P,trained,manager,2026-09-02\n"
    )
    folder = write(
        {
            "visits.csv": f"{VISITS}\nP,C1,,MT-----,08:00,09:00,30\n",
            "overrides.csv": overrides,
        }
    )
    found = [
        (o.rule, o.visit_id, o.day) for o in load_problem(folder).problem.overrides
    ]
    assert found == [
        (Rule.WINDOW, "P@2026-06-01", None),
        (Rule.WINDOW, "P@2026-06-02", None),
        (Rule.SKILLS, "P@2026-06-02", 1),
    ]
    assert "1 override is of a day outside" in notes_of(folder)


def shifts_of(folder) -> list[tuple]:
    return [
        (s.shift_id, s.start_s // 3600, s.end_s // 3600, s.start_place, s.end_place)
        for s in load_problem(folder).problem.shifts
    ]


def test_absence_and_meetings_are_cut_out_of_work(write):
    shifts = (
        "worker_id,date,start,end,kind,start_place,end_place\n"
        "W1,2026-06-01,07:00,15:00,work,home,home\n"
        "W1,2026-06-01,10:00,11:00,meeting,HUB,HUB\n"
        "W2,2026-06-01,07:00,15:00,work,home,HUB\n"
        "W2,2026-06-01,00:00,09:00,leave,,\n"
        "W2,2026-06-01,08:00,10:00,training,,\n"
        "W2,2026-06-02,07:00,15:00,work,,\n"
        "W2,2026-06-02,00:00,24:00,leave,,\n"
    )
    travel = "profile,from_place,to_place,seconds,metres\n" + "".join(
        f"walk,{a},{b},60,70\n"
        for a in ("C1", "C2", "W1", "W2", "HUB")
        for b in ("C1", "C2", "W1", "W2", "HUB")
        if a != b
    )
    folder = write(
        {
            "shifts.csv": shifts,
            "places.csv": "place_id\nHUB\n",
            "travel.csv": travel,
        }
    )
    assert shifts_of(folder) == [
        ("W1@2026-06-01#1", 7, 10, "W1", "HUB"),
        ("W1@2026-06-01#2", 11, 15, "HUB", "W1"),
        ("W1@2026-06-01-meeting", 10, 11, "HUB", "HUB"),
        ("W2@2026-06-01", 10, 15, None, "HUB"),
        ("W2@2026-06-01-leave", 0, 9, None, None),
        ("W2@2026-06-01-training", 9, 10, None, None),
        ("W2@2026-06-02-leave", 24, 48, None, None),
    ]
    assert "4 shifts were shortened or split" in notes_of(folder)


def test_leave_opening_before_the_horizon_counts(write):
    shifts = (
        "worker_id,date,start,end,kind\n"
        "W1,2026-06-01,07:00,15:00,work\n"
        "W1,2026-05-31,12:00,33:00,leave\n"
    )
    folder = write({"shifts.csv": shifts})
    assert shifts_of(folder) == [("W1@2026-06-01", 9, 15, None, None)]
    assert "1 shift outside the horizon was left out" in notes_of(folder)


def test_overlapping_leave_is_merged(write):
    shifts = (
        "worker_id,date,start,end,kind\n"
        "W1,2026-06-01,07:00,15:00,leave\nW1,2026-06-01,08:00,16:00,leave\n"
    )
    assert [s[1:3] for s in shifts_of(write({"shifts.csv": shifts}))] == [
        (7, 15),
        (15, 16),
    ]


def test_own_shift_ids(write):
    shifts = (
        "worker_id,date,start,end,kind,shift_id\n"
        "W1,2026-06-01,07:00,15:00,work,early\nW1,2026-06-01,10:00,11:00,leave,\n"
        "W1,2026-06-01,16:00,20:00,work,\n"
    )
    ids = [s[0] for s in shifts_of(write({"shifts.csv": shifts}))]
    assert ids == ["early#1", "early#2", "W1@2026-06-01-leave", "W1@2026-06-01"]


def test_worker_without_shifts_is_noted(write):
    shifts = "worker_id,date,start,end\nW1,2026-06-01,07:00,15:00\n"
    assert "1 worker has no work shift: W2." in notes_of(write({"shifts.csv": shifts}))


def test_header_only_files_make_an_empty_problem(write):
    folder = write(
        {
            "visits.csv": f"{VISITS}\n",
            "workers.csv": "worker_id\n",
            "shifts.csv": "worker_id,date,start,end\n",
        }
    )
    problem = load_problem(folder).problem
    assert not problem.visits
    assert not problem.workers
    assert "There are no visits." in problem.notes
    assert "There are no workers: no visit can be assigned." in problem.notes


def test_positions_by_degrees_metres_and_postcode(write):
    folder = write(
        {
            "problem.toml": (
                'start_date = 2026-06-01\ndays = 1\ncrs = "EPSG:27700"\n'
                'postcodes = "../codes.csv"\n[network]\nfile = "../streets.osm"\n'
                "max_snap_m = 250\n"
            ),
            "clients.csv": (
                "client_id,lat,lon,x,y,crs,postcode\n"
                "C1,51.6,-0.1,,,,\nC2,,,530000,190000,,\nC3,,,1,2,EPSG:3857,\n"
                "C4,,,,,,n11 2ab\n"
            ),
            "travel.csv": None,
        }
    )
    streets = folder.parent / "streets.osm"
    streets.write_bytes(b"<osm/>")
    (folder.parent / "codes.csv").write_text(
        "postcode,lat,lon\nN112AB,51.61,-0.12\n", encoding="utf-8"
    )
    loaded = load_problem(folder)
    assert loaded.travel is None
    assert loaded.network is not None
    assert loaded.network.resolve() == streets.resolve()
    assert loaded.max_snap_m == 250
    assert {"../streets.osm", "../codes.csv"} <= set(dict(loaded.hashes))
    found = {c.client_id: c.place for c in loaded.problem.clients}
    assert (found["C1"].x, found["C1"].y, found["C1"].crs) == (-0.1, 51.6, LAT_LON)
    assert (found["C2"].x, found["C2"].crs) == (530_000, "EPSG:27700")
    assert found["C3"].crs == "EPSG:3857"
    assert (found["C4"].x, found["C4"].y) == (-0.12, 51.61)
    assert "1 place is at the centre of its postcode" in notes_of(folder)


def test_policy_overrides_rates_and_living_wage(write):
    folder = write(
        {
            "problem.toml": (
                'start_date = "2026-06-01"\ndays = 1\n[policy]\nname = "plain"\n'
                'buffer_s = 60\nmileage = false\npay_floor = "none"\n'
                "team_sizes = [[7, 2], [9999, 3]]\n"
                '[rates]\nfile = "mine.csv"\nllw_from = "april"\n'
            ),
            "mine.csv": (
                "rate,region,value,unit,effective_from,effective_to,verified_to,source\n"
                "london_living_wage,London,15.50,GBP/hour,2026-05-01,2027-04-30,"
                "2026-06-30,letter\n"
                "london_living_wage,London,16,GBP/hour,2027-05-01,,2027-06-30,letter\n"
            ),
        }
    )
    problem = load_problem(folder).problem
    assert problem.policy.name == "plain"
    assert problem.policy.buffer_s == 60
    assert not problem.policy.mileage
    assert problem.policy.pay_floor is None
    assert problem.policy.team_sizes == ((7, 2), (9999, 3))
    assert problem.llw_from is LlwFrom.APRIL
    assert [r.value for r in problem.rates] == ["15.50", "16"]
    assert problem.rates[1].effective_to is None


def test_history_of_people_who_left_is_noted(write):
    history = (
        "client_id,worker_id,visits,first_visit,last_visit\n"
        "C1,W1,3,2026-01-01,2026-05-01\nC1,W9,3,2026-01-01,2026-05-01\n"
    )
    folder = write({"history.csv": history})
    assert len(load_problem(folder).problem.history) == 1
    assert "1 row of history.csv is" in notes_of(folder)


def test_home_and_providers(write):
    folder = write(
        {
            "workers.csv": (
                "worker_id,x,y,provider,modes,gender,languages\n"
                "W1,0,5,Acme,walk;transit,female,English;Somali\nW2,,,,,,\n"
            ),
            "providers.csv": "provider,tier,max_hours_week\nAcme,spot,100\n",
            "shifts.csv": (
                "worker_id,date,start,end,start_place,end_place\n"
                "W1,2026-06-01,07:00,15:00,home,anywhere\n"
            ),
            "travel.csv": (
                "profile,from_place,to_place,seconds,metres\n"
                "walk,C1,C2,60,60\nwalk,W1,C1,60,60\n"
            ),
        }
    )
    problem = load_problem(folder).problem
    assert problem.shift("W1@2026-06-01").start_place == "W1"
    assert problem.worker("W1").modes == (Mode.WALK, Mode.TRANSIT)
    assert problem.worker("W1").languages == ("English", "Somali")
    assert problem.providers[0].max_s_week == 360_000
    assert problem.shifts[0].kind is ShiftKind.WORK


def test_import_stays_light():
    """The imports of pandas and pyarrow take a second, and CSV needs neither."""
    import subprocess
    import sys

    code = (
        "import sys, roundplan.formats; "
        "print([m for m in ('pandas', 'pyarrow', 'pyproj') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("as_text", [True, False])
def test_folder_may_be_a_path_or_text(write, as_text):
    folder = write()
    assert load_problem(str(folder) if as_text else folder).problem.visits


def skilled(*skills: str, held: str = "hoist;insulin") -> dict[str, str]:
    """Return a visit that asks for skills, and the workers who have some."""
    header = "visit_id,client_id,date,earliest_start,latest_start,duration_min,skills"
    return {
        "visits.csv": f"{header}\nV1,C1,2026-06-01,8:00,9:00,30,{';'.join(skills)}\n",
        "workers.csv": f"worker_id,skills\nW1,{held}\nW2,\n",
    }


def test_skills_that_nobody_has_are_noted_in_one_sentence(write):
    """With the nearest skill of a worker: most often it is misspelt."""
    notes = load_problem(write(skilled("hosit", "hoist", "bees"))).problem.notes
    assert notes == (
        "Visits ask for skills that no worker has: bees, hosit (did you mean hoist?).",
    )
    (note,) = load_problem(write(skilled("bees"))).problem.notes
    assert note == "Visits ask for a skill that no worker has: bees."


def test_skills_that_somebody_has_need_no_note(write):
    assert load_problem(write(skilled("hoist", "insulin"))).problem.notes == ()


def test_a_folder_s_travel_rates_are_its_own_rates(write):
    row = "bus_single_fare,Leeds,2.50,GBP,2026-01-01,,2026-12-31,a timetable\n"
    header = "rate,region,value,unit,effective_from,effective_to,verified_to,source\n"
    problem = load_problem(write({"travel_rates.csv": header + row})).problem
    assert [(r.rate, r.value) for r in problem.rates] == [("bus_single_fare", "2.50")]
    with pytest.raises(DataError, match=r"E1116 travel_rates.csv:3"):
        load_problem(write({"travel_rates.csv": header + row + row}))
