"""Named arrays and a JSON header in one file, read without trusting it.

The file is a zip of ``.npy`` members, so ``numpy.load`` opens it too. Nothing in it is
ever unpickled, and nothing is unpacked beyond the sizes that its header implies.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from roundplan.errors import NetworkError

HEADER = "header.json"
MAX_HEADER_BYTES = 16_000_000
MAX_ARRAY_BYTES = 1024**3
"""Most that one array may unpack to."""

Arrays = Mapping[str, npt.NDArray[Any]]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NPY_HEADER_BYTES = 128


def write_archive(path: Path, header: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a file that holds a header and arrays, whole or not at all.

    Equal content gives equal bytes: there are no dates in it.

    Raises
    ------
    OSError
        The folder is missing or cannot be written.
    """
    # Not tempfile: its files are readable by their owner only, and stay so.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as stream, zipfile.ZipFile(stream, "w") as packed:
            text = json.dumps(header, ensure_ascii=False, sort_keys=True, indent=1)
            _write_member(packed, HEADER, text.encode())
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, array, allow_pickle=False)
                _write_member(packed, f"{name}.npy", buffer.getvalue())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class ArchiveReader:
    """An open archive; use it as a context manager.

    Every way in which the file can be wrong is a NetworkError that names the file.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._packed = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            msg = f"{self._name} is damaged, or was not written by roundplan"
            raise NetworkError(msg) from error

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._packed.close()

    def header(self) -> dict[str, Any]:
        """Return the header, an object of JSON."""
        try:
            found = json.loads(self._member(HEADER, MAX_HEADER_BYTES))
        except (ValueError, RecursionError) as error:
            raise self._damaged(HEADER) from error
        if not isinstance(found, dict):
            raise self._damaged(HEADER)
        return found

    def array(self, name: str, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Return an array, which must have exactly this type and shape.

        Parameters
        ----------
        dtype
            With its byte order, such as ``"<i4"``.
        """
        member = f"{name}.npy"
        size = int(np.prod(shape, dtype=object)) * np.dtype(dtype).itemsize
        if min(shape, default=0) < 0 or size > MAX_ARRAY_BYTES:
            raise self._damaged(member)
        data = io.BytesIO(self._member(member, size + _NPY_HEADER_BYTES))
        try:
            if np.lib.format.read_magic(data) != (1, 0):
                raise self._damaged(member)
            found = np.lib.format.read_array_header_1_0(data)
        except (ValueError, SyntaxError, RecursionError) as error:
            raise self._damaged(member) from error
        body = data.read()
        if found != (shape, False, np.dtype(dtype)) or len(body) != size:
            raise self._damaged(member)
        return np.frombuffer(body, dtype=dtype).reshape(shape)

    def _member(self, name: str, most: int) -> bytes:
        """Unpack a member that must not be longer than ``most`` bytes."""
        try:
            if self._packed.getinfo(name).file_size > most:
                raise self._damaged(name)
            return self._packed.read(name)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise self._damaged(name) from error

    def _damaged(self, member: str) -> NetworkError:
        return NetworkError(
            f"{self._name} is damaged ({member}): build it again from the street file"
        )


def _write_member(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(info, data, compresslevel=1)
