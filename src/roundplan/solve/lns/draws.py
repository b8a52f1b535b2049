"""Random numbers that are the same on every machine, compiled or not.

L'Ecuyer's combined multiplicative congruential generator, in int64 without overflow.

References
----------
.. [1] L'Ecuyer, P. (1988). Efficient and portable combined random number generators.
   *Communications of the ACM*, 31(6): 742-751.
"""

from __future__ import annotations

from roundplan.solve.lns.compiled import kernel
from roundplan.solve.lns.state import A1, A2, M1, M2, RANDOM_1, RANDOM_2


@kernel
def draw(par):
    """Return the next integer, 1 to M1 - 1."""
    par[RANDOM_1] = par[RANDOM_1] * A1 % M1
    par[RANDOM_2] = par[RANDOM_2] * A2 % M2
    z = par[RANDOM_1] - par[RANDOM_2]
    if z < 1:
        z += M1 - 1
    return z


@kernel
def below(par, n):
    """Return a whole number from 0 to ``n`` - 1."""
    return draw(par) % n


@kernel
def uniform(par):
    """Return a number between 0 and 1, neither of them."""
    return draw(par) / M1
