"""Removable singularities in an argument: f(t) / t^n, where f is 0 at 0 to that order.

sin(x)/x is 0/0 at 0, and its slope cos(x)/x - sin(x)/x^2 has lost its digits long before. Such a
quotient becomes a selection: near the place where it is 0/0 an atom with the limit in it, which is
closed under differentiation, and the formula as it is elsewhere. t may be a name, a name with a
number added, or any other expression that the numerator has; it may be divided by a scale that
stands there as well, as in tanh(r / c) / r. That f is 0 is decided exactly, from the formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import (
    Add,
    Expr,
    Function,
    Integer,
    Mul,
    Piecewise,
    Pow,
    Symbol,
    acos,
    asin,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    loggamma,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

from lossgen.language import functions as f
from lossgen.language.curves import ARGUMENT
from lossgen.language.functions import DEFINITIONS, continued
from lossgen.language.symbols import Element

from .names import NOTHING, Names
from .quotients import curve_of

# Functions that are analytic wherever they and their slopes are numbers.
ANALYTIC = frozenset((
    acos, asin, atan, cos, cosh, erf, erfc, exp, log, loggamma, sin, sinh, tan, tanh,
    f.softplus, f.sigmoid, f.log1p, f.expm1, f.log1mexp, f.log1pmx, f.over_one_plus, f.expm1mx,
    f.versine, f.logaddexp, f.exp_moment, f.log_cosh, f.sech2, f.hypot1m1, f.over_hypot,
    f.inverse_hypot_cubed, f.log_hypot1, f.over_one_plus_square, f.over_one_plus_square_slope,
    f.log_ndtr, f.normal_hazard, f.hazard_excess, f.digamma, f.trigamma,
    f.log_i0, f.bessel_ratio, f.sigmoid_power, f.boxcox1p,
))  # fmt: skip
_HALF = ARGUMENT / 2
_SINH_OVER_HALF = (f.exp_moment(_HALF, 0) + f.exp_moment(-_HALF, 0)) / 2
# Quotients whose numerator, or twice it, overflows where they do not: by numerator and power. The
# exponential is halved for (e^t - 1 - t) / t^2, which is a number up to t = 97 in float32.
FAR: dict[tuple[Any, int], Any] = {
    (sinh(ARGUMENT), 1): (f.exp_moment(ARGUMENT, 0) + f.exp_moment(-ARGUMENT, 0)) / 2,
    (f.expm1mx(ARGUMENT), 2): Piecewise(
        (f.expm1mx(ARGUMENT) / ARGUMENT**2, ARGUMENT < 0),
        (f.product(exp(_HALF), f.ratio(_SINH_OVER_HALF, ARGUMENT)) - 1 / ARGUMENT, True),
    ),
    (f.log1pmx(ARGUMENT), 2): (f.log1p(ARGUMENT) / ARGUMENT - 1) / ARGUMENT,
}
# A fifth power below the line would ask for more than four slopes that vanish.
HIGHEST = 4


def removable(expression: Any, names: Names = NOTHING) -> Any:
    """Return the expression with its removable singularities filled, innermost parts first."""
    if not expression.args or isinstance(expression, Element):
        return expression
    parts = [removable(part, names) for part in expression.args]
    if any(new is not old for new, old in zip(parts, expression.args, strict=True)):
        expression = expression.func(*parts)
    found = None
    if isinstance(expression, Mul):
        found = _in_product(expression, names)
    elif isinstance(expression, Add):
        found = _in_sum(expression, names)
    return expression if found is None else found


def _in_product(node: Mul, names: Names) -> Any:
    for below, base, power in _poles(node):
        factors = [factor for factor in node.args if factor is not below]
        found = _by_cases(factors, below, names)
        if found is None:
            found = _filled([_opened(factor, base, names) for factor in factors], base, power)
        if found is not None:
            return found
    return None


def _in_sum(node: Add, names: Names) -> Any:
    """Return a sum whose terms have one pole that is none of the whole: 1/x - log(1 + x)/x^2."""
    for base in dict.fromkeys(base for term in node.args for _, base, _ in _poles(term)):
        powers = {term: power for term in node.args for _, at, power in _poles(term) if at == base}
        if len(powers) < 2:
            continue
        highest = max(powers.values())
        whole = Add(*(term * base**highest for term in powers))
        found = _filled([_opened(whole, base, names)], base, highest)
        if found is not None:
            return Add(found, *(term for term in node.args if term not in powers))
    return None


def _poles(node: Any) -> Iterator[tuple[Any, Any, int]]:
    """Yield the factors base**-power of a product, each with its base and power."""
    for factor in Mul.make_args(node):
        if isinstance(factor, Pow) and factor.exp.is_Integer and -HIGHEST <= factor.exp < 0:
            yield factor, factor.base, -int(factor.exp)


def _by_cases(factors: list[Any], below: Any, names: Names) -> Any:
    """Return cases over t as cases of quotients, where one of them has no pole any more."""
    whole = [_seen(factor, below.base, names) for factor in factors]
    cases = next((factor for factor in whole if isinstance(factor, Piecewise)), None)
    if cases is None or cases.has(continued):
        return None
    others = [factor for factor in whole if factor is not cases]
    made = [removable(Mul(value, below, *others), names) for value, _ in cases.args]
    if all(any(base == below.base for _, base, _ in _poles(value)) for value in made):
        return None
    return Piecewise(*zip(made, (where for _, where in cases.args), strict=True))


def _seen(factor: Any, base: Any, names: Names) -> Any:
    meaning = names.meaning(factor)
    return meaning if meaning is not None and meaning.has(base) else factor


def _opened(factor: Any, base: Any, names: Names) -> Any:
    """Return a factor with what its names stand for, where that depends on the base."""
    for name in factor.atoms(Symbol, Element) - {base}:
        meaning = names.meaning(name)
        if meaning is not None and meaning.has(base):
            factor = factor.xreplace({name: meaning})
    return factor


def _hidden(factor: Any, base: Any) -> Any:
    """Return a factor as a function of ARGUMENT in place of the base."""
    leaves = base.atoms(Symbol, Element) - {leaf.array for leaf in base.atoms(Element)}
    leaves -= {index for leaf in base.atoms(Element) for index in leaf.free_symbols}
    if isinstance(base, Add) and len(leaves) == 1:
        (name,) = leaves
        at = [base.xreplace({name: Integer(place)}) for place in range(3)]
        slope = at[1] - at[0]
        if slope.is_number and at[2] - at[1] == slope:
            return factor.xreplace({name: (ARGUMENT - at[0]) / slope})
    return factor.xreplace({base: ARGUMENT})


def _filled(factors: list[Any], base: Any, power: int) -> Any:
    """Return the product of factors over base**power without 0/0, None if that is none."""
    hidden = [_hidden(factor, base) for factor in factors]
    vanishing, order = [], 0
    for place, factor in enumerate(hidden):
        if order < power and factor.has(ARGUMENT):
            found = _order_of_zero(_scaled(factor)[0], power)
            if found:
                vanishing.append(place)
                order += found
    if order < power:
        return None
    numerator, scale = _scaled(Mul(*(hidden[place] for place in vanishing)))
    coefficient, numerator = numerator.as_independent(ARGUMENT, as_Add=False)
    if numerator.free_symbols != {ARGUMENT} or not numerator.atoms(Function):
        return None
    curve = curve_of(numerator, power)
    if curve is None:
        return None
    t = base / scale
    near = coefficient * scale**-power * continued(t, 0, curve)
    elsewhere = Mul(*(factors[place] for place in vanishing), base**-power)
    if (numerator, power) in FAR:
        elsewhere = coefficient * scale**-power * FAR[numerator, power].xreplace({ARGUMENT: t})
    rest = [factor for place, factor in enumerate(factors) if place not in vanishing]
    number = Mul(*(factor for factor in rest if factor.is_number))
    filled = Piecewise((number * near, curve.near(t)), (number * elsewhere, True))
    return Mul(filled, *(factor for factor in rest if not factor.is_number))


def _scaled(numerator: Any) -> tuple[Any, Any]:
    """Return (F, c) with numerator(t) = F(t / c), F free of other names where that is possible."""
    scales = {
        (argument / ARGUMENT)
        for function in numerator.atoms(Function)
        for argument in function.args
        if argument.free_symbols > {ARGUMENT} and not (argument / ARGUMENT).has(ARGUMENT)
    }
    for inverse in sorted(scales, key=str):
        made = numerator.xreplace({ARGUMENT: ARGUMENT / inverse})
        if made.as_independent(ARGUMENT, as_Add=False)[1].free_symbols == {ARGUMENT}:
            return made, 1 / inverse
    return numerator, 1 + 0 * ARGUMENT


def _order_of_zero(numerator: Any, most: int) -> int:
    """Return how many derivatives of a function of ARGUMENT vanish at 0, the function first."""
    numerator = numerator.as_independent(ARGUMENT, as_Add=False)[1]
    if numerator.free_symbols != {ARGUMENT} or not _is_analytic(numerator):
        return 0
    plain = numerator
    for atom, meaning in DEFINITIONS.items():
        plain = plain.replace(atom, meaning)
    for order in range(most):
        if plain.subs(ARGUMENT, 0) != 0:
            return order
        plain = plain.diff(ARGUMENT)
    return most


def _is_analytic(numerator: Expr) -> bool:
    return {type(function) for function in numerator.atoms(Function)} <= ANALYTIC


__all__ = ["removable"]
