"""Travel times between places, by travel profile and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from roundplan.domain.period import Period
from roundplan.domain.worker import CareWorker, Mode
from roundplan.errors import TravelError

UNREACHABLE = -1
"""What ``times_s`` holds where there is no way from one place to another."""

MODE_CODES: tuple[Mode, ...] = tuple(Mode)
"""``TravelMatrix.modes`` holds indices into this."""

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelProfile:
    """One vehicle of a round, with the worker's mode that gives the right to it.

    ``walk`` is on foot all the way; ``transit`` is on foot and by public transport,
    leg by leg; the others are one vehicle for the whole round. ``exempt`` is that of
    workers with an exemption from signs and cameras (``CareWorker.ltn_exempt``).
    """

    name: str
    needs: Mode
    exempt: bool = False


DRIVE_EXEMPT = "drive-exempt"
"""Driving with an exemption from the filters of low-traffic neighbourhoods."""

PROFILES: tuple[TravelProfile, ...] = (
    *(TravelProfile(name=mode.value, needs=mode) for mode in Mode),
    TravelProfile(name=DRIVE_EXEMPT, needs=Mode.DRIVE, exempt=True),
)

_MODE_OF = {profile.name: profile.needs for profile in PROFILES}


def mode_of(profile: str) -> Mode:
    """Return the mode of a profile.

    Raises
    ------
    TravelError
        E2201. There is no such profile.
    """
    if profile not in _MODE_OF:
        msg = f"there is no travel profile {profile!r}, only {', '.join(_MODE_OF)}"
        raise TravelError(msg)
    return _MODE_OF[profile]


def _still(profile: str) -> Mode:
    """Return the mode of staying where one is: nobody takes a bus for that."""
    return Mode.WALK if profile == "transit" else mode_of(profile)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelMatrix:
    """Travel between all pairs of some places by one profile in one period.

    Parameters
    ----------
    times_s
        int32 (n, n), seconds, origin in rows, ``UNREACHABLE`` where no path.
    metres
        int32 (n, n), metres of the same path.
    ltn_crossings
        int16 (n, n), boundaries of low-traffic neighbourhoods crossed.
    modes
        int8 (n, n), the leg's mode as an index into ``MODE_CODES``.
    """

    profile: str
    period: str
    place_ids: tuple[str, ...]
    times_s: Int32
    metres: Int32
    ltn_crossings: npt.NDArray[np.int16]
    modes: npt.NDArray[np.int8]
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check shapes, and index the places."""
        n = len(self.place_ids)
        for array in (self.times_s, self.metres, self.ltn_crossings, self.modes):
            if array.shape != (n, n):
                msg = f"a travel matrix of {n} places has shape {array.shape}"
                raise TravelError(msg)
        index = {place_id: i for i, place_id in enumerate(self.place_ids)}
        if len(index) != n:
            msg = "a travel matrix names a place twice"
            raise TravelError(msg)
        object.__setattr__(self, "_index", index)

    @property
    def when(self) -> Period:
        """When it holds.

        Raises
        ------
        TravelError
            E2201. The period has a name that means nothing.
        """
        return Period.parse(self.period)

    def index(self, place_id: str) -> int | None:
        """Return the row of a place, None when it is not in the matrix."""
        return self._index.get(place_id)

    def reindex(self, place_ids: tuple[str, ...]) -> TravelMatrix:
        """Return the same travel for other places or another order, by id.

        A place that this matrix does not know is unreachable from all but itself.
        """
        n = len(place_ids)
        rows = np.array([self._index.get(p, -1) for p in place_ids], dtype=np.int64)
        known = np.flatnonzero(rows >= 0)
        inside = np.ix_(known, known)
        source = np.ix_(rows[known], rows[known])
        times = np.full((n, n), UNREACHABLE, dtype=np.int32)
        np.fill_diagonal(times, 0)
        metres = np.zeros((n, n), dtype=np.int32)
        crossings = np.zeros((n, n), dtype=np.int16)
        modes = np.full((n, n), MODE_CODES.index(_still(self.profile)), dtype=np.int8)
        times[inside] = self.times_s[source]
        metres[inside] = self.metres[source]
        crossings[inside] = self.ltn_crossings[source]
        modes[inside] = self.modes[source]
        return TravelMatrix(
            profile=self.profile,
            period=self.period,
            place_ids=place_ids,
            times_s=times,
            metres=metres,
            ltn_crossings=crossings,
            modes=modes,
        )

    def __eq__(self, other: object) -> bool:
        """Compare by what the matrices say, not by identity."""
        if not isinstance(other, TravelMatrix):
            return NotImplemented
        return (
            (self.profile, self.period, self.place_ids)
            == (other.profile, other.period, other.place_ids)
            and np.array_equal(self.times_s, other.times_s)
            and np.array_equal(self.metres, other.metres)
            and np.array_equal(self.ltn_crossings, other.ltn_crossings)
            and np.array_equal(self.modes, other.modes)
        )

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelLeg:
    """One leg as the matrix gives it, not rounded."""

    seconds: int
    metres: int
    ltn_crossings: int
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """All travel of a problem.

    Parameters
    ----------
    matrices
        By profile: when none of its periods holds.
    notes
        What was assumed, in sentences.
    periods
        By profile: further matrices, each for its own period
        (`roundplan.domain.timed.stretches` says which holds when). Where one has no
        way, that of ``matrices`` holds.
    cells
        By the place of a client: the low-traffic neighbourhood that it is in, "" for
        none. Empty where neighbourhoods are not known.
    """

    matrices: Mapping[str, TravelMatrix]
    notes: tuple[str, ...] = ()
    periods: Mapping[str, tuple[TravelMatrix, ...]] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse periods that mean nothing, or without a matrix for other times."""
        for profile, several in self.periods.items():
            if profile not in self.matrices:
                msg = f"the periods of {profile} do not say what holds between them"
                raise TravelError(msg)
            for matrix in several:
                Period.parse(matrix.period)

    def leg(self, profile: str, origin: str, destination: str) -> TravelLeg | None:
        """Return a leg when no period holds, None where there is no way.

        The leg of a round is `roundplan.domain.timed.TimedLegs.leg`.
        A place reaches itself in no time, whether a matrix says so or not.
        """
        if origin == destination:
            return TravelLeg(seconds=0, metres=0, ltn_crossings=0, mode=_still(profile))
        matrix = self.matrices.get(profile)
        if matrix is None:
            return None
        i, j = matrix.index(origin), matrix.index(destination)
        if i is None or j is None or matrix.times_s[i, j] == UNREACHABLE:
            return None
        return TravelLeg(
            seconds=int(matrix.times_s[i, j]),
            metres=int(matrix.metres[i, j]),
            ltn_crossings=int(matrix.ltn_crossings[i, j]),
            mode=MODE_CODES[matrix.modes[i, j]],
        )

    def changes_cell(self, origin: str, destination: str) -> bool:
        """Return whether two clients live in different neighbourhoods, or one in none.

        False where either is no client's place, or neighbourhoods are not known.
        """
        here, there = self.cells.get(origin), self.cells.get(destination)
        return here is not None and there is not None and here != there

    def profiles_of(self, worker: CareWorker) -> tuple[str, ...]:
        """Return the vehicles among which each round of a worker has one.

        In the order of their modes, those that have a matrix. ``walk`` and ``transit``
        are one vehicle, on foot: ``transit`` where both are the worker's and both have
        a matrix, since its legs may be walks. A worker with an exemption drives by
        ``DRIVE_EXEMPT`` where that has a matrix.
        """
        there = [m.value for m in worker.modes]
        if worker.ltn_exempt and DRIVE_EXEMPT in self.matrices:
            there = [DRIVE_EXEMPT if p == "drive" else p for p in there]
        there = [p for p in there if p in self.matrices]
        if "transit" in there and "walk" in there:
            there.remove("transit")
            there[there.index("walk")] = "transit"
        return tuple(dict.fromkeys(there))

    def profile_of(self, worker: CareWorker) -> str | None:
        """Return the vehicle of a worker's round where nothing says otherwise."""
        return next(iter(self.profiles_of(worker)), None)

    def profile_of_round(self, worker: CareWorker, recorded: str) -> str | None:
        """Return the vehicle of a round: the one recorded, if it is the worker's.

        Otherwise the one that `profile_of` gives.
        """
        own = self.profiles_of(worker)
        return recorded if recorded in own else next(iter(own), None)
