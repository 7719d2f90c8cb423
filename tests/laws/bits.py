"""The laws that hold bit for bit. Each takes a subject and raises AssertionError where it fails."""

from __future__ import annotations

import copy
import os
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import cloudpickle
import numpy as np
from laws.subjects import Subject


def equal(found: list[Any], expected: list[Any]) -> None:
    """Assert that all results have the same bits."""
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other, strict=True)


@contextmanager
def runs_of(elements: int) -> Iterator[None]:
    """Cut rows into runs of about so many elements; at least one block of rows each."""
    with patch("lossgen.runtime.evaluate.MOST", elements):
        yield


def out_equals_fresh(subject: Subject) -> None:
    outs = tuple(np.full_like(subject.arguments[name], np.nan) for name in subject.derived)
    found = subject.call(out=outs)
    assert all(array is out for array, out in zip(found[1:], outs, strict=True))
    equal(found, subject.call())


def strided_out_equals_fresh(subject: Subject) -> None:
    outs = tuple(_strided(subject.arguments[name]) for name in subject.derived)
    equal(subject.call(out=outs), subject.call())


def layouts_are_equal(subject: Subject) -> None:
    expected = subject.call()
    for layout in (_strided, np.asfortranarray, _read_only, _backwards, _swapped):
        arguments = {name: layout(array) for name, array in subject.arguments.items()}
        equal(subject.call(arguments), expected)
    with runs_of(1):
        equal(subject.call({n: _strided(a) for n, a in subject.arguments.items()}), expected)


def runs_and_threads_are_equal(subject: Subject) -> None:
    expected = subject.call(threads=1)
    for elements in (1, 50, 1000):
        with runs_of(elements):
            for count in (1, 2, 5):
                equal(subject.call(threads=count), expected)


def eight_threads_are_equal(subject: Subject) -> None:
    expected = subject.call()
    start = threading.Barrier(8)

    def call(_: int) -> list[Any]:
        start.wait(timeout=60)
        return subject.call()

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(call, range(8)):
            equal(found, expected)


def a_forked_child_is_equal(subject: Subject) -> None:
    expected = subject.call(threads=2)
    with runs_of(1):
        equal(in_forked_child(lambda: subject.call(threads=2)), expected)


def copies_are_equal(subject: Subject) -> None:
    """Of the loss with its parameters bound: a copy has its parameters and its kernels."""
    numbers = {name: 0.75 for name, value in subject.shared.items() if isinstance(value, float)}
    arrays = {name: value for name, value in subject.shared.items() if name not in numbers}
    bound = subject.loss.bind(**numbers, **arrays)
    for copied in (
        pickle.loads(pickle.dumps(bound)),
        pickle.loads(cloudpickle.dumps(bound)),
        copy.deepcopy(bound),
    ):
        given = {**subject.arguments, "sample_weight": subject.weight}
        assert copied(**given) == bound(**given)
        assert repr(copied) == repr(bound)
        assert copied.interface == bound.interface


def fused_value_is_value(subject: Subject) -> None:
    assert subject.call()[0] == subject.value()


LAWS = {
    "out= equals fresh": out_equals_fresh,
    "strided out= equals fresh": strided_out_equals_fresh,
    "layouts are equal": layouts_are_equal,
    "runs and threads are equal": runs_and_threads_are_equal,
    "eight threads at once are equal": eight_threads_are_equal,
    "a forked child is equal": a_forked_child_is_equal,
    "copies are equal": copies_are_equal,
    "fused value is value": fused_value_is_value,
}


def in_forked_child(call: Any) -> list[Any]:
    """Return what `call` returns in a child made by fork, without the ceremony of a Process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with os.fdopen(writer, "wb") as stream:
                pickle.dump(call(), stream)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, "the forked child failed"
    return pickle.loads(data)


def _strided(array: np.ndarray) -> np.ndarray:
    wide = np.empty((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


def _read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def _backwards(array: np.ndarray) -> np.ndarray:
    return array[::-1].copy()[::-1]


def _swapped(array: np.ndarray) -> np.ndarray:
    return array.astype(array.dtype.newbyteorder())
