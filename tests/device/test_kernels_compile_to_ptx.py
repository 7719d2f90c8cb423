"""Kernels compile for sm_90 without a device: no float64 in float32 code, no local memory."""

import importlib
import inspect
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from device.simulator import cuda
from device.structures import STRUCTURES

# A multiprocessor has 65,536 registers, and the runtime puts at most 256 threads into a block.
REGISTERS = 128
WIDE = re.compile(r"\.f64\s")
ALL = ["value", "gradient", "value_and_gradient", "derivatives", "hessian_vector_product"]
FORMS = [(loss, "value_and_gradient") for loss in STRUCTURES]
FORMS += [(loss, form) for loss in ("huber", "sparse_softmax_cross_entropy") for form in ALL[3:]]


def arrays(module, form, number):
    """The types of the arguments of a kernel, from the interface of its module."""
    literals = {**module.INTERFACE["arguments"], **module.INTERFACE["shared"]}
    scratch = getattr(module, "SCRATCH", {}).get(form, {})
    types = []
    for name in inspect.signature(getattr(module, form).py_func).parameters:
        per_row = name not in module.INTERFACE["shared"]
        kind, axes = number, ()
        if name in scratch:
            axes = scratch[name]
        elif name == "vector":
            axes = literals[module.INTERFACE["second"]]["axes"]
        elif name in literals:
            axes = literals[name]["axes"]
            kind = cuda.types.int64 if literals[name]["domain"] == "Label" else number
        elif name.startswith(("d_", "h_", "hv_")):
            axes = literals[name.split("_", 1)[1]]["axes"]
        rank = len(axes) + per_row if name != "scale" else 0
        types.append(cuda.types.Array(kind, rank, "C") if rank else kind)
    return tuple(types)


def ptx(kernel, types):
    try:
        return cuda.compile_ptx(kernel, types, cc=(9, 0))[0]
    except (OSError, RuntimeError) as error:
        pytest.skip(f"needs NVVM, which numba-cuda[cu13] brings: {error}")


def assembled(text, folder):
    """What ptxas says of a kernel: registers, bytes of stack and of spills."""
    found = next(map(str, _installed()), None) or shutil.which("ptxas")
    if found is None:
        pytest.skip("needs ptxas, which the package nvidia-cuda-nvcc brings")
    source = folder / "kernel.ptx"
    source.write_text(text)
    done = subprocess.run(
        [found, "-arch=sm_90", "-v", str(source), "-o", str(folder / "kernel.cubin")],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Unsupported .version" in done.stderr:
        pytest.skip(f"needs a ptxas as new as NVVM: {done.stderr}")
    assert done.returncode == 0, done.stderr
    words = done.stdout + done.stderr
    registers = re.search(r"Used (\d+) registers", words)
    stack = re.search(r"(\d+) bytes stack frame, (\d+) bytes spill", words)
    return int(registers[1]), int(stack[1]), int(stack[2])


def _installed():
    try:
        import nvidia
    except ImportError:
        return
    for root in nvidia.__path__:
        yield from Path(root).glob("**/bin/ptxas")


@pytest.mark.parametrize(("loss", "form"), FORMS, ids=[" ".join(each) for each in FORMS])
def test_single_kernels_stay_single(loss, form, tmp_path):
    module = importlib.import_module(f"lossgen.generated.cuda.{loss}")
    text = ptx(getattr(module, form), arrays(module, form, cuda.types.float32))
    assert not WIDE.search(text)
    assert ".local" not in text
    registers, stack, spilled = assembled(text, tmp_path)
    assert registers <= REGISTERS
    assert (stack, spilled) == (0, 0)


def test_double_kernels_compile(tmp_path):
    module = importlib.import_module("lossgen.generated.cuda.dice")
    text = ptx(module.gradient, arrays(module, "gradient", cuda.types.float64))
    assert WIDE.search(text)
    assert assembled(text, tmp_path)[0] <= REGISTERS


def test_loads_stand_before_stores():
    """A thread has four rows of two arrays and of the weights in flight before it writes one."""
    module = importlib.import_module("lossgen.generated.cuda.huber")
    text = ptx(module.gradient, arrays(module, "gradient", cuda.types.float32))
    loop = text[: text.index("st.global")]
    assert loop.count("ld.global") >= 12
    assert "ld.global" not in text[text.index("st.global") :]


def test_the_sums_of_a_call_stay_single():
    from lossgen.generated.cuda import _math

    number = cuda.types.float32[::1]
    for kernel, types in (
        (_math.sum_chunks, (number, number)),
        (_math.sum_parts, (cuda.types.float32[:, ::1], number)),
    ):
        text = ptx(kernel, types)
        assert not WIDE.search(text)
        assert "atom" not in text


def test_a_literal_without_a_type_is_seen():
    """The twin: what a printer that forgets `real(...)` would write."""

    def kernel(x):
        x[0] = 0.1 * x[0]

    assert WIDE.search(ptx(kernel, (cuda.types.float32[::1],)))
