"""A norm as the root of a sum of squares, scaled where squares would leave the range.

The plain sum is taken first; only where it is near an end of the range (0 and infinity included)
the sum of (body * scale)^2 is taken as well, with a power of two that moves it to the middle.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Ne, Piecewise, S, sqrt
from sympy.logic.boolalg import true

from lossgen.language.entry import Definition
from lossgen.language.functions import square_scale
from lossgen.language.program import Program, Reduction, Statement


def norms(program: Program) -> Program:
    """Return the program without folds of the operation `norm`."""
    lowered: list[Statement] = []
    for statement in program.statements:
        if isinstance(statement, Reduction) and statement.operation == "norm":
            lowered += _parts(statement)
        else:
            lowered.append(statement)
    return replace(program, statements=tuple(lowered))


def _parts(fold: Reduction) -> list[Statement]:
    name, free = fold.name, fold.indices
    squares = replace(fold, name=f"{name}_squares", operation="sum", body=fold.body**2)
    scale = Definition(f"{name}_scale", free, square_scale(squares.symbol))
    off = Ne(scale.symbol, S.One)
    part = Definition(f"{name}_part", (*free, *fold.bound), fold.body * scale.symbol)
    scaled = replace(squares, name=f"{name}_scaled", body=part.symbol**2, when=off)
    ends = sqrt(scaled.symbol) / scale.symbol
    norm = Definition(name, free, Piecewise((ends, off), (sqrt(squares.symbol), true)))
    return [squares, scale, part, scaled, norm]
