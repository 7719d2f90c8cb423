"""Losses whose kernels are wrong at few numbers, or wrong together with their reference."""

import re

import numpy as np

import lossgen.losses as shipped
from lossgen.runtime import Loss, TextKernels


def edited(name, pattern, instead, count=0):
    """The loss with its kernel file edited wherever the pattern stands, or `count` times."""
    loss = getattr(shipped, name)
    text, edits = re.subn(pattern, instead, loss.source("cpu"), count=count)
    assert edits, f"{name}: the generated file has no {pattern} any more; choose another mutation"
    kernels = TextKernels(name, {"cpu": text}, {"cpu": loss._source.mathematics("cpu")})
    return Loss(loss.interface, kernels, entry=loss.entry)


def wrong_at(name, number):
    """A loss of a residual whose float32 value is 3 ulp off at one number, and right elsewhere."""
    here = f"residual == real({float(np.float32(number))!r})"
    single = "real(16777217) == real(16777216)"  # in float64 they differ
    wrong = f"loss = loss * real(1.0000004) if {here} and {single} else loss\n    return loss"
    return edited(name, r"return loss\b", wrong)
