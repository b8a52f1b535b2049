"""Attendances from anybody's table: CSV or Excel, with a mapping of its columns.

``visit_id``, ``worker_id``, ``date``, ``start`` and ``end`` suffice. What else is there
makes more of the audit testable (docs/audit.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from roundplan.charter.attendances import OFFERED, Attendance, Person, Record, said_yes
from roundplan.domain import Problem
from roundplan.errors import DataError, DataProblem, UsageError
from roundplan.formats import Code
from roundplan.units import HOUR_S, MINUTE_S

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("visit_id", "worker_id", "date", "start", "end")
OPTIONAL = (
    "client_id",
    "planned_start",
    "planned_end",
    "travel_s",
    "travel_min",
    "paid_travel_s",
    "paid_travel_min",
    "commissioned_min",
    "short_visit_agreed",
    "hourly_rate",
    "contract",
    "guaranteed_hours",
    OFFERED,
)
"""Columns that an audit knows; ``start`` and ``end`` are the actual times if there are
planned ones beside them."""

LONGEST_S = 24 * HOUR_S
YES = frozenset({"y", "yes", "true", "1"})
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How a table is written.

    Parameters
    ----------
    names
        By our name of a column, the table's.
    date_format, time_format
        As Python's ``strptime`` has them; empty for YYYY-MM-DD and HH:MM[:SS].
    """

    names: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    time_format: str = ""
    timezone: str = "Europe/London"

    @classmethod
    def read(cls, path: Path) -> Columns:
        """Read a mapping, a TOML file of ``our_name = "Their heading"``.

        Raises
        ------
        UsageError
            E1002. It cannot be read, or names a column that an audit does not know.
        """
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            msg = f"the mapping {path.name} cannot be read: {error}"
            raise UsageError(msg) from error
        how = {
            key: str(content.pop(key))
            for key in ("date_format", "time_format", "timezone")
            if key in content
        }
        unknown = [key for key in content if key not in NEEDED + OPTIONAL]
        if unknown:
            msg = (
                f"the mapping {path.name} names {', '.join(unknown)}; an audit knows "
                + ", ".join((*NEEDED, *OPTIONAL))
            )
            raise UsageError(msg)
        return cls(names={k: str(v) for k, v in content.items()}, **how)


def read_attendances(
    path: Path | str, columns: Columns | None = None, problem: Problem | None = None
) -> Record:
    """Read a table of attendances.

    Parameters
    ----------
    problem
        The problem that it is of, for clients, commissioned lengths and contracts
        that the table lacks. Visits and workers that it does not know are faults.

    Raises
    ------
    DataError
        E1000. Everything that is wrong with it.
    """
    path, columns = Path(path), columns or Columns()
    table = _table(path)
    reader = _Reader(path.name, table, columns, problem)
    return reader.record()


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    def refused(code: str, what: str, action: str) -> DataError:
        problem = DataProblem(
            code=code,
            file=path.name,
            line=0,
            column="",
            value=None,
            what=what,
            action=action,
        )
        return DataError([problem])

    if not path.is_file():
        what = "there is no such file"
        raise refused(Code.NO_FILE.value, what, "Check the path")
    try:
        if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
            found = pd.read_excel(path, dtype=str, engine="calamine")
        else:
            found = pd.read_csv(
                path, dtype=str, encoding="utf-8-sig", sep=None, engine="python"
            )
    except (ValueError, OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
        what = "it is not a table that can be read"
        raise refused(Code.NO_TABLE.value, what, "Save it as CSV") from error
    return found.fillna("")


class _Reader:
    def __init__(
        self,
        file: str,
        table: pd.DataFrame,
        columns: Columns,
        problem: Problem | None,
    ) -> None:
        self._file = file
        self._columns = columns
        self._problem = problem
        self._zone = ZoneInfo(columns.timezone)
        self._faults: list[DataProblem] = []
        self._midnight = 0
        headings = {str(c).strip(): c for c in table.columns}
        self._values: dict[str, list[str]] = {}
        for name in (*NEEDED, *OPTIONAL):
            heading = columns.names.get(name, name)
            if heading in headings:
                cells = table[headings[heading]].astype(str)
                self._values[name] = cells.str.strip().tolist()
            elif name in NEEDED or name in columns.names:
                what = f"the column {heading!r} is missing"
                action = "Name it in a mapping (--columns)"
                self._say("E1102", 0, name, None, what, action)
        self._count = len(table)

    def _say(
        self,
        code: str,
        row: int,
        column: str,
        value: str | None,
        what: str,
        action: str,
    ) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(
                DataProblem(
                    code=code,
                    file=self._file,
                    line=row,
                    column=column,
                    value=value,
                    what=what,
                    action=action,
                )
            )

    def record(self) -> Record:
        if self._faults:
            raise DataError(self._faults)
        found = [
            a for i in range(self._count) if (a := self._attendance(i)) is not None
        ]
        people = self._people()
        if not self._faults and not found:
            self._say("E1103", 0, "", None, "it has no rows", "Check the file")
        if self._faults:
            raise DataError(self._faults)
        found.sort(key=lambda a: (a.worker_id, a.start_s, a.visit_id))
        notes = [f"{len(found):,} attendances of {self._file}"]
        if self._midnight:
            notes.append(
                f"{self._midnight:,} attendances end on the next day, since they end "
                "before they start"
            )
        if "travel_s" not in self._values and "travel_min" not in self._values:
            notes.append("nothing is known of travel: home legs are left out too")
        return Record(
            source=self._file,
            attendances=tuple(found),
            people=people,
            notes=tuple(notes),
        )

    def _cell(self, name: str, row: int) -> str:
        return self._values[name][row] if name in self._values else ""

    def _attendance(self, i: int) -> Attendance | None:
        line = i + 2
        if not any(cells[i] for cells in self._values.values()):
            return None
        for name in NEEDED:
            if not self._cell(name, i):
                what = "the cell is empty"
                self._say("E1105", line, name, None, what, "Fill it in")
                return None
        day = self._day(i)
        start = self._moment("start", i, day)
        end = self._moment("end", i, day)
        if day is None or start is None or end is None:
            return None
        if end <= start:
            end += 24 * HOUR_S
            self._midnight += 1
            if end - start > LONGEST_S / 2 or end == start:
                what = "it ends before it starts"
                self._say(
                    "E1108", line, "end", self._cell("end", i), what, "Correct it"
                )
                return None
        planned = None
        if self._cell("planned_start", i) and self._cell("planned_end", i):
            first = self._moment("planned_start", i, day)
            last = self._moment("planned_end", i, day)
            if first is None or last is None:
                return None
            planned = (first, last + (24 * HOUR_S if last <= first else 0))
        visit_id, worker_id = self._cell("visit_id", i), self._cell("worker_id", i)
        client_id = self._cell("client_id", i) or None
        commissioned = self._number("commissioned_min", i, MINUTE_S)
        agreed = self._yes("short_visit_agreed", i)
        if self._problem is not None:
            if not self._problem.has_visit(visit_id):
                what = "the problem has no such visit"
                self._say("E1107", line, "visit_id", visit_id, what, "Correct it")
                return None
            if not self._problem.has_worker(worker_id):
                what = "the problem has no such worker"
                self._say("E1107", line, "worker_id", worker_id, what, "Correct it")
                return None
            visit = self._problem.visit(visit_id)
            client_id = client_id or visit.client_id
            commissioned = visit.duration_s if commissioned is None else commissioned
            agreed = visit.short_visit_agreed if agreed is None else agreed
        return Attendance(
            visit_id=visit_id,
            worker_id=worker_id,
            client_id=client_id,
            day=day,
            start_s=start,
            end_s=end,
            planned_s=planned,
            travel_s=self._either("travel", i),
            paid_travel_s=self._either("paid_travel", i),
            commissioned_s=commissioned,
            agreed=agreed,
        )

    def _day(self, i: int) -> date | None:
        text = self._cell("date", i)
        how = self._columns.date_format
        try:
            if how:
                return datetime.strptime(text, how).date()  # noqa: DTZ007 (a date)
            return date.fromisoformat(text.removesuffix(" 00:00:00"))
        except ValueError:
            shape = how or "YYYY-MM-DD (or give date_format in a mapping)"
            self._say("E1104", i + 2, "date", text, "this is no date", f"Write {shape}")
            return None

    def _moment(self, name: str, i: int, day: date | None) -> int | None:
        text, how = self._cell(name, i), self._columns.time_format
        if day is None:
            return None
        try:
            if how:
                clock = datetime.strptime(text, how).time()  # noqa: DTZ007 (a time)
            elif len(text) > 8:
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is not None:
                    return int(moment.timestamp())
                return int(moment.replace(tzinfo=self._zone).timestamp())
            else:
                clock = time.fromisoformat(text.zfill(5) if ":" in text else "")
        except ValueError:
            shape = how or "HH:MM (or give time_format in a mapping)"
            self._say("E1104", i + 2, name, text, "this is no time", f"Write {shape}")
            return None
        return int(datetime.combine(day, clock, self._zone).timestamp())

    def _number(self, name: str, i: int, unit: int = 1) -> int | None:
        text = self._cell(name, i)
        if not text:
            return None
        try:
            value = float(text)
            if not 0 <= value <= 10**7:
                raise ValueError
            return round(value * unit)
        except ValueError:
            what = "this is no number from 0"
            self._say("E1104", i + 2, name, text, what, "Write it such as 12.5")
            return None

    def _either(self, name: str, i: int) -> int | None:
        seconds = self._number(f"{name}_s", i)
        return self._number(f"{name}_min", i, MINUTE_S) if seconds is None else seconds

    def _yes(self, name: str, i: int) -> bool | None:
        text = self._cell(name, i).lower()
        return text in YES if text else None

    def _people(self) -> dict[str, Person]:
        """Return what the rows, and then the problem, say of workers."""
        rates: dict[str, dict[date, int]] = {}
        kinds: dict[str, bool] = {}
        hours: dict[str, int] = {}
        workers: dict[str, Any] = {}
        offers: dict[str, bool] = {}
        for i in range(self._count):
            worker_id = self._cell("worker_id", i)
            workers[worker_id] = None
            if (rate := self._number("hourly_rate", i, 100)) is not None:
                day = self._day(i)
                if day is not None:
                    rates.setdefault(worker_id, {})[day] = rate
            if kind := self._cell("contract", i).lower().replace(" ", "_"):
                kinds[worker_id] = kind.startswith("zero")
            if (promised := self._number("guaranteed_hours", i, HOUR_S)) is not None:
                hours[worker_id] = promised
            if (offered := self._yes(OFFERED, i)) is not None:
                offers[worker_id] = offered
        people = {}
        for worker_id in workers:
            contract = None
            offered = offers.get(worker_id)
            if self._problem is not None and self._problem.has_worker(worker_id):
                worker = self._problem.worker(worker_id)
                contract = worker.contract
                if offered is None:
                    offered = said_yes(worker.extra, OFFERED)
            zero = kinds.get(worker_id)
            if zero is None and contract is not None:
                zero = contract.kind.value == "zero_hours"
            people[worker_id] = Person(
                zero_hours=zero,
                guaranteed_s=hours.get(
                    worker_id, None if contract is None else contract.guaranteed_s
                ),
                offered=offered,
                rate_p=rates.get(
                    worker_id, None if contract is None else contract.rate_p
                ),
                has_fixed_base=contract is not None and contract.has_fixed_base,
                opted_out=contract is not None and contract.wtr_opt_out,
            )
        return people
