"""How functions of the kernel are compiled."""

from __future__ import annotations

from numba import njit

entry = njit(cache=True, nogil=True)
"""Compile a function that Python calls: cached on disk, without the interpreter's lock.

No ``fastmath`` (it makes inf == inf false), no parallel loops (threads work on whole
searches). The cache is not aware of callees in other modules: clear ``__pycache__``
after editing one (CONTRIBUTING).
"""

kernel = njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compile a function that only other compiled functions call: without the code that
takes Python objects apart, which would be most of the time to compile."""
