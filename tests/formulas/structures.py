"""Losses of every structure, and a stand-in for their kernels: the exact reference."""

import numpy as np

from lossgen.catalogue.entries import losses
from lossgen.checks.answers import Question
from lossgen.checks.reference import exact
from lossgen.derive import gradient
from lossgen.emit.latex import diagonal
from lossgen.emit.page import page
from lossgen.formulas.pages import prepared
from lossgen.language.interface import interface
from lossgen.language.normal import program
from lossgen.stabilise import prepare
from lossgen.verdict.points import points

FLOAT64 = np.dtype(np.float64)

STRUCTURES = (
    "huber",
    "sparse_softmax_cross_entropy",
    "dice",
    "info_nce",
    "center_loss",
    "wasserstein_assignment",
    "mahalanobis_distance",
    "chebyshev_distance",
    "triplet_margin",
    "js_divergence",
)


def entry_of(name):
    return losses()[name].entry


def page_of(entry):
    return page(entry, gradient(prepare(program(entry)), entry.gradients), diagonal(entry))


def rows_of(entry):
    """Some of the rows at which formulas are tried: simple ones, then small ones of the sampler."""
    return list(points(entry))[::3]


class Exactly:
    """A loss whose public method is the exact reference."""

    def __init__(self, entry):
        self.entry = entry
        self.interface = interface(entry)
        self.known = {}

    def answer(self, named):
        row = {name: value for name, value in named.items() if name not in ("reduction", "wrt")}
        key = tuple(np.asarray(value).tobytes() for value in row.values())
        if key not in self.known:
            question = Question(
                self.entry,
                dict(prepared(self.interface, row)),
                FLOAT64,
                second=self.interface["second"],
            )
            self.known[key] = exact(question)[0]
        return self.known[key]

    def value_and_gradient(self, **named):
        found = self.answer(named)
        slopes = (found.gradient[name] for name in named["wrt"])
        return float(found.value[0]), tuple(np.vectorize(number, otypes=[float])(s) for s in slopes)

    def hessian_diagonal(self, **named):
        return np.vectorize(number, otypes=[float])(self.answer(named).hessian_diagonal)


def number(part):
    return float(part[0])
