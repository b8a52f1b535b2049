"""Keep travel matrices on disk, by the content they were computed from.

Positions of clients are personal: an entry's name is a hash, and it holds nothing but
seconds, metres and the like.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.errors import NetworkError
from roundplan.network.archive import ArchiveReader, write_archive

CACHE_VARIABLE = "ROUNDPLAN_CACHE"
"""Environment variable with the folder to use, or ``off``."""

MAX_CACHE_BYTES = 1_000_000_000
"""Past this the entries that were used longest ago are removed."""

ALGORITHM = "matrix 2"
"""Part of every key: change it when the same input must give another matrix."""

_SUFFIX = ".matrix"
_OFF = frozenset({"off", "0", "no", "none"})

_log = logging.getLogger(__name__)

Figures = Mapping[str, npt.NDArray[Any]]
"""Arrays by name, each (places, places)."""


def cache_folder() -> Path | None:
    """Return the user's cache folder for matrices, None when it is switched off."""
    chosen = os.environ.get(CACHE_VARIABLE, "").strip()
    if chosen.lower() in _OFF:
        return None
    if chosen:
        return Path(chosen).expanduser() / "matrices"
    try:
        home = Path.home()
    except RuntimeError:  # no home folder, as in some containers
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "roundplan" / "matrices"


@dataclass(frozen=True, slots=True)
class MatrixCache:
    """Matrices in a folder. A cache that cannot be read or written is only slower."""

    folder: Path
    max_bytes: int = MAX_CACHE_BYTES

    @classmethod
    def of(cls, choice: bool | Path) -> MatrixCache | None:
        """Return the cache that a caller chose: yes, no, or a folder of their own."""
        folder = cache_folder() if isinstance(choice, bool) else Path(choice)
        return cls(folder) if choice and folder is not None else None

    def key(self, *parts: str | float | npt.NDArray[np.generic]) -> str:
        """Return the hash of everything that a matrix depends on."""
        digest = hashlib.sha256(ALGORITHM.encode())
        for part in parts:
            if isinstance(part, np.ndarray):
                digest.update(f"\0{part.dtype}{part.shape}".encode())
                digest.update(np.ascontiguousarray(part).tobytes())
            else:
                digest.update(f"\0{part!r}".encode())
        return digest.hexdigest()

    def load(
        self, key: str, places: int, types: Mapping[str, str]
    ) -> dict[str, npt.NDArray[Any]] | None:
        """Return a matrix's figures, None when they are not there or damaged.

        ``types`` are the names of the arrays and how they are stored, such as ``<i4``.
        """
        path = self._path(key)
        if not path.is_file():
            return None
        try:
            with ArchiveReader(path) as stored:
                found = {
                    name: stored.array(name, type_, (places, places))
                    for name, type_ in types.items()
                }
        except NetworkError:
            _log.warning("a damaged matrix in the cache is computed again")
            return None
        try:
            path.touch()  # used now: the last to be removed
        except OSError:
            _log.debug("the cache is read-only")
        # Copies, since what was read is not writable and a computed matrix is.
        return {name: array.copy() for name, array in found.items()}

    def save(self, key: str, figures: Figures) -> None:
        """Keep a matrix, and remove old ones when there is too much."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_archive(
                self._path(key),
                {"format": "roundplan matrix"},
                figures,
            )
            self._shrink()
        except OSError as error:
            _log.warning("a matrix was not kept: %s", error.strerror)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{_SUFFIX}"

    def _shrink(self) -> None:
        """Remove the entries that were used longest ago until the rest fits."""
        entries = []
        for path in self.folder.glob(f"*{_SUFFIX}"):
            about = path.stat()
            entries.append((about.st_mtime_ns, path.name, about.st_size, path))
        total = sum(size for *_, size, _ in entries)
        for _, _, size, path in sorted(entries):
            if total <= self.max_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size
