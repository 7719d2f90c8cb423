"""The math file of a target as a module, as generated kernels import it."""

import importlib.util

from lossgen.emit.module import mathematics


def loaded(target, folder, change=lambda text: text):
    """The module of a math file, changed or not, that is written to a folder and imported."""
    path = folder / f"{target}_math.py"
    path.write_text(change(mathematics(target)), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
