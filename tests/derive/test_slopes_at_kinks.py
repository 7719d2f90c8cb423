"""What a derivative is where there is none: the conventions, a table of losses at their kinks."""

import mpmath as mp
import pytest
from derive.evaluator import Run
from mpmath import mpf

from lossgen.catalogue.entries import entries
from lossgen.derive import gradient, hessian_diagonal, hessian_vector_product
from lossgen.derive import rules as rules_room
from lossgen.language import *
from lossgen.language.normal import program
from lossgen.stabilise import finish, prepare
from lossgen.stages import lower

k, n, d = axis("k"), axis("n"), axis("d")
(i,) = n.indices("i")
INFINITE = mp.inf


@loss
def magnitude(x: Real):
    return Abs(x)


@loss
def magnitude_squared(x: Real):
    r = let("r", Abs(x))
    return r**2 / 2


@loss
def positive_part(x: Real, *, margin: NonNegative = 1.0):
    return Max(x - margin, 0)


@loss
def larger(x: Real, y: Real):
    return Max(x, y)


@loss
def smallest_of_three(x: Real, y: Real, z: Real):
    return Min(x, y, z)


@loss
def larger_but_one(x: Real, y: Real):
    return Max(x, y, 1)


@loss
def largest(x: Real[k]):
    return MaxOver(k, x[k])


@loss
def smallest(x: Real[k]):
    return MinOver(k, x[k])


@loss
def norm(x: Real[k]):
    return sqrt(SumOver(k, x[k] ** 2))


@loss
def norms(x: Real[n, d]):
    return SumOver(i, sqrt(SumOver(d, x[i, d] ** 2)))


@loss
def bare_root(x: NonNegative):
    return sqrt(x)


@loss
def entropy(p: Unit, q: Unit):
    return xlogy(p, q)


@loss
def relative(p: Unit, q: Unit):
    return relative_entropy(q, p)


@loss
def corner(x: Real, *, delta: Positive = 1.0):
    r = let("r", Abs(x))
    return Piecewise((r**2 / 2, r <= delta), (delta * (r - delta / 2), True))


@loss
def mean_of_none(x: Real[k], y: Real[k]):
    return MeanOver(k, (x[k] - y[k]) ** 2, where=Gt(y[k], 5))


@loss
def length(x: Real, y: Real):
    return hypot(x, y)


ENTRIES = {
    **entries(),
    **{
        made.name: made.entry
        for made in (
            magnitude, magnitude_squared, positive_part, larger, smallest_of_three, larger_but_one,
            largest, smallest, norm, norms, bare_root, entropy, relative, corner, mean_of_none,
            length,
        )
    },
}  # fmt: skip

HALF, THIRD = mpf(1) / 2, mpf(1) / 3

# name of a law: loss, point, gradient by argument, Hessian diagonal of the first argument (or None)
KINKS = {
    "|x| at 0 has slope 0": ("magnitude", {"x": 0}, {"x": 0}, 0),
    "|x|^2/2 at 0 keeps its second derivative": ("magnitude_squared", {"x": 0}, {"x": 0}, 1),
    "max(x - m, 0) at m has slope 0": ("positive_part", {"x": 1, "margin": 1}, {"x": 0}, 0),
    "max(x - m, 0) beyond m has slope 1": ("positive_part", {"x": 2, "margin": 1}, {"x": 1}, 0),
    "max(x, y) shares a tie": ("larger", {"x": 1, "y": 1}, {"x": HALF, "y": HALF}, 0),
    "min(x, y, z) shares a tie of two": (
        "smallest_of_three", {"x": 1, "y": 1, "z": 2}, {"x": HALF, "y": HALF, "z": 0}, 0),
    "min(x, y, z) shares a tie of three": (
        "smallest_of_three", {"x": 1, "y": 1, "z": 1}, {"x": THIRD, "y": THIRD, "z": THIRD}, 0),
    "max(x, y, 1) at a tie with 1 is a hinge": (
        "larger_but_one", {"x": 1, "y": 0}, {"x": 0, "y": 0}, 0),
    "max(x, y, 1) beyond 1 shares a tie": (
        "larger_but_one", {"x": 2, "y": 2}, {"x": HALF, "y": HALF}, 0),
    "a fold shares a tie of its maximum": (
        "largest", {"x": [2, 1, 2]}, {"x": [HALF, 0, HALF]}, [0, 0, 0]),
    "a fold shares a tie of its minimum": (
        "smallest", {"x": [0, 0, 0]}, {"x": [THIRD] * 3}, [0, 0, 0]),
    "the norm of the zero vector has gradient 0": ("norm", {"x": [0, 0]}, {"x": [0, 0]}, [0, 0]),
    "so has a row of zeros among others": (
        "norms", {"x": [[0, 4], [0, 0]]}, {"x": [[0, 1], [0, 0]]}, [[mpf(1) / 4, 0], [0, 0]]),
    "the root of a bare argument is steep at 0": ("bare_root", {"x": 0}, {"x": INFINITE}, None),
    "a distance of equal vectors has gradient 0": (
        "euclidean_distance", {"x": [1, 2], "y": [1, 2]}, {"x": [0, 0], "y": [0, 0]}, [0, 0]),
    "so has each pair of an assignment": (
        "wasserstein_assignment",
        {"x": [[1, 2], [3, 5]], "y": [[1, 2], [3, 4]], "match": [0, 1]},
        {"x": [[0, 0], [0, HALF]], "y": [[0, 0], [0, -HALF]]},
        [[0, 0], [HALF, 0]]),
    "cosine distance of a zero vector has gradient 0": (
        "cosine_distance", {"x": [0, 0], "y": [1, 2]}, {"x": [0, 0], "y": [0, 0]}, [0, 0]),
    "two empty sets have gradient 0": (
        "jaccard_distance", {"x": [0, 0], "y": [0, 0]}, {"x": [0, 0], "y": [0, 0]}, [0, 0]),
    "a tie of Jaccard is shared in every form": (
        "jaccard_distance", {"x": [1, 3], "y": [1, 1]},
        {"x": [-mpf(1) / 16, mpf(1) / 8], "y": [-mpf(1) / 16, -mpf(1) / 4]}, None),
    "hinge at margin 1 has slope 0": ("hinge", {"score": 1, "target": 1}, {"score": 0}, 0),
    "absolute error of equals has slope 0": (
        "absolute_error", {"prediction": 3, "target": 3}, {"prediction": 0, "target": 0}, 0),
    "pinball of equals has slope 0": (
        "pinball", {"prediction": 3, "target": 3, "quantile": mpf(1) / 4}, {"prediction": 0}, 0),
    "Huber at delta has the inner curvature": ("corner", {"x": 1, "delta": 1}, {"x": 1}, 1),
    "and beyond it none": ("corner", {"x": mpf(9) / 8, "delta": 1}, {"x": 1}, 0),
    "the largest difference shares a tie": (
        "chebyshev_distance", {"x": [1, 0], "y": [0, 1]}, {"x": [HALF, -HALF]}, [0, 0]),
    "0 log q is 0 in the slope, at q = 0 too": ("entropy", {"p": 0, "q": 0}, {"q": 0}, None),
    "a masked class of a divergence is left out": (
        "relative", {"p": 0, "q": 0}, {"p": 0}, 0),
    "a target of 0 at a probability of 0 is left out": (
        "categorical_cross_entropy", {"prob": [0, 1], "target": [0, 1]}, {"prob": [0, -1]}, [0, 1]),
    "a certain and right probability has slope -1": (
        "binary_cross_entropy", {"prob": 1, "target": 1}, {"prob": -1}, 1),
    "a mean over nothing has gradient 0": (
        "mean_of_none", {"x": [1, 2], "y": [3, 4]}, {"x": [0, 0], "y": [0, 0]}, [0, 0]),
    "hypot at the origin has gradient 0": ("length", {"x": 0, "y": 0}, {"x": 0, "y": 0}, 0),
}  # fmt: skip


def elements(array):
    return [part for row in array for part in elements(row)] if isinstance(array, list) else [array]


def run(derived, point, output):
    """The elements of one output, in order, as derived and as laid out: both must be the same."""
    numbers = {name: exact(array) for name, array in point.items()}
    found = list(Run(derived, numbers).output(output).values())
    laid_out = lower(finish(derived.live((output,))))
    assert found == list(Run(laid_out, numbers).output(output).values())
    return found


def exact(array):
    if isinstance(array, list):
        return [exact(row) for row in array]
    return array if array is True else mpf(array)


def all_forms(entry, point, name):
    """The gradient in one argument, from every form that computes it."""
    base = prepare(program(entry))
    wanted = [gradient(base, entry.gradients), gradient(base, (name,))]
    if name == entry.wrt[0]:
        wanted.append(hessian_diagonal(base, name))
    return [run(derived, point, f"d_{name}") for derived in wanted]


@pytest.mark.parametrize("law", KINKS)
def test_slope(law):
    name, point, slopes, _ = KINKS[law]
    for argument, wanted in slopes.items():
        for found in all_forms(ENTRIES[name], point, argument):
            assert found == elements(wanted), argument


@pytest.mark.parametrize("law", [law for law, row in KINKS.items() if row[3] is not None])
def test_curvature(law):
    name, point, _, wanted = KINKS[law]
    first = ENTRIES[name].wrt[0]
    derived = hessian_diagonal(prepare(program(ENTRIES[name])), first)
    assert run(derived, point, f"h_{first}") == elements(wanted)


@pytest.mark.parametrize("law", [law for law, row in KINKS.items() if row[3] is not None])
def test_product_with_a_unit_vector_is_the_curvature(law):
    name, point, _, wanted = KINKS[law]
    first = ENTRIES[name].wrt[0]
    derived = hessian_vector_product(prepare(program(ENTRIES[name])), first)
    for place, number in enumerate(elements(wanted)):
        vector = unit(point[first], place)
        found = run(derived, {**point, "vector": vector}, f"hv_{first}")
        assert found[place] == number


def unit(like, place):
    """A vector of the shape of `like` that is 1 at one place."""
    flat = iter(range(len(elements(like))))

    def build(array):
        if isinstance(array, list):
            return [build(row) for row in array]
        return int(next(flat) == place)

    return build(like)


def test_another_convention_is_seen(monkeypatch):
    """The twin: a slope of 1 for |x| at 0, and half a slope at the hinge, change the table."""
    monkeypatch.setitem(rules_room.PARTIALS, Abs, (lambda x: Piecewise((1, x >= 0), (-1, True)),))
    with pytest.raises(AssertionError):
        test_slope("|x| at 0 has slope 0")
    with pytest.raises(AssertionError):
        test_slope("absolute error of equals has slope 0")
    monkeypatch.setattr("lossgen.derive.partial.extremum", lambda *_: Rational(1, 2))
    with pytest.raises(AssertionError):
        test_slope("hinge at margin 1 has slope 0")
    with pytest.raises(AssertionError):
        test_slope("max(x, y, 1) at a tie with 1 is a hinge")
