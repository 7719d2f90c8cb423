"""Special functions at the ends of the range, where mpmath takes minutes or gives up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import mpmath as mp
from mpmath import mpf

from .jets import magnitude

# Below 2**-64 the Taylor series at 1 has a term for every 64 bits; mpmath's own way to 1e-300 costs
# half a minute at 1,500 digits. Beyond 2**256 the tail of erfc has one term.
SMALL, LARGE = -64.0, 256.0


def loggamma(u: Any) -> Any:
    """Return log Gamma(u), u > 0."""
    if magnitude(u) > SMALL:
        return _slow("loggamma", (), u, mp.mp.prec)
    terms = (mp.zeta(k) * (-u) ** k / k for k in range(2, _count(u) + 2))
    return -mp.log(u) - mp.euler * u + mp.fsum(terms)


def polygamma(order: int, u: Any) -> Any:
    """Return the derivative of that order of digamma, u > 0."""
    if magnitude(u) > SMALL:
        return _slow("psi", (order,), u, mp.mp.prec)
    sign = 1 if order % 2 else -1
    head = sign * mp.factorial(order) / u ** (order + 1)
    return head + mp.fsum(_at_one(order, k) * u**k for k in range(_count(u) + 1))


@lru_cache(maxsize=1024)
def _slow(name: str, orders: tuple[int, ...], u: Any, precision: int) -> Any:
    """Return a function of mpmath that takes a second at 1,000 digits; parameters come again."""
    with mp.workprec(precision):
        return getattr(mp, name)(*orders, u)


def _at_one(order: int, k: int) -> Any:
    """Return the k-th Taylor coefficient at 1 of the derivative of that order of digamma."""
    place = order + k
    if not place:
        return -mp.euler
    sign = 1 if place % 2 else -1
    return sign * mp.factorial(place) / mp.factorial(k) * mp.zeta(place + 1)


def _count(u: Any) -> int:
    """Return how many powers of u matter."""
    return int(mp.mp.prec / -magnitude(u)) + 2


def erfc(u: Any) -> Any:
    """Return 1 - erf(u)."""
    if magnitude(u) < LARGE or mp.isnan(u):
        return mp.erfc(u)
    if u < 0:
        return mpf(2)
    if mp.isinf(u):
        return mpf(0)
    return mp.exp(-(u**2)) / (u * mp.sqrt(mp.pi)) * (1 - 1 / (2 * u**2))
