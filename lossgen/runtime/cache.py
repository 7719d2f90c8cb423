"""Compiled kernels on disk: one folder for each combination of everything that decides their bits.

Numba's own cache watches the file of a function and not what it imports: an edited math file would
give kernels with the old mathematics, silently. Here the folder's name is a hash of both texts, of
the package versions, of the processor and of the flags, so a stale kernel cannot be found.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

VARIABLE = "LOSSGEN_CACHE_DIR"
_DECISIVE = ("NUMBA_BOUNDSCHECK", "NUMBA_CPU_FEATURES", "NUMBA_CPU_NAME", "NUMBA_DEBUGINFO",
             "NUMBA_DISABLE_JIT", "NUMBA_ENABLE_AVX", "NUMBA_LOOP_VECTORIZE", "NUMBA_OPT",
             "NUMBA_SLP_VECTORIZE")  # fmt: skip


def digest(texts: Mapping[str, str]) -> str:
    """Return the hash that names the folder of these modules on this machine."""
    hashed = hashlib.sha256()
    for part in (*_flat(texts), *environment()):
        data = part.encode()
        hashed.update(len(data).to_bytes(8, "little"))
        hashed.update(data)
    return hashed.hexdigest()


def environment() -> list[str]:
    """Return what else decides the machine code: versions, processor, flags of Numba."""
    import llvmlite
    import numba
    import numpy
    from llvmlite import binding

    features = binding.get_host_cpu_features().flatten()
    return [
        numba.__version__, llvmlite.__version__, numpy.__version__,
        binding.get_host_cpu_name(), features,
        *(f"{name}={os.environ.get(name)}" for name in _DECISIVE),
    ]  # fmt: skip


def root() -> Path:
    """Return the folder of the cache: LOSSGEN_CACHE_DIR, or the user's cache folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("lossgen", appauthor=False))


def store(name: str, texts: Mapping[str, str]) -> Path | None:
    """Return a folder that holds exactly these modules, or None where nothing can be written.

    A folder appears whole: it is written under another name and renamed, so that two processes may
    do this at once. A folder whose files are not these texts is not used.
    """
    try:
        folder = root() / name
        if not folder.is_dir():
            _write(folder, texts)
        same = all((folder / f"{m}.py").read_text(encoding="utf-8") == t for m, t in texts.items())
    except (OSError, UnicodeDecodeError):
        return None
    return folder if same else None


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        for module, text in texts.items():
            (draft / f"{module}.py").write_text(text, encoding="utf-8", newline="\n")
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.is_dir():
            raise


def _flat(texts: Mapping[str, str]) -> Iterable[str]:
    for module in sorted(texts):
        yield module
        yield texts[module]
