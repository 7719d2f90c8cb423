"""On a device, CUDA kernels give what the CPU kernels give, with one, many and very many lanes."""

import pytest
from device.simulator import case, cuda, simulate
from device.structures import STRUCTURES

# As in the simulator, and 8 times as much for sums of 5,000 rows in another order.
BOUND = 512.0
FORMS = ["value", "gradient", "value_and_gradient", "derivatives", "hessian_vector_product"]


@pytest.mark.skipif(not cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lanes", [1, 32, 256])
def test_kernels_agree_on_a_device(lanes, dtype):
    cases = [
        case(loss, FORMS, lanes=lanes, rows=5000, threads=256, dtype=dtype) for loss in STRUCTURES
    ]
    answers = simulate(cases, device=True)["cases"]
    worst = {
        f"{described['loss']} {form}": ulp
        for described, answer in zip(cases, answers, strict=True)
        for form, ulp in answer.items()
        if ulp > BOUND
    }
    assert worst == {}
