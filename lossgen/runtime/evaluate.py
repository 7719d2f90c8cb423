"""One call from end to end: validate, cut into runs of rows, map the kernel over them, reduce."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .arrays import Array, check_real, read, same_shape
from .compile import Kernels
from .errors import ArgumentError
from .interface import Interface
from .operands import Cut, Given, Output, Totals
from .prepared import Prepare
from .problem import Options, Problem, as_rows, build
from .requests import Request
from .results import check_apart, derivative_output, given_out, value_output
from .threads import check_threads, for_each

# Elements of one run of rows: enough work for the 40 us that a run costs a pool, few enough that
# a pool of threads is kept busy. Large arrays are cut into about RUNS, at most MOST elements each
# (4 MB of float32 an array, so that packed copies stay in the cache).
LEAST, MOST, RUNS = 1 << 18, 1 << 20, 8
# Gradients of shared arguments need an array per run; their number is bounded by shapes alone.
SHARED_RUNS = 64


class Answer(NamedTuple):
    """The value (None if it was not asked for) and the derivatives, in the order of the targets."""

    value: Any
    derivatives: list[Array]


def answer(
    face: Interface,
    kernels: Kernels,
    prepare: Prepare | None,
    request: Request,
    values: tuple[Sequence[object], Sequence[object]],
    options: Options,
    vector: object = None,
) -> Answer:
    """Evaluate one batch function.

    Raises:
        ArgumentError, ArgumentTypeError: before anything is computed or written.
    """
    threads = check_threads(face.name, options.threads)
    problem = build(face, prepare, *values, options)
    each = request.value and options.reduction == "none"
    outs = given_out(face.name, options.out, each + len(request.targets))
    size = run_rows(problem, request)
    heads = _heads(problem, request, options, vector)
    rows_out = value_output(problem, outs[0]) if each else None
    derivatives = _derivatives(problem, request, options, outs[each:], size)
    totals = Totals(problem.rows.count, face.block)
    tails: list[Any] = derivatives
    if request.form in ("value", "value_and_gradient", "derivatives"):
        tails = [totals, rows_out, *derivatives]
    if options.out is not None:
        check_apart(face.name, outs)
    _run(kernels, problem, request.form, heads, tails, size, threads)
    fresh = options.out is None
    found = [_seen(derivatives[slot], fresh) for slot in request.targets]
    if rows_out is not None:
        return Answer(_seen(rows_out, fresh), found)
    return Answer(_reduced(totals, problem.divisor) if request.value else None, found)


def run_rows(problem: Problem, request: Request) -> int:
    """Return the rows of one run, a multiple of the block: it depends on shapes only."""
    face = problem.face
    widest = problem.rows.widest
    elements = min(max(LEAST, problem.rows.count * widest // RUNS), MOST)
    size = max(1, elements // widest)
    if any(face.position[request.slots[slot]] >= len(face.public) for slot in request.targets):
        size = max(size, -(-problem.rows.count // SHARED_RUNS))
    return -(-size // face.block) * face.block


def _heads(problem: Problem, request: Request, options: Options, vector: object) -> list[Any]:
    """Return the operands that a kernel reads."""
    weight = None if problem.weight is None else Given(problem.weight, problem.dtype)
    heads: list[Any] = [*problem.columns, *problem.shared, weight]
    if request.form != "value":
        divisor = problem.divisor if options.reduction == "mean" else 1.0
        heads.append(1.0 / divisor if divisor else 0.0)
    if request.form == "hessian_vector_product":
        heads.append(_vector(problem, request.slots[0], vector))
    return heads


def _vector(problem: Problem, name: str, vector: object) -> Given:
    face = problem.face
    array = read(face.name, "vector", vector)
    check_real(face.name, "vector", array.dtype)
    argument = problem.array(name)
    assert argument is not None
    same_shape(face.name, f"vector, like {name},", array.shape, argument.shape)
    given = Given(as_rows(array, problem.placement(name), problem.rows), problem.dtype)
    problem.columns.append(given)
    return given


def _derivatives(
    problem: Problem,
    request: Request,
    options: Options,
    outs: Sequence[Array | None],
    size: int,
) -> list[Output | None]:
    """Return where the kernel writes each of its derivatives, None for those not wanted."""
    outputs: list[Output | None] = [None] * len(request.slots)
    runs = -(-problem.rows.count // size)
    for slot, out in zip(request.targets, outs, strict=True):
        name = request.slots[slot]
        if options.reduction == "none":
            _check_reducible(problem, name)
        outputs[slot] = derivative_output(problem, name, out, runs)
    return outputs


def _check_reducible(problem: Problem, name: str) -> None:
    """Refuse derivatives of each row's own loss for what all rows share."""
    if problem.face.argument(name).shared or problem.placement(name).stretched:
        raise ArgumentError(
            f"{problem.face.name}: {name} is shared by all rows, so its derivative is a sum over "
            "them; say reduction='sum' or 'mean', or give one value for each row."
        )


def _run(
    kernels: Kernels,
    problem: Problem,
    form: str,
    heads: list[Any],
    tails: list[Any],
    size: int,
    threads: int | None,
) -> None:
    """Map the kernel over runs of `size` rows, and store what it writes."""
    count = problem.rows.count
    operands = heads + tails
    key = (form, problem.dtype.char, tuple([operand is None for operand in operands]))

    def run(index: int) -> None:
        start = index * size
        stop = min(start + size, count)
        parts = [
            operand.part(start, stop, index) if isinstance(operand, Cut) else operand
            for operand in operands
        ]
        kernels.entry(key, parts, len(heads))(*parts)
        for operand, part in zip(tails, parts[len(heads) :], strict=True):
            if isinstance(operand, Output):
                operand.store(part, start, stop)

    for_each(-(-count // size), run, threads)


def _seen(output: Output | None, fresh: bool) -> Array:
    """Return a finished result; a fresh 0-d one as a NumPy scalar, as NumPy's functions do."""
    assert output is not None
    result = output.finish()
    return result[()] if fresh and result.ndim == 0 else result


def _reduced(totals: Totals, divisor: float) -> float:
    """Return the sum of all rows over the divisor; an empty mean is 0."""
    total = totals.sum()
    return total / divisor if divisor else 0.0
