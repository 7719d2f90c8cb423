"""The shared math file of a target, put together from its themes.

A theme of `shared` is written once: on a device its functions are device functions, and what it
imports are those of the same names in the file for devices.
"""

import ast
from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = (
    "pairs", "exponentials", "logarithms", "moment_polynomials", "moments", "powers",
    "divergences", "roots",
    "normal", "gamma_polynomials", "gamma", "bessel_polynomials", "bessel",
    "bessel_ratio_polynomials", "bessel_ratio", "carried",
    "carried_products", "rational", "inverse_trigonometric",
)  # fmt: skip
CPU = ("elementary", "primitives")
CPU_LAST = ("trigonometric", "hyperbolic", "error_function")


def joined(target: str) -> str:
    """Return the text of the math file of a target, "cpu" or "cuda"."""
    shared = [_read(f"shared/{theme}") for theme in SHARED]
    if target == "cuda":
        themes = [_theme(text).replace("@inlined\n", "@device\n") for text in shared]
        return "\n\n".join([_read("cuda"), *themes])
    first, last = ([_read(f"cpu/{theme}") for theme in part] for part in (CPU, CPU_LAST))
    head = _docstring(_read("cpu/__init__"))
    imports = "import math\n\nimport numpy as np\nfrom numba import types\n"
    imports += "from numba.extending import intrinsic, overload, register_jitable\n"
    return "\n\n".join([f"{head}\n{imports}", *(_theme(text) for text in [*first, *shared, *last])])


def _read(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def _docstring(text: str) -> str:
    """Return the docstring of a module as it is written."""
    first = ast.parse(text).body[0]
    return "\n".join(text.splitlines()[: first.end_lineno]) + "\n"


def _theme(text: str) -> str:
    """Return a module without its imports, its docstring as a comment."""
    tree = ast.parse(text)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    words = (ast.get_docstring(tree) or "").splitlines()
    comment = "\n".join(f"# {line}".rstrip() for line in words)
    rest = "\n".join(text.splitlines()[imports[-1].end_lineno :]).strip("\n")
    return f"{comment}\n\n\n{rest}\n"
