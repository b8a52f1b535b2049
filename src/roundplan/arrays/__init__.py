"""Problem and travel as flat arrays, the only thing the search reads."""

from roundplan.arrays.compile import CompiledProblem, compile_arrays
from roundplan.arrays.layout import ProblemArrays

__all__ = ["CompiledProblem", "ProblemArrays", "compile_arrays"]
