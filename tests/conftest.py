"""Every test run starts with a fresh cache of compiled kernels, shared by all its workers.

Most tests of the whole catalogue take a rotating tenth of the forms that need another compilation;
`pytest --all` takes them all.
"""

import os
import shutil
import tempfile

VARIABLE = "LOSSGEN_CACHE_DIR"


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="test every form of every loss")


def pytest_configure(config):
    if VARIABLE in os.environ:
        return  # a worker of pytest-xdist, or somebody who wants a warm cache
    folder = tempfile.mkdtemp(prefix="lossgen-tests-")
    os.environ[VARIABLE] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
