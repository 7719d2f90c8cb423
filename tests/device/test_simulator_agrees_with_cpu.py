"""CUDA kernels in the simulator give what the CPU kernels give: structure, not digits."""

from zlib import crc32

import pytest
from device.simulator import case, simulate
from device.structures import STRUCTURES

from lossgen.runtime.sources import generated_names

# Both kernels are within 8 ulp of the largest term of their sums, and these add up 15 terms at most
# in different orders, over rows whose weights differ by 4.
BOUND = 64.0
FORMS = ["value", "gradient", "derivatives", "hessian_vector_product"]
CASES = [case(loss, FORMS) for loss in STRUCTURES]
CASES += [
    case(loss, ["value_and_gradient", "one gradient"], lanes=1, rows=9, dtype="float32")
    for loss in STRUCTURES
]
CASES += [
    case("huber", ["value_and_gradient"], rows=70, threads=8, reduction="none"),
    case("dice", ["value_and_gradient"], lanes=1, rows=21, threads=8, reduction="none"),
    case("dice", ["value_and_gradient"], rows=9, reduction="none"),
    case("center_loss", ["value_and_gradient"], rows=9, lanes=2, reduction="sum"),
]

# What a wrong kernel would look like: found text, replacement.
BROKEN = {
    "a sum of one lane only": (
        "dice", "size = group_sum(size, lane, lanes, shared)", "size = size",
    ),
    "lanes that overlap": (
        "dice", "for k in range(lane, prob.size, lanes)", "for k in range(lane, prob.size)",
    ),
    "an element that no lane takes": (
        "chebyshev_distance", "range(lane, x.size", "range(lane + 1, x.size",
    ),
    "a scatter by every lane": (
        "nll", "if lane == 0:\n        d_", "if lane >= 0:\n        d_",
    ),
    "a scatter of the wrong sign": (
        "center_loss", "d_centers[label, d] -=", "d_centers[label, d] +=",
    ),
    "rows that replace each other": (
        "mahalanobis_distance", "d_precision[a, b] +=", "d_precision[a, b] =",
    ),
    "scratch of another element": ("info_nce", "s = sum_query_key[j]", "s = sum_query_key[0]"),
    "weights that are not used": ("huber", "weighted(loss, weight_of[j], real(1))", "loss"),
    "a ragged end left out": ("huber", "if i < prediction.size", "if i + 1 < prediction.size"),
}  # fmt: skip


@pytest.fixture(scope="module")
def answers():
    broken = [
        case(loss, ["value_and_gradient"], lanes=4, rows=5, broken=[old, new])
        for loss, old, new in BROKEN.values()
    ]
    return simulate([*CASES, *broken], calls=True)


@pytest.fixture(scope="module")
def every_loss(request):
    """Answers for a rotating tenth of the losses that are no structures; for all with --all."""
    names = [name for name in generated_names("cuda") if name not in STRUCTURES]
    if not request.config.getoption("--all"):
        names = [name for name in names if crc32(name.encode()) % 10 == 0]
    cases = [case(name, FORMS, lanes=4) for name in names]
    return dict(zip(names, simulate(cases)["cases"], strict=True))


@pytest.mark.parametrize("name", generated_names("cuda"))
def test_every_loss_agrees(every_loss, name):
    if name not in every_loss:
        pytest.skip("a structure, or not this loss's turn; --all takes every loss")
    for form, worst in every_loss[name].items():
        assert worst <= BOUND, form


@pytest.mark.parametrize(
    "place",
    range(len(CASES)),
    ids=[f"{c['loss']} {c['lanes']} lanes {c['rows']} rows {c['reduction']}" for c in CASES],
)
def test_kernels_agree(answers, place):
    for form, worst in answers["cases"][place].items():
        assert worst <= BOUND, form


@pytest.mark.parametrize("place", range(len(BROKEN)), ids=list(BROKEN))
def test_a_broken_kernel_is_caught(answers, place):
    worst = answers["cases"][len(CASES) + place]
    assert max(worst.values()) > BOUND


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("host", "huber: target is a ndarray, other arguments lie on a device"),
        ("label", "label[1] is 7"),
        ("shape", "their shapes must be equal"),
        ("strided", "prediction is not contiguous"),
        ("delta", "delta is -1.0 and must be"),
        ("axis", "axis= is not there yet"),
        ("weight", "sample_weight has shape (6, 2); it must be (6,)"),
        ("out", "out= holds a ndarray"),
        ("none", "centers is shared by all rows"),
    ],
)
def test_misuse_is_explained(answers, call, words):
    assert words in answers["misuse"][call]
    assert answers["misuse"][call].startswith("Argument")


def test_other_inputs_are_taken(answers):
    assert {name: worst for name, worst in answers["conveniences"].items() if worst > BOUND} == {}


def test_losses_of_users_agree(answers):
    assert answers["unusual"]
    assert {name: worst for name, worst in answers["unusual"].items() if worst > BOUND} == {}


def test_sums_repeat_bit_for_bit(answers):
    assert answers["repeated"] == 1


def test_a_missing_package_is_named(monkeypatch):
    from lossgen import losses
    from lossgen.runtime import errors

    class Arrays:
        __cuda_array_interface__ = {"shape": (2,)}  # noqa: RUF012

    monkeypatch.setattr("numba.cuda.implementation", "Built-in")
    with pytest.raises(errors.DependencyError, match="numba-cuda") as found:
        losses.huber(Arrays(), Arrays())
    assert isinstance(found.value, ImportError)
