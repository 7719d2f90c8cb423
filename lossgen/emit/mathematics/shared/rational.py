"""Quotients of polynomials whose coefficients a kernel brings with it."""

from ..cpu.elementary import inlined


@inlined
def octic(x, a, b, c, d, e, f, g, h, i):
    """A + b x + c x^2 + ... + i x^8."""
    total = i * x + h
    total = total * x + g
    total = total * x + f
    total = total * x + e
    total = total * x + d
    total = total * x + c
    total = total * x + b
    return total * x + a


@inlined
def rational(x, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r):
    """(a + b x + ... + i x^8) / (1 + j x + ... + r x^8)."""
    one = type(x)(1)
    return octic(x, a, b, c, d, e, f, g, h, i) / octic(x, one, j, k, m, n, o, p, q, r)
