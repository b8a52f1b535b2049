"""The council's return, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from roundplan.charter.attendances import Attendance, Record, joined
from roundplan.charter.returns import (
    changes,
    council_return,
    read_return,
    return_csv,
)
from roundplan.domain import CareWorker, Horizon, Place, Problem, Provider, Tier
from roundplan.errors import DataError

MONDAY = date(2026, 6, 1)
LONDON = ZoneInfo("Europe/London")


def attended(client, worker, day, hour, hours=1):
    on = MONDAY + timedelta(days=day)
    start = int(datetime(on.year, on.month, on.day, hour, tzinfo=LONDON).timestamp())
    return Attendance(
        visit_id=f"{client}-{day}-{hour}",
        worker_id=worker,
        client_id=client,
        day=on,
        start_s=start,
        end_s=start + hours * 3600,
    )


def worker(worker_id, provider, **extra):
    return CareWorker(
        worker_id=worker_id,
        home=Place(place_id=worker_id, x=0.0, y=0.0),
        provider=provider,
        extra=tuple(sorted(extra.items())),
    )


def provider(name, tier, **extra):
    return Provider(provider=name, tier=tier, extra=tuple(sorted(extra.items())))


RECORD = Record(
    source="by hand",
    attendances=(
        # ten visits in a week: a team of two makes them all
        *(attended("C1", "W1", day, 8) for day in range(7)),
        *(attended("C1", "W2", day, 18) for day in range(3)),
        # three visits by three workers, the last for two hours
        attended("C2", "W1", 0, 10),
        attended("C2", "W2", 1, 10),
        attended("C2", "W3", 2, 10, hours=2),
    ),
    known_before=frozenset({("C1", "W1"), ("C2", "W1")}),
    unassigned=0,
)

PROBLEM = Problem(
    horizon=Horizon(start_date=MONDAY, days=7),
    clients=(),
    visits=(),
    shifts=(),
    workers=(
        worker("W1", "L1", guaranteed_offered="y", guaranteed_accepted="y"),
        worker("W2", "S1", guaranteed_offered="y", guaranteed_accepted="n"),
        worker("W3", "P1", guaranteed_offered="n"),
    ),
    providers=(
        provider("L1", Tier.LOCALITY, occupational_sick_pay="y", travel_costs="y"),
        provider("L2", Tier.LOCALITY, occupational_sick_pay="n", travel_costs="y"),
        provider("S1", Tier.SECONDARY),
        provider("P1", Tier.SPOT),
    ),
)


def counts(made):
    return {f.figure: (f.count, f.of) for f in made.figures}


def test_every_figure_by_hand():
    assert counts(council_return(RECORD, [PROBLEM])) == {
        "residents with a regular care worker": (1, 2),
        # W2 once at C1, W2 and W3 at C2
        "visits by someone not known": (3, 13),
        "offered guaranteed hours": (2, 3),
        "accepted guaranteed hours, of the workforce": (1, 3),
        "accepted guaranteed hours, of those offered": (1, 2),
        "providers that pay occupational sick pay": (1, 2),
        "providers that contribute to travel costs": (2, 2),
        "residents with framework providers": (1, 2),
        "hours with framework providers": (12.0, 14.0),
        "residents with locality providers": (1, 2),
        "hours with locality providers": (8.0, 14.0),
        "residents with secondary providers": (0, 2),
        "hours with secondary providers": (4.0, 14.0),
        "residents with spot providers": (1, 2),
        "hours with spot providers": (2.0, 14.0),
    }


def test_what_the_data_lack_is_said_and_never_zero():
    made = council_return(RECORD)
    lacking = {f.figure: f.needs for f in made.figures if f.count is None}
    assert len(lacking) == 13
    assert all(lacking.values())
    anonymous = replace(
        RECORD,
        attendances=tuple(replace(a, client_id=None) for a in RECORD.attendances),
    )
    first, second, *_ = council_return(anonymous).figures
    assert (first.needs, second.needs) == ("client_id", "client_id")


def test_one_worker_without_an_offer_told_leaves_all_open():
    told = (*PROBLEM.workers, worker("W4", "L1"))
    made = council_return(RECORD, [replace(PROBLEM, workers=told)])
    assert counts(made)["offered guaranteed hours"] == (None, None)


def test_parameters_move_what_regular_and_known_mean():
    made = counts(council_return(RECORD, regular_percent=30))
    assert made["residents with a regular care worker"] == (2, 2)
    gap = replace(RECORD.attendances[0], day=MONDAY - timedelta(days=40))
    late = replace(RECORD, attendances=(gap, *RECORD.attendances[1:]))
    late = replace(late, known_before=frozenset())
    usual = council_return(late, known_days=90).figures[1]
    strict = council_return(late, known_days=30).figures[1]
    assert strict.count == usual.count + 1
    assert "30 days" in strict.definition


def test_the_return_reads_back(tmp_path):
    made = council_return(RECORD, [PROBLEM])
    path = tmp_path / "q1.csv"
    path.write_text(return_csv(made), encoding="utf-8")
    assert read_return(path).figures == made.figures
    assert all(c.count == 0 for c in changes(made, read_return(path)))


def test_islingtons_change_from_quarter_to_quarter():
    """583/723 to 699/779 are 116 residents and 9.1 points more; 680 to 254 visits."""
    made = council_return(RECORD, [PROBLEM])
    regular, unknown = made.figures[:2]

    def quarter(residents, of, visits):
        figures = (
            replace(regular, count=residents, of=of),
            replace(unknown, count=visits, of=None),
        )
        return replace(made, figures=figures)

    more, fewer = changes(quarter(699, 779, 254), quarter(583, 723, 680))
    assert (more.count, round(more.points, 1)) == (116, 9.1)
    assert (fewer.count, fewer.points) == (-426, None)


def test_another_definition_is_not_compared():
    now, before = (council_return(RECORD, known_days=n) for n in (90, 30))
    regular, unknown = changes(now, before)[:2]
    assert regular.comparable
    assert not unknown.comparable
    assert unknown.count is None


def test_weeks_are_joined_in_order_of_time():
    """What was known before the first day is told by the first week's folder."""
    early, late = (
        replace(RECORD, attendances=tuple(part))
        for part in (
            [a for a in RECORD.attendances if a.day < MONDAY + timedelta(days=3)],
            [a for a in RECORD.attendances if a.day >= MONDAY + timedelta(days=3)],
        )
    )
    late = replace(late, known_before=frozenset())
    assert joined([late, early]).known_before == RECORD.known_before
    assert joined([late, early]).attendances == joined([early, late]).attendances


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.splitlines()[0] + "\n", "it has no row"),
        (lambda text: text + text.splitlines()[1] + "\n", "E1106"),
        (lambda text: text.replace(",1,2,", ",3,2,", 1), "larger than its whole"),
        (lambda text: text.replace("2026-06-01", "2026-06-02", 1), "different periods"),
    ],
)
def test_a_damaged_return_is_refused(tmp_path, change, message):
    path = tmp_path / "q1.csv"
    path.write_text(change(return_csv(council_return(RECORD, [PROBLEM]))))
    with pytest.raises(DataError, match=message):
        read_return(path)
