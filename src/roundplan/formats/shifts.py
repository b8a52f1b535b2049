"""Rows of shifts.csv to shifts that do not overlap.

Absence calendars overlap shift patterns, so leave is cut out of everything else, and
training and meetings out of work. Two work shifts that overlap are a fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from roundplan.domain import PAID_BLOCKS, Shift, ShiftKind
from roundplan.formats.cells import CellError, counted
from roundplan.formats.clock import WallClock
from roundplan.formats.codes import Code
from roundplan.formats.source import Row, Source


@dataclass(frozen=True, slots=True)
class _Piece:
    """A shift, or what is left of one."""

    row: Row
    start_s: int
    end_s: int
    start_place: str | None
    end_place: str | None

    @property
    def kind(self) -> ShiftKind:
        return ShiftKind(self.row["kind"])


def build_shifts(
    rows: Sequence[Row],
    workers: Collection[str],
    places: Collection[str],
    clock: WallClock,
    days: int | None,
    source: Source,
) -> list[Shift]:
    """Make the shifts of the horizon; ``days`` None when the horizon is unknown."""
    by_worker: dict[str, list[_Piece]] = defaultdict(list)
    for row in rows:
        worker_id = row["worker_id"]
        if worker_id is not None and worker_id not in workers:
            source.unknown(row, "worker_id", worker_id, "worker", workers)
        piece = _piece(row, workers, places, clock, source)
        if piece is not None:
            by_worker[worker_id].append(piece)
    cut: dict[int, list[_Piece]] = {}
    shortened = 0
    for pieces in by_worker.values():
        for whole, left in _disjoint(pieces, source):
            cut[id(whole.row)] = left
            shortened += left != [whole]
    if shortened:
        which = counted(shortened, "shift was", "shifts were")
        source.notes.append(
            f"{which} shortened or split by leave, training or meetings of the same "
            "time."
        )
    return _named(cut, rows, clock, days, source)


def shift_ids(shifts: Iterable[tuple[str, str, ShiftKind, int]]) -> list[str]:
    """Return the ids that the reader gives to shifts without an id of their own.

    Parameters
    ----------
    shifts
        ``(worker_id, date, kind, start_s)`` of each shift, the date as YYYY-MM-DD.

    Returns
    -------
    list
        ``worker_id@date`` for the worker's only work shift of a date, else with
        ``#1``, ``#2`` in order of start; for a block ``worker_id@date-kind`` likewise.
    """
    named = [
        (f"{worker}@{on}" + ("" if kind is ShiftKind.WORK else f"-{kind}"), start)
        for worker, on, kind, start in shifts
    ]
    starts: dict[str, list[int]] = defaultdict(list)
    for name, start in named:
        starts[name].append(start)
    for same in starts.values():
        same.sort()
    return [
        f"{name}#{starts[name].index(start) + 1}" if len(starts[name]) > 1 else name
        for name, start in named
    ]


def _piece(
    row: Row,
    workers: Collection[str],
    places: Collection[str],
    clock: WallClock,
    source: Source,
) -> _Piece | None:
    ends: dict[str, str | None] = {}
    for column in ("start_place", "end_place"):
        place: str | None = row[column]
        word = (place or "").lower()
        if word in ("", "anywhere"):
            place = None
        elif word == "home":
            place = row["worker_id"]
        elif place not in places:
            source.unknown(row, column, place or "", "place", places)
        elif place in workers and place != row["worker_id"]:
            what = "a shift cannot start or end at another worker's home"
            action = "Write home, anywhere, or the id of a place or client."
            source.row_fault(row, Code.WRONG_CELL, column, what, action)
        ends[column] = place
    if not row.ok:
        return None
    try:
        start = clock.seconds(row["date"], row["start"])
        end = clock.seconds(row["date"], row["end"])
    except CellError as error:
        source.row_fault(row, Code.WRONG_CELL, "start", error.what, error.action)
        return None
    if end <= start:
        what = f"the shift ends before it starts, at {row.raw['start']}"
        action = "Write an end past midnight as 24:30, up to 36:00."
        source.row_fault(row, Code.ENDS_BEFORE_START, "end", what, action)
        return None
    return _Piece(row, start, end, ends["start_place"], ends["end_place"])


def _disjoint(
    pieces: list[_Piece], source: Source
) -> Iterator[tuple[_Piece, list[_Piece]]]:
    """Yield each shift of one worker with what is left of it."""
    pieces = sorted(pieces, key=lambda p: (p.start_s, p.row.line))
    leave = [p for p in pieces if p.kind is ShiftKind.LEAVE]
    paid = [p for p in pieces if p.kind in PAID_BLOCKS]
    work = [p for p in pieces if p.kind is ShiftKind.WORK]
    away: list[_Piece] = []
    for piece in leave:
        left = _without(piece, away)
        away += left
        yield piece, left
    _check_overlap(paid, source)
    blocks = list(away)
    for piece in paid:
        left = _without(piece, away)
        blocks += left
        yield piece, left
    _check_overlap(work, source)
    for piece in work:
        yield piece, _without(piece, blocks)


def _check_overlap(pieces: list[_Piece], source: Source) -> None:
    before: _Piece | None = None
    for piece in pieces:
        if before is not None and piece.start_s < before.end_s:
            other = before.row
            what = f"this overlaps the worker's shift in line {other.line}"
            action = "Change a time, or delete one of the two rows."
            source.row_fault(piece.row, Code.OVERLAP, "start", what, action)
        if before is None or piece.end_s > before.end_s:
            before = piece


def _without(piece: _Piece, blocks: Iterable[_Piece]) -> list[_Piece]:
    """Cut blocks out of a piece.

    Around leave, what is left keeps the places of its shift. Around training and
    meetings it ends and starts where the block does.
    """
    left = [piece]
    for block in blocks:
        of_leave = block.kind is ShiftKind.LEAVE
        parts: list[_Piece] = []
        for part in left:
            if block.end_s <= part.start_s or part.end_s <= block.start_s:
                parts.append(part)
                continue
            if part.start_s < block.start_s:
                place = part.end_place if of_leave else block.start_place
                parts.append(replace(part, end_s=block.start_s, end_place=place))
            if block.end_s < part.end_s:
                place = part.start_place if of_leave else block.end_place
                parts.append(replace(part, start_s=block.end_s, start_place=place))
        left = parts
    return left


def _named(
    cut: Mapping[int, list[_Piece]],
    rows: Sequence[Row],
    clock: WallClock,
    days: int | None,
    source: Source,
) -> list[Shift]:
    """Give ids to what is left, in the order of the rows, inside the horizon."""
    pieces: list[_Piece] = []
    own_ids: list[str | None] = []
    outside = 0
    for row in rows:
        left = cut.get(id(row))
        if left is None:
            continue
        if days is not None and not 0 <= clock.day(row["date"]) < days:
            outside += 1
            continue
        own: str | None = row["shift_id"]
        several = own is not None and len(left) > 1
        pieces += left
        own_ids += [f"{own}#{k + 1}" if several else own for k in range(len(left))]
    if outside:
        which = counted(
            outside, "shift outside the horizon was", "shifts outside the horizon were"
        )
        source.notes.append(f"{which} left out.")
    made = shift_ids(
        (p.row["worker_id"], str(p.row["date"]), p.kind, p.start_s)
        for p, own in zip(pieces, own_ids, strict=True)
        if own is None
    )
    names = iter(made)
    seen: set[str] = set()
    shifts = []
    for piece, own in zip(pieces, own_ids, strict=True):
        shift_id = next(names) if own is None else own
        if shift_id in seen:
            what = f"another shift has the id {shift_id}"
            source.row_fault(
                piece.row, Code.DUPLICATE, "shift_id", what, "Give each its own."
            )
        seen.add(shift_id)
        shifts.append(
            Shift(
                shift_id=shift_id,
                worker_id=piece.row["worker_id"],
                day=clock.day(piece.row["date"]),
                start_s=piece.start_s,
                end_s=piece.end_s,
                kind=piece.kind,
                start_place=piece.start_place,
                end_place=piece.end_place,
                extra=piece.row.extra,
            )
        )
    return shifts
