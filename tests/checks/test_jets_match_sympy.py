"""Each function of the tables, and compositions of them, against SymPy's own derivatives."""

import mpmath as mp
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from lossgen.checks.apply import binary, power, unary
from lossgen.checks.chain import product
from lossgen.checks.functions import BINARY, UNARY
from lossgen.checks.jets import VECTOR, constant, total, variable
from lossgen.language.functions import DEFINITIONS, exp_moment

X, Y = sympy.symbols("x y", real=True)
V = (0.75, -1.25)  # the vector of the Hessian-vector product

moderate = st.floats(0.05, 0.9, allow_nan=False)
signed = st.floats(-8, 8).filter(lambda x: abs(x) > 1e-3)
POSITIVE = {sympy.log, sympy.asin, sympy.acos}


def seeded(x, y):
    """The jets of x and y, and every direction that there is."""
    return variable(x, {0: 1, VECTOR: V[0]}), variable(y, {1: 1, VECTOR: V[1]})


def meaning(function, *arguments):
    definition = DEFINITIONS.get(function)
    found = definition(*arguments) if definition else function(*arguments)
    if isinstance(found, sympy.Piecewise):
        found = found.args[-1][0]  # the branch away from 0
    return found


def check(jet, expression, x, y):
    """Compare value, gradient, Hessian diagonal and H v with SymPy, to 40 digits."""
    at = {X: sympy.Float(x, 80), Y: sympy.Float(y, 80)}

    def exactly(formula):
        return mp.mpf(sympy.N(formula.subs(at), 60)._to_mpmath(250))

    assert close(jet.value, exactly(expression))
    for key, symbol in enumerate((X, Y)):
        slope = expression.diff(symbol)
        assert close(jet.first.get(key, (mp.mpf(0),))[0], exactly(slope))
        assert close(jet.second.get((key, key), (mp.mpf(0),))[0], exactly(slope.diff(symbol)))
        along = sum(v * slope.diff(s) for v, s in zip(V, (X, Y), strict=True))
        assert close(jet.second.get((key, VECTOR), (mp.mpf(0),))[0], exactly(along))


def close(found, wanted):
    return abs(found - wanted) <= abs(wanted) * mp.mpf(10) ** -38 + mp.mpf(10) ** -45


@pytest.mark.parametrize("function", UNARY, ids=lambda function: function.__name__)
@settings(max_examples=6, deadline=None)
@given(x=moderate)
def test_function_of_one_argument(function, x):
    with mp.workdps(70):
        u, _ = seeded(x, 1.0)
        check(unary(function, u), meaning(function, X), x, 1.0)


ORDERS = (exp_moment, sympy.polygamma)  # one argument is a literal integer


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("x", [-1.75, 0.05, 0.9, 4.0])
def test_functions_of_an_order(x, order):
    with mp.workdps(70):
        u, _ = seeded(x, 1.0)
        check(binary(exp_moment, u, constant(order)), meaning(exp_moment, X, order), x, 1.0)
        if x > 0:
            found = binary(sympy.polygamma, constant(order), u)
            check(found, sympy.polygamma(order, X), x, 1.0)


@pytest.mark.parametrize(
    "function", [row for row in BINARY if row not in ORDERS], ids=lambda function: function.__name__
)
@settings(max_examples=6, deadline=None)
@given(x=moderate, y=moderate)
def test_function_of_two_arguments(function, x, y):
    with mp.workdps(70):
        check(binary(function, *seeded(x, y)), meaning(function, X, Y), x, y)


@settings(max_examples=15, deadline=None)
@given(x=signed, y=signed)
def test_composition(x, y):
    """exp(x*y - x) / (2 + y^2): products, sums, powers and the chain rule at once."""
    with mp.workdps(70):
        u, v = seeded(x, y)
        above = unary(sympy.exp, total([product(u, v), product(u, constant(-1))]))
        below = total([constant(2), power(v, constant(2), leaf=True)])
        jet = product(above, power(below, constant(-1), leaf=False))
        check(jet, sympy.exp(X * Y - X) / (2 + Y**2), x, y)


@settings(max_examples=15, deadline=None)
@given(x=moderate, y=signed)
def test_power_with_an_exponent_that_moves(x, y):
    with mp.workdps(70):
        check(power(*seeded(x, y), leaf=True), X**Y, x, y)
