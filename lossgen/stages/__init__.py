"""Stages: a program whose folds are sums, maxima and minima, ready to be laid out as loops."""

from __future__ import annotations

from lossgen.language.program import Program
from lossgen.language.trace import undistributed

from .logsumexp import log_sum_exps
from .norm import norms


def lower(program: Program) -> Program:
    """Return the program without log-sum-exps, softmax weights and norms."""
    with undistributed():
        return norms(log_sum_exps(program)).live(program.outputs)
