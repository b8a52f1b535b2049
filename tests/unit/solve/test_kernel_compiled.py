"""How the kernel is compiled: each function once, whatever it is called with."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numba import config, njit, types

import roundplan.solve.lns
import roundplan.solve.sync
from roundplan.solve.engine import GENERAL, SYNC
from roundplan.solve.lns.compiled import kernel, widened
from roundplan.solve.warmup import warm_up

compiled_only = pytest.mark.skipif(
    bool(config.DISABLE_JIT), reason="nothing is compiled while the JIT is off"
)


@kernel
def twice(number):
    return number + number


def calls_of_all_sizes(numbers):
    return twice(numbers[0]) + twice(7) + twice(len(numbers))


def kernel_functions() -> Iterator[Any]:
    """Yield every compiled function of the kernels."""
    for package in (roundplan.solve.lns, roundplan.solve.sync):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for of in vars(importlib.import_module(module.name)).values():
                if hasattr(of, "py_func") and of.__module__ == module.name:
                    yield of


@compiled_only
def test_a_function_called_with_numbers_of_all_sizes_is_compiled_once() -> None:
    # without a cache, from which nothing would be compiled
    compiled = njit(calls_of_all_sizes)
    assert compiled(np.array([2, 3], dtype=np.int32)) == 4 + 14 + 4
    assert len(twice.signatures) == 1


@compiled_only
def test_no_function_of_the_kernels_is_compiled_twice() -> None:
    for engine in (GENERAL, SYNC):
        warm_up(engine)
    counts = {of.__name__: len(of.signatures) for of in kernel_functions()}
    assert len(counts) > 100
    assert {name: n for name, n in counts.items() if n > 1} == {}


def test_constants_and_small_numbers_become_whole_numbers_of_64_bits() -> None:
    for of in (types.int32, types.int64, types.literal(5), types.uint8):
        assert widened(of) == types.int64
    assert widened(types.literal(True)) == types.boolean
    for of in (types.float64, types.uint64, types.int32[:]):
        assert widened(of) == of
