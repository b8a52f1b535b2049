"""What ``explain`` does: load, try, print."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from roundplan.cli._console import RIGHT, Screen
from roundplan.cli._text import counted, duration, pounds
from roundplan.desk import Explanation, Hand, Trial, explain
from roundplan.domain import RULE_SUMMARY, Priority, Problem, Visit
from roundplan.formats import WallClock, load_roster

MOST_LISTED = 12
"""Workers printed before the list is cut."""


def explain_visit(
    folder: Path, visit_id: str, *, problem: Path | None, screen: Screen
) -> None:
    """Print why a visit is with whom it is.

    Raises
    ------
    UsageError
        E1002. The problem has no such visit.
    """
    loaded = load_roster(folder, problem=problem)
    of = loaded.problem_folder.problem
    found = explain(of, loaded.travel, loaded.roster, visit_id)
    print_explanation(screen, of, found)


def explain_unassigned(folder: Path, *, problem: Path | None, screen: Screen) -> None:
    """Print in brief why each visit without a worker has none, essential ones first."""
    loaded = load_roster(folder, problem=problem)
    of, order = loaded.problem_folder.problem, list(Priority)
    left = sorted(
        (
            of.visit(v)
            for v in {u.visit_id for u in loaded.roster.unassigned}
            if of.has_visit(v)
        ),
        key=lambda v: (
            order.index(v.priority),
            v.window.earliest_start_s,
            v.visit_id,
        ),
    )
    screen.heading(f"{counted(len(left), 'visit')} without a worker")
    for visit in left:
        found = explain(of, loaded.travel, loaded.roster, visit.visit_id)
        printer = _Printer(screen, of, found)
        printer.print_brief()


def print_explanation(screen: Screen, problem: Problem, found: Explanation) -> None:
    """Print who could make a visit for how much, and what stops the others."""
    _Printer(screen, problem, found).print()


class _Printer:
    def __init__(self, screen: Screen, problem: Problem, found: Explanation) -> None:
        self._screen, self._problem, self._found = screen, problem, found
        horizon = problem.horizon
        self._clock = WallClock(horizon.start_date, horizon.timezone)
        self._date = horizon.date_of(found.visit.day)

    def print(self) -> None:
        screen, found = self._screen, self._found
        screen.heading(self._what(found.visit))
        if found.placed:
            for hand in found.hands:
                self._print_hand(hand)
            return
        screen.say(
            f"It has no worker, which is priced at {pounds(found.left_out_p)} "
            f"({found.visit.priority.value})."
        )
        self._print_fits(found)
        self._print_blocked(found.trials)
        self._print_relaxations(found)

    def print_brief(self) -> None:
        """Print what blocks how many workers, and the cheapest ways out."""
        screen, found = self._screen, self._found
        screen.heading(f"{self._what(found.visit)} ({found.visit.priority.value})")
        able = [t.worker_id for t in found.trials if t.fits]
        rules = Counter(rule.value for t in found.trials for rule in t.rules)
        lines = [
            f"{rule} stops {counted(count, 'worker')}"
            for rule, count in rules.most_common()
        ]
        if able:
            half = " one half of it" if found.visit.workers_required > 1 else " it"
            lines.insert(0, f"{', '.join(able[:MOST_LISTED])} could make{half}")
        screen.bullets([*lines, *self._ways_out(found)])

    def _what(self, visit: Visit) -> str:
        window = visit.window
        hands = ", two workers" if visit.workers_required > 1 else ""
        return (
            f"{visit.visit_id}: client {visit.client_id}, {self._date:%A} "
            f"{self._date.day} {self._date:%B}, start "
            f"{self._at(window.earliest_start_s)} to "
            f"{self._at(window.latest_start_s)}, {duration(visit.duration_s)}{hands}"
        )

    def _at(self, second: int) -> str:
        return self._clock.moment(second).strftime("%H:%M")

    def _print_hand(self, hand: Hand) -> None:
        screen, now, next_best = self._screen, hand.now, hand.next_best
        screen.say(
            f"{now.worker_id} makes it at {self._at(now.start_s)}. It adds "
            f"{pounds(now.added_p)} to the cost of the roster."
        )
        able = [t for t in hand.others if t.fits]
        if next_best is None:
            screen.say("Nobody else can, all else staying as it is.")
        else:
            more = next_best.added_p - now.added_p
            than = f"{pounds(abs(more))} {'more' if more >= 0 else 'less'}"
            screen.say(
                f"The next best is {next_best.worker_id} at "
                f"{self._at(next_best.start_s)}: {than}."
            )
            self._print_able(able, now)
        self._print_blocked(hand.others)

    def _print_able(self, able: list[Trial], now: Trial | None = None) -> None:
        screen = self._screen
        screen.heading(f"{counted(len(able), 'worker')} could, every rule kept")
        rows = [
            (
                t.worker_id,
                self._at(t.start_s),
                pounds(t.added_p),
                "" if now is None else pounds(t.added_p - now.added_p),
                self._moves(t),
            )
            for t in able[:MOST_LISTED]
        ]
        against = "" if now is None else "Against now"
        screen.table(
            ["Worker", "Start", f"{RIGHT}Adds", f"{RIGHT}{against}", "Who else moves"],
            rows,
        )
        self._print_rest(len(able))

    def _moves(self, trial: Trial) -> str:
        return (
            "; ".join(
                f"{visit_id} {self._at(before)} to {self._at(now)}"
                for visit_id, before, now in trial.moved
            )
            or "nobody"
        )

    def _print_fits(self, found: Explanation) -> None:
        able = [t for t in found.trials if t.fits]
        if found.visit.workers_required > 1:
            if found.pairs:
                one, two = found.pairs[0]
                self._screen.say(
                    f"{one.worker_id} and {two.worker_id} could start together at "
                    f"{self._at(one.start_s)}, for {pounds(one.added_p + two.added_p)}."
                )
            else:
                self._screen.say("No two workers can start together.")
        elif not able:
            self._screen.say("No worker can make it, all else staying as it is.")
        if able:
            self._print_able(able)

    def _print_blocked(self, trials: tuple[Trial, ...]) -> None:
        blocked = [t for t in trials if not t.fits]
        if not blocked:
            return
        screen = self._screen
        screen.heading(f"{counted(len(blocked), 'worker')} could not: each was tried")
        rules = Counter(rule for t in blocked for rule in t.rules)
        screen.bullets(
            f"{rule.value}, {counted(count, 'worker')}: {RULE_SUMMARY[rule]}"
            for rule, count in rules.most_common()
        )
        screen.say()
        screen.table(
            ["Worker", "Start", "What it would break"],
            [
                (
                    t.worker_id,
                    self._at(t.start_s),
                    "\n".join(f"{v.rule.value}: {v.message}" for v in t.violations),
                )
                for t in blocked[:MOST_LISTED]
            ],
        )
        self._print_rest(len(blocked))

    def _print_rest(self, count: int) -> None:
        if count > MOST_LISTED:
            self._screen.say(f"and {count - MOST_LISTED:,} more")

    def _print_relaxations(self, found: Explanation) -> None:
        screen = self._screen
        screen.heading("Cheapest ways out, if somebody approves an override")
        if not found.relaxations:
            screen.say("None that sets aside one rule, or two.")
            return
        screen.bullets(self._ways_out(found))

    def _ways_out(self, found: Explanation) -> list[str]:
        half = (
            ", for one of the two workers" if found.visit.workers_required > 1 else ""
        )
        return [
            f"{counted(len(t.violations), 'rule')} set aside{half}: {t.worker_id} at "
            f"{self._at(t.start_s)}, for {pounds(t.added_p)}. "
            + " ".join(f"{v.rule.value}: {v.message}" for v in t.violations)
            for t in found.relaxations
        ]
