"""The rewrite rules: a pattern that loses digits, and the form that does not.

A row is (name, find, put, why, when). `find` is written as the other rules leave it: what is inside
has been rewritten before. Each rule lowers the cost (`cost`), and of all that apply the one that
ends cheapest is taken, so the order of the rows does not matter.
"""

from .divergences import DIVERGENCES
from .exponential import EXPONENTIAL
from .hyperbolic import HYPERBOLIC
from .logarithms import LOGARITHMS
from .logistic import LOGISTIC
from .powers import POWERS
from .special import SPECIAL
from .wilds import x

RULES = (
    *LOGISTIC,
    *EXPONENTIAL,
    *HYPERBOLIC,
    *LOGARITHMS,
    *DIVERGENCES,
    *POWERS,
    *SPECIAL,
)

__all__ = ["DIVERGENCES", "RULES", "x"]
