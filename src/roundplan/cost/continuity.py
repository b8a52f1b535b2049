"""Who is known to whom, and how many different workers a client should see."""

from __future__ import annotations

from collections import Counter

from roundplan.domain import Problem


class KnownBefore:
    """Which workers a client knows before the roster is made.

    A worker is known on a day when they have been introduced, or when their last
    visit in the history is at most ``policy.known_days`` before it. What the roster
    itself adds (an earlier visit in it) is for the caller to see.
    """

    def __init__(self, problem: Problem) -> None:
        self._introduced = {
            (c.client_id, w) for c in problem.clients for w in c.introduced_workers
        }
        self._until: dict[tuple[str, str], int] = {}
        for entry in problem.history:
            since = (problem.horizon.start_date - entry.last_visit).days
            pair = (entry.client_id, entry.worker_id)
            until = problem.policy.known_days - since
            self._until[pair] = max(until, self._until.get(pair, until))

    def on(self, day: int, *, client_id: str, worker_id: str) -> bool:
        """Return whether a worker is known to a client on a day of the horizon."""
        pair = (client_id, worker_id)
        if pair in self._introduced:
            return True
        until = self._until.get(pair)
        return until is not None and day <= until


def team_sizes(problem: Problem) -> dict[str, int]:
    """Return how many different workers each client may see in a block of days.

    The client's own size; else the policy's for the client's attendances a week (two
    for a double-handed visit, placed or not), and then at least 2 for a client with
    a double-handed visit.
    """
    attendances: Counter[str] = Counter()
    doubled = set()
    for visit in problem.visits:
        attendances[visit.client_id] += visit.workers_required
        if visit.workers_required > 1:
            doubled.add(visit.client_id)
    sizes = {}
    for client in problem.clients:
        size = client.team_size
        if size is None:
            size = problem.policy.team_size(
                attendances[client.client_id], problem.horizon.days
            )
            if client.client_id in doubled:
                size = max(size, 2)
        sizes[client.client_id] = size
    return sizes
