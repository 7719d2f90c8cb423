"""Run by the tests in a process of its own, where Numba simulates the device (or has one).

Reads cases as JSON, and prints for each the worst difference between the results of the CUDA and
the CPU kernels, in ulp of the largest number of the result. The CPU kernels run as plain Python
too in the simulator (NUMBA_DISABLE_JIT), which takes less time than to compile them.
"""

import json
import sys

import numpy as np
from device.races import watch
from device.structures import EXTENTS, STRUCTURES, inputs
from numba import cuda

from lossgen import losses
from lossgen.runtime import Loss, TextKernels, launch
from lossgen.runtime.compile import FORMS, load


class Patched:
    """The kernels of a loss, with replacements in the text of the CUDA file."""

    def __init__(self, name, old="", new=""):
        self.cpu = getattr(losses, name)
        text = self.cpu.source("cuda")
        assert old in text, f"{name} has no {old!r} to break"
        texts = {"cuda": text.replace(old, new), "cpu": self.cpu.source("cpu")}
        shared = {target: self.cpu._source.mathematics(target) for target in texts}
        self.cuda = Loss(self.cpu.interface, TextKernels(name, texts, shared))


def on_device(arrays):
    return {name: cuda.to_device(array) for name, array in arrays.items()}


def results(loss, given, weight, vector, form, reduction):
    """All results of one form, the gradients with respect to everything that may have one."""
    options = {"sample_weight": weight, "reduction": reduction}
    wrt = loss.interface["gradients"]
    if reduction == "none":
        wrt = tuple(name for name in wrt if name in loss.interface["arguments"])
    if form == "value":
        return [loss(**given, **options)]
    if form == "gradient":
        return list(loss.gradient(**given, wrt=wrt, **options))
    if form == "one gradient":
        return [loss.gradient(**given, wrt=wrt[-1], **options)]
    if form == "value_and_gradient":
        value, found = loss.value_and_gradient(**given, wrt=wrt, **options)
        return [value, *found]
    if form == "hessian_vector_product":
        return [loss.hessian_vector_product(**given, vector=vector, **options)]
    return list(getattr(loss, form)(**given, **options))


def distance(found, expected, width=np.float64):
    """The largest difference, in ulp of that width of the largest number that is expected."""
    if hasattr(found, "copy_to_host"):
        found = found.copy_to_host()
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return float("inf")
    if not expected.size:
        return 0.0
    unit = np.finfo(width).eps * max(np.max(np.abs(expected)), 1e-30)
    worst = np.max(np.abs(found - expected)) / unit
    return float(worst) if np.isfinite(worst) else float("inf")


def run(case):
    dtype = np.dtype(case["dtype"])
    launch.lanes_for = lambda extent: case["lanes"]
    launch.THREADS, launch.BLOCKS, launch.PARTS = case["threads"], 2, 4
    pair = Patched(case["loss"], *case.get("broken", ("", "")))
    face = pair.cpu.interface
    given = inputs(face, case["rows"], STRUCTURES.get(case["loss"], EXTENTS), dtype)
    draw = np.random.default_rng(1)
    weight = draw.uniform(0.5, 2.0, case["rows"]).astype(dtype)
    weight[1:2] = 0.0
    second = face["second"] or next(iter(given))
    vector = draw.normal(size=given[second].shape).astype(dtype)
    absent = {"derivatives"} if not face["hessian_diagonal"] else set()
    absent |= {"hessian_vector_product", "derivatives"} if face["second"] is None else set()
    log = watch(load(pair.cuda._source, "cuda"), FORMS) if case.get("watched") else None
    worst = {}
    for form in [form for form in case["forms"] if form not in absent]:
        options = (form, case["reduction"])
        expected = results(pair.cpu, given, weight, vector, *options)
        found = results(
            pair.cuda,
            on_device(given),
            cuda.to_device(weight),
            cuda.to_device(vector),
            *options,
        )
        worst[form] = max(distance(*each, dtype) for each in zip(found, expected, strict=True))
    return worst if log is None else {"races": len(log.races)}


def sentence(call):
    """What a call says that cannot be answered."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


def misuse():
    """The errors of calls with arrays on the device."""
    x, y = np.linspace(-2.0, 2.0, 6), np.linspace(2.0, -1.0, 6)
    there, other = cuda.to_device(x), cuda.to_device(y)
    logits, label = cuda.to_device(np.ones((2, 3))), np.array([0, 7])
    entropy = losses.sparse_softmax_cross_entropy
    wide = cuda.to_device(np.ones((6, 2)))
    calls = {
        "host": lambda: losses.huber(there, y),
        "label": lambda: entropy(logits, cuda.to_device(label)),
        "shape": lambda: losses.huber(there, wide),
        "strided": lambda: losses.huber(wide[:, 0], other),
        "delta": lambda: losses.huber(there, other, delta=-1.0),
        "axis": lambda: entropy(logits, cuda.to_device(label % 3), axis=0),
        "weight": lambda: losses.huber(there, other, sample_weight=wide),
        "out": lambda: losses.huber.gradient(there, other, out=np.empty(6)),
        "none": lambda: losses.center_loss.gradient(
            logits, cuda.to_device(label % 2), centers=logits, wrt="centers", reduction="none"
        ),
    }
    return {name: sentence(call) for name, call in calls.items()}


def conveniences():
    """Numbers for arrays, mixed dtypes, small labels, out=, no rows: differences to the CPU."""
    x, y = np.linspace(-2.0, 2.0, 6), np.linspace(2.0, -1.0, 6)
    there, other = cuda.to_device(x), cuda.to_device(y)
    out = cuda.to_device(np.empty(6))
    given = losses.huber.gradient(there, other, out=out)
    single = x.astype(np.float32)
    label = np.array([2, 0], np.int32)
    logits = np.arange(6.0).reshape(2, 3)
    entropy = losses.sparse_softmax_cross_entropy
    empty = np.empty(0)
    nan = losses.hinge(cuda.to_device(np.array([np.nan])), cuda.to_device(np.ones(1)))
    return {
        "number": distance(losses.huber(there, 0.5), losses.huber(x, 0.5)),
        "stretched": distance(
            losses.huber.gradient(there, 0.5, wrt="target"),
            losses.huber.gradient(x, 0.5, wrt="target"),
        ),
        "mixed": distance(
            losses.huber.gradient(cuda.to_device(single), other), losses.huber.gradient(single, y)
        ),
        "out": distance(out, losses.huber.gradient(x, y)) if given is out else float("inf"),
        "labels": distance(
            entropy(cuda.to_device(logits), cuda.to_device(label)), entropy(logits, label)
        ),
        "rows": distance(
            losses.huber(there.reshape(2, 3), other.reshape(2, 3), reduction="none"),
            losses.huber(x.reshape(2, 3), y.reshape(2, 3), reduction="none"),
        ),
        "empty": distance(losses.huber(cuda.to_device(empty), cuda.to_device(empty)), 0.0),
        "nan": 0.0 if np.isnan(nan) else float("inf"),
    }


def unusual():
    """Losses of users, with rows of weight 0."""
    from device.unusual import calls

    worst = {}
    for loss, given in calls():
        weight = np.linspace(0.0, 2.0, 7)
        options = (weight, np.zeros(0), "value_and_gradient", "mean")
        expected = results(loss, given, *options)
        found = results(loss, on_device(given), cuda.to_device(weight), *options[1:])
        worst[loss.name] = max(map(distance, found, expected))
    return worst


def repeated():
    """Whether a sum has the same bits whatever the launch, and again."""
    values = np.random.default_rng(2).normal(size=9000).astype(np.float32)
    there, zero = cuda.to_device(values), cuda.to_device(np.zeros_like(values))
    found = set()
    for threads, blocks in ((8, 1), (4, 3), (8, 1)):
        launch.THREADS, launch.BLOCKS = threads, blocks
        found.add(float(losses.squared_error(there, zero)).hex())
    return len(found)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    launch.THREADS, launch.BLOCKS = 4, 2
    np.seterr(all="ignore")
    answers = {"cases": [run(case) for case in asked["cases"]]}
    if asked.get("calls"):
        launch.THREADS, launch.BLOCKS = 4, 2
        answers |= {"misuse": misuse(), "conveniences": conveniences(), "repeated": repeated()}
        launch.THREADS, launch.BLOCKS, launch.PARTS = 4, 2, 4
        answers["unusual"] = unusual()
    print(json.dumps(answers))
