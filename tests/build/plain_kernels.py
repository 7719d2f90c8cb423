"""Generated kernels run as plain Python, beside the exact value of their programs.

Run as a script with NUMBA_DISABLE_JIT=1, which Numba reads when it is first imported. Prints one
JSON object: the largest relative distance of each form of each loss.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
from derive.evaluator import Run
from derive.nasty import LOSSES
from derive.points import point_of, random_like

from lossgen.catalogue.entries import entries
from lossgen.emit.form import Form, forms
from lossgen.emit.module import mathematics
from lossgen.emit.module import module as module_text
from lossgen.language.entry import Entry

ROWS = 3
WEIGHTS = np.array([2.0, 0.0, 0.5])
SCALE = np.float64(0.25)


def distances(entry: Entry, folder: Path) -> dict[str, float]:
    """Return how far each form is from the programs, relative to its largest number."""
    package = folder / f"plain_{entry.name}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_math.py").write_text(mathematics("cpu"))
    (package / "kernels.py").write_text(module_text(forms(entry), "cpu"))
    module = importlib.import_module(f"plain_{entry.name}.kernels")
    return {form.name: distance(form, module) for form in forms(entry).forms}


def distance(form: Form, module: Any) -> float:
    """Call one batch function on a few weighted rows; compare with the program row by row."""
    points = [row_of(form, seed) for seed in range(ROWS)]
    for argument in form.entry.shared:
        for point in points:
            point[argument.name] = points[0][argument.name]
    given = [stacked(argument, points) for argument in form.entry.arguments]
    outputs = {name: empty(form, name, points) for name in form.outputs}
    totals = np.zeros(-(-ROWS // module.INTERFACE["block"]))
    values = np.zeros(ROWS)
    extra = [WEIGHTS] + ([] if form.name == "value" else [SCALE])
    if form.has_value:
        extra += [totals, values]
    if form.name == "hessian_vector_product":
        extra.append(np.array([as_floats(point["vector"]) for point in points]))
    getattr(module, form.name)(*given, *extra, *outputs.values())
    runs = [Run(form.program, p) if w else None for p, w in zip(points, WEIGHTS, strict=True)]
    far = [relative(found, expected(form, name, points, runs)) for name, found in outputs.items()]
    if form.has_value:
        far.append(relative(values, losses(runs)))
        far.append(relative(totals.sum(), losses(runs).sum()))
    return max(far)


def row_of(form: Form, seed: int) -> dict[str, Any]:
    point = point_of(form.entry, seed)
    if form.name == "hessian_vector_product":
        name = form.program.outputs[0].removeprefix("hv_")
        point["vector"] = random_like(form.program, name, point, seed)
    return point


def stacked(argument: Any, points: list[dict[str, Any]]) -> Any:
    if argument.shared:
        number = as_floats(points[0][argument.name])
        return number if argument.domain.axes else np.float64(number)
    array = np.array([as_floats(point[argument.name]) for point in points])
    return array.astype(np.int64) if argument.domain.integer else array


def as_floats(array: Any) -> Any:
    return np.array(array, dtype=np.float64)


def empty(form: Form, name: str, points: list[dict[str, Any]]) -> Any:
    argument = form.entry.argument(name.split("_", 1)[1])
    shape = as_floats(points[0][argument.name]).shape
    return np.zeros(shape) if argument.shared else np.full((ROWS, *shape), np.nan)


def expected(form: Form, name: str, points: list[dict[str, Any]], runs: list[Run | None]) -> Any:
    """The exact output: rows times weight and scale, 0 where that is 0; shared ones add up."""
    argument = form.entry.argument(name.split("_", 1)[1])
    rows = []
    for point, run, weight in zip(points, runs, WEIGHTS, strict=True):
        array = np.zeros(as_floats(point[argument.name]).shape)
        for place, number in run.output(name).items() if run else ():
            array[place] = float(number) * weight * SCALE
        rows.append(array)
    return sum(rows) if argument.shared else np.array(rows)


def losses(runs: list[Run | None]) -> Any:
    pairs = zip(runs, WEIGHTS, strict=True)
    return np.array(
        [float(run.output("loss")[()]) * weight if run else 0.0 for run, weight in pairs]
    )


def relative(found: Any, wanted: Any) -> float:
    size = max(1.0, float(np.max(np.abs(wanted), initial=0.0)))
    worst = float(np.max(np.abs(np.asarray(found) - wanted), initial=0.0))
    return worst / size if np.isfinite(worst) else float("inf")


def main() -> None:
    """Print the distances of all losses, or of those named on the command line."""
    known = {**entries(), **{name: made.entry for name, made in LOSSES.items()}}
    report = {}
    with tempfile.TemporaryDirectory() as folder, mp.workdps(30):
        sys.path.insert(0, folder)
        for name in sys.argv[1:] or known:
            try:
                report[name] = distances(known[name], Path(folder))
            except Exception as error:
                report[name] = {f"{type(error).__name__}: {error}": float("inf")}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
