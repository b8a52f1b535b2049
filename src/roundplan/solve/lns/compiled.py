"""How functions of the kernel are compiled."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

entry = njit(cache=True, nogil=True)
"""Compile a function that Python calls: cached on disk, without the interpreter's lock.

No ``fastmath`` (it makes inf == inf false), no parallel loops (threads work on whole
searches). For the cache see `discard_stale`.
"""


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that only other compiled functions call.

    Without the wrappers that take Python objects apart, which would be half the time to
    compile; without counting references to the arrays it is handed (``_nrt``: such a
    function may not allocate), which made the search six times faster. And once, not
    once for each kind of number that callers happen to hand over (`widened`): that
    was two thirds of the time to compile.
    """
    compiled: Any = _quick(function)
    if hasattr(compiled, "get_call_template"):  # a plain function where the JIT is off
        template = compiled.get_call_template
        compiled.get_call_template = lambda args, kws: template(
            [widened(of) for of in args], {of: widened(kws[of]) for of in kws}
        )
    return compiled


_quick = njit(  # type: ignore[call-overload]
    cache=True,
    nogil=True,
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    error_model="numpy",
    _nrt=False,
)


def widened(of: Any) -> Any:
    """Return the one type for whole numbers of all sizes and for constants.

    numba would compile a function anew for an `int32`, for an `int64` and for each
    constant; the caller widens such an argument instead, in no time.
    """
    from numba import types

    plain = types.unliteral(of)
    if isinstance(plain, types.Integer) and plain != types.uint64:  # bits of draws
        return types.int64
    return plain


def discard_stale(compiled: Any, *folders: Path) -> None:
    """Empty the cache on disk of one compiled function's folder if sources changed.

    numba keys a cached function by its own file only: after an update that changes a
    function it calls in another file, it would go on running the old code. So a stamp
    with a hash of all the kernel's sources lies beside the cache. ``folders`` are those
    with sources besides this one's.
    """
    cache = Path(getattr(getattr(compiled, "_cache", None), "cache_path", None) or "")
    if not cache.is_absolute():
        return  # compiling is switched off, or nothing can be cached
    here = Path(__file__).parent
    sources = [here.parents[1] / "arrays" / "layout.py"]
    for folder in (here, *folders):
        sources += sorted(folder.glob("*.py"))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    stamp = cache / "roundplan-kernel.sha256"
    # another process may do the same at the same time, or hold a file open on Windows
    with contextlib.suppress(OSError):
        if stamp.exists() and stamp.read_text("ascii") == digest.hexdigest():
            return
        cache.mkdir(parents=True, exist_ok=True)
        for old in (*cache.glob("*.nbi"), *cache.glob("*.nbc")):
            old.unlink(missing_ok=True)
        stamp.write_text(digest.hexdigest(), "ascii")
