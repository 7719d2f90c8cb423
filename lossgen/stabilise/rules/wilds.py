"""The wild names of the table: x, y for what is no number, c, n for numbers too.

a and b stand besides for a factor that need not be there.
"""

from sympy import Wild

x, y = Wild("x"), Wild("y")
a, b, c, n = Wild("a"), Wild("b"), Wild("c"), Wild("n")
