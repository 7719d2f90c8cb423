"""Functions of PyTorch and JAX are audited with the derivatives of their framework."""

import pytest

from lossgen.foreign import audit
from lossgen.losses import find

torch = pytest.importorskip("torch", reason="needs PyTorch")
F = torch.nn.functional


RIGHT = {
    "huber_loss": ("huber", {}),
    "smooth_l1_loss": ("smooth_l1", {}),
    "mse_loss": ("squared_error", {"options": {"reduction": "sum"}}),
    "l1_loss": ("absolute_error", {}),
    "cross_entropy": ("sparse_softmax_cross_entropy", {}),
    "nll_loss": ("nll", {}),
    "binary_cross_entropy_with_logits": ("bce_with_logits", {}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_function_of_torch_is_right(name):
    loss, options = RIGHT[name]
    found = audit(getattr(F, name), find(loss), **options)
    assert found, str(found)
    assert [finding.what for finding in found.findings] == ["value", "gradient", "hessian"]
    assert found.framework == "PyTorch"


def test_a_gradient_that_is_cut_is_found():
    def cut(prediction, target):
        return (prediction - target).abs() * (prediction - target).abs().detach()

    found = audit(cut, find("mse"), framework="torch")
    assert found["value"].code == 0
    assert "0.5 times" in found["gradient"].diagnosis


def test_a_function_of_jax_is_differentiated():
    jax = pytest.importorskip("jax", reason="needs JAX")

    def log_cosh(prediction, target):
        r = prediction - target
        return jax.numpy.logaddexp(r, -r) - jax.numpy.log(2.0)

    found = audit(log_cosh, find("log_cosh"), framework="jax")
    assert found["gradient"].code == 0
    assert found["hessian"].code == 0
