"""Terms that cancel identically are no excuse.

The size of a number is that of the terms it was added up from, since rounding a term loses so much.
But 1 - tanh(u)^2 at u = 20, a log-sum-exp minus its largest element, and p - 1 of a sure class are
small whatever their arguments round to: another form of the same sum has small terms, and a kernel
has to find it. A sum that cancels at just these arguments, as sigmoid(x) - y does beside its root,
is another matter.

What tells them apart is how far the exact number moves when its arguments are rounded, each by half
an ulp. If that is far less than half an ulp of the largest term, the terms cancel identically, and
the number's size becomes its own: it is to be known to a few of its own ulps. Where the arguments
move the number by more than itself times a few hundred roundings, as 1 - cos of two parallel
vectors, its size is what they move.
"""

from __future__ import annotations

import mpmath as mp

from .jets import Part, magnitude

# Bits by which terms must be larger than what the arguments move, to count as cancelling
# identically; and the logarithm of the condition number up to which a number is to be known to its
# own ulps.
APART = 4.0
STEADY = 8.0


def cancels(part: Part) -> bool:
    """Whether a number is less than a quarter of its terms."""
    return part[1] > magnitude(part[0]) + 2


def felt(bits: int, part: Part, narrow: Part, *beside: Part) -> Part:
    """Return a number with its size cut to what roundings of 2**-bits, `beside` it, move.

    It is not cut below the `narrow` size, that of the definition's own final sum.
    """
    number, size = part
    moved = [abs(other - number) for other, _ in beside]
    if not cancels(part) or not all(mp.isfinite(change) for change in moved):
        return part
    reach = magnitude(max(moved)) + bits
    if reach > size - APART:
        return part
    own = max(magnitude(number), narrow[1])
    return number, own if reach <= own + STEADY else reach
