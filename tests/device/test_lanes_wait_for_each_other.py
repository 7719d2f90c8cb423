"""No element is touched by two lanes without a wait between, if one of them writes it."""

import pytest
from device.simulator import case, simulate
from device.structures import STRUCTURES

FORMS = ["value", "gradient", "value_and_gradient", "derivatives", "hessian_vector_product"]
ROWS = [loss for loss, extents in STRUCTURES.items() if extents]

# Each of them waits where it must: the first before a scatter, the others for scratch. The last
# adds the gradients of all groups up in one part.
BROKEN = {
    "sparse_softmax_cross_entropy": ("wait(lanes)\n    soft", "pass\n    soft"),
    "info_nce": ("wait(lanes)\n        for", "pass\n        for"),
    "wasserstein_assignment": ("wait(lanes)\n        for", "pass\n        for"),
    "mahalanobis_distance": ("row_of(d_precision, group)", "row_of(d_precision, 0)"),
}


@pytest.fixture(scope="module")
def races():
    cases = [case(loss, FORMS, lanes=4, rows=5) | {"watched": True} for loss in ROWS]
    cases += [
        case(loss, FORMS[1:3], lanes=4, rows=5, broken=list(broken)) | {"watched": True}
        for loss, broken in BROKEN.items()
    ]
    found = [answer["races"] for answer in simulate(cases)["cases"]]
    return dict(zip(ROWS, found, strict=False)), dict(zip(BROKEN, found[len(ROWS) :], strict=True))


@pytest.mark.parametrize("loss", ROWS)
def test_there_are_no_races(races, loss):
    assert races[0][loss] == 0


@pytest.mark.parametrize("loss", BROKEN)
def test_a_wait_left_out_is_seen(races, loss):
    assert races[1][loss] > 0
