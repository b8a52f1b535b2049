"""How functions of the kernel are compiled."""

from __future__ import annotations

from numba import njit

entry = njit(cache=True, nogil=True)
"""Compile a function that Python calls: cached on disk, without the interpreter's lock.

No ``fastmath`` (it makes inf == inf false), no parallel loops (threads work on whole
searches). The cache is not aware of callees in other modules: clear ``__pycache__``
after editing one (CONTRIBUTING).
"""

kernel = njit(  # type: ignore[call-overload]
    cache=True,
    nogil=True,
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    error_model="numpy",
    _nrt=False,
)
"""Compile a function that only other compiled functions call.

Without the wrappers that take Python objects apart, which would be half the time to
compile; without counting references to the arrays it is handed (``_nrt``: such a
function may not allocate), which made the search six times faster.
"""
