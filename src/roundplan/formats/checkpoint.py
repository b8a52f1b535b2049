"""Checkpoints of a running plan: who makes which visit in the best roster so far.

One file in the folder for rosters, replaced whole every now and then, so that a plan
that was killed can go on from it. It is no roster: nothing but a plan reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from roundplan.domain import Mode, PastRoster, PastVisit
from roundplan.errors import UsageError
from roundplan.formats.whole import write_whole

CHECKPOINT = "checkpoint.json"
FORMAT = 1


def save_checkpoint(
    out: Path, past: PastRoster, hashes: tuple[tuple[str, str], ...], about: str
) -> None:
    """Write a checkpoint, whole.

    Parameters
    ----------
    hashes
        Of the inputs (``ProblemFolder.hashes``): others cannot go on from it.
    about
        How far the plan was, in words.
    """
    out.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "about": about,
        "inputs": dict(hashes),
        "visits": [
            [
                v.visit_id,
                v.client_id,
                v.on.isoformat(),
                v.start_s,
                list(v.workers),
                [None if mode is None else mode.value for mode in v.modes],
            ]
            for v in past.visits
        ],
    }
    write_whole(out / CHECKPOINT, json.dumps(content, separators=(",", ":")) + "\n")


def load_checkpoint(
    out: Path, hashes: tuple[tuple[str, str], ...]
) -> tuple[PastRoster, str]:
    """Return the roster of a checkpoint, and how far its plan was.

    Raises
    ------
    UsageError
        E1002. There is none, it is damaged, or the inputs have changed since.
    """
    path = out / CHECKPOINT
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError
        visits = tuple(_visit(row) for row in content["visits"])
        about = str(content["about"])
        inputs = {str(k): str(v) for k, v in content["inputs"].items()}
    except OSError as error:
        msg = f"there is no checkpoint in {out} to go on from: plan without --resume"
        raise UsageError(msg) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"the checkpoint in {out} is damaged: plan without --resume"
        raise UsageError(msg) from error
    if inputs != dict(hashes):
        changed = sorted(
            name
            for name in {*inputs, *dict(hashes)}
            if inputs.get(name) != dict(hashes).get(name)
        )
        msg = (
            f"{', '.join(changed)} changed since the checkpoint in {out} was made: "
            "plan without --resume"
        )
        raise UsageError(msg)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return PastRoster(visits=visits, sha256=digest), about


def drop_checkpoint(out: Path) -> None:
    """Remove the checkpoint of a plan that has come to its end."""
    (out / CHECKPOINT).unlink(missing_ok=True)


def _visit(row: list[Any]) -> PastVisit:
    visit_id, client_id, on, start_s, workers, modes = row
    return PastVisit(
        visit_id=str(visit_id),
        client_id=str(client_id),
        on=date.fromisoformat(on),
        start_s=int(start_s),
        workers=tuple(map(str, workers)),
        modes=tuple(None if mode is None else Mode(mode) for mode in modes),
    )
