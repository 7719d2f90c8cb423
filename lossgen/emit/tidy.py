"""Derivatives as a person would write them down: equal factors joined, decided branches left out.

Differentiation writes each factor and each branch where it arises. In print x x is x², a set of
cases inside the same case is one of its branches, and two sums of cases with equal conditions are
one. Nothing here is seen by the kernels; what is printed is compared with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, And, Basic, Expr, Min, Mul, Not, Piecewise, Pow, S, sign
from sympy.core.relational import Relational

from lossgen.language.folds import Fold, SumOver
from lossgen.language.symbols import Element, Index
from lossgen.language.trace import undistributed

from .shapes import is_indicator, is_selection, taken_in

Spell = Callable[[Any], Any]
Known = frozenset[Any]


def tidy(expression: Any, spelled: Spell, indices: tuple[Index, ...] = ()) -> Any:
    """Return an expression as it is printed; `spelled` says what its names and atoms stand for.

    `indices` are those of what it defines, which no sum inside it may run over.
    """
    with undistributed():
        return _apart(_tidy(expression, spelled, frozenset()), indices)


def _apart(body: Any, taken: tuple[Index, ...]) -> Any:
    """Return an expression whose folds run over other letters than those taken."""
    inner = {fold: _renamed(fold, taken) for fold in body.atoms(Fold)}
    return body.xreplace({fold: other for fold, other in inner.items() if fold != other})


def _tidy(expression: Any, spelled: Spell, known: Known) -> Any:
    """Return the expression, where the conditions `known` are true."""
    node = spelled(expression)
    if not node.args or isinstance(node, Element) or not isinstance(node, Expr):
        return node
    if isinstance(node, Piecewise):
        return _cases(node, spelled, known)
    if isinstance(node, Fold):
        return _fold(node, spelled, known)
    parts = [_tidy(part, spelled, known) for part in node.args]
    if isinstance(node, Add):
        return _sum([_inward(part, spelled) for part in parts], spelled, known)
    return _signed(_without_squared_signs(node.func(*parts)))


def _without_squared_signs(node: Any) -> Any:
    """Return a product without squares of signs: they are 1, at a kink by the side inside it."""
    kept = [factor for factor in Mul.make_args(node) if not _is_squared_sign(factor)]
    return Mul(*kept) if len(kept) < len(Mul.make_args(node)) else node


def _is_squared_sign(factor: Any) -> bool:
    return isinstance(factor, Pow) and isinstance(factor.base, sign) and factor.exp.is_even


def _fold(node: Fold, spelled: Spell, known: Known) -> Any:
    """Return a fold; one inside that runs over an index of this one gets another letter."""
    body = _apart(_tidy(node.body, spelled, known), node.bound)
    before, inside = _divided(body, node) if isinstance(node, SumOver) else ([], body)
    return Mul(*before, type(node)(*node.bound, inside, where=node.where))


def _divided(body: Any, node: Fold) -> tuple[list[Any], Any]:
    """Return the factors of a summand that are the same for every index, and the rest."""
    bound = set(node.bound)
    parts = [(part, part.free_symbols & bound) for part in Mul.make_args(body)]
    rest = Mul(*(part for part, indices in parts if indices))
    if not bound <= rest.free_symbols | node.where.free_symbols:
        return [], body
    return [part for part, indices in parts if not indices], rest


def _renamed(node: Fold, taken: tuple[Index, ...]) -> Any:
    """Return a fold whose bound indices are none of those taken."""
    others = {index: Index(f"{index.name}_2", index.axis) for index in node.bound if index in taken}
    bound = [others.get(index, index) for index in node.bound]
    return type(node)(*bound, node.body.xreplace(others), where=node.where.xreplace(others))


def _signed(node: Any) -> Any:
    """Return a product whose minus sign is taken into a sum of negative terms, or into cases."""
    if not isinstance(node, Mul) or not node.args[0].is_Rational or node.args[0] > 0:
        return node
    number, *rest = node.args
    for place, factor in enumerate(rest):
        if isinstance(factor, Add) and all(part.could_extract_minus_sign() for part in factor.args):
            rest[place] = Add(*(-part for part in factor.args))
            return Mul(-number, *rest)
    if len(rest) == 1 and isinstance(rest[0], Piecewise) and not is_indicator(rest[0]):
        return Piecewise(*((_negative(v), w) for v, w in rest[0].args), evaluate=False) * -number
    return node


def _negative(node: Any) -> Any:
    """Return a value with the other sign, a difference the other way round."""
    if isinstance(node, Add):
        return Add(*(-term for term in node.args))
    return _signed(-node)


def _inward(term: Any, spelled: Spell) -> Any:
    """Return a product with cases as cases of products."""
    taken = taken_in(term, spelled) if isinstance(term, Mul) else None
    if taken is None:
        return term
    return Piecewise(*((Mul(*Mul.make_args(v)), w) for v, w in taken.args), evaluate=False)


def _cases(node: Piecewise, spelled: Spell, known: Known) -> Any:
    """Return the branches that are left open by what is known; the value where that is one."""
    branches: list[tuple[Any, Any]] = []
    for value, where in node.args:
        open_parts = [part for part in And.make_args(where) if _plain(part) not in known]
        if any(_plain(Not(part)) in known for part in open_parts):
            continue
        condition = And(*open_parts)
        inside = known | {_plain(part) for part in And.make_args(where)}
        found = _tidy(value, spelled, inside)
        if is_selection(found) and not is_indicator(found) and _is_rest(node, value):
            condition, found = And(condition, found.args[0][1]), found.args[0][0]
        branches.append((found, condition))
        if condition == S.true:
            break
        if isinstance(condition, Relational):
            known |= {_plain(Not(condition))}
    if all(value == branches[0][0] for value, _ in branches):
        return branches[0][0]
    return Piecewise(*branches, evaluate=False)


def _is_rest(node: Piecewise, value: Any) -> bool:
    """Whether a branch is the only one beside 0: a selection in it is one more condition."""
    return is_selection(node) and value == node.args[0][0]


def _sum(terms: list[Any], spelled: Spell, known: Known) -> Any:
    """Return a sum in which cases with the same conditions are added branch by branch."""
    groups: dict[Any, list[Any]] = {}
    for term in terms:
        same = isinstance(term, Piecewise) and not is_indicator(term)
        groups.setdefault(tuple(where for _, where in term.args) if same else None, []).append(term)
    plain = groups.pop(None, [])
    merged = [_added(group, spelled, known) for group in groups.values()]
    return _with_common_factors_out(Add(*plain, *merged))


def _with_common_factors_out(total: Any) -> Any:
    """Return a sum of products with what all of them share in front; a denominator as it is."""
    if not isinstance(total, Add):
        return total
    powers = [_powers(term) for term in total.args]
    numbers = {abs(term.as_coeff_Mul()[0]) for term in total.args}
    common = {numbers.pop(): S.One} if len(numbers) == 1 else {}
    for base, exponent in powers[0].items():
        others = [found.get(base) for found in powers]
        if all(other == exponent for other in others):
            common[base] = exponent
        elif all(other is not None and other.is_Integer and other > 0 for other in others):
            common[base] = Min(*others)
    if not common or [*common] == [S.One]:
        return total
    shared = Mul(*(base**exponent for base, exponent in common.items()))
    return _signed(Mul(shared, Add(*(term / shared for term in total.args))))


def _powers(term: Any) -> dict[Any, Any]:
    """Return the factors of a term that are no numbers and no cases, with their exponents."""
    pairs = (factor.as_base_exp() for factor in Mul.make_args(term) if not factor.is_number)
    return {base: exponent for base, exponent in pairs if not isinstance(base, Piecewise)}


def _added(group: list[Any], spelled: Spell, known: Known) -> Any:
    """Return the sum of cases that have the same conditions."""
    if len(group) == 1:
        return group[0]
    branches = zip(*(term.args for term in group), strict=True)
    pairs = [(Add(*(value for value, _ in parts)), parts[0][1]) for parts in branches]
    return _cases(Piecewise(*pairs, evaluate=False), spelled, known)


def _plain(condition: Any) -> Basic:
    """Return a condition in the one form in which equal ones are equal."""
    return condition.canonical if isinstance(condition, Relational) else condition
