"""The demo does the whole job, and its numbers are those of mathematics done another way."""

import re

import numpy as np
import pytest
from rich.console import Console
from scipy.optimize import minimize

from lossgen.checks import Report, Row
from lossgen.demo import demo
from lossgen.demo.allowance import allowance
from lossgen.demo.fit import fit, households, least_squares
from lossgen.demo.mathematics import equations


def test_the_demo_does_the_whole_job(tmp_path):
    # One test, since two workers would otherwise run the demo twice.
    with (tmp_path / "said").open("w+", encoding="utf-8") as said:
        code = demo(tmp_path / "out", Console(file=said, width=120))
        said.seek(0)
        text = said.read()
    assert code == 0, text
    for part in ("@loss", "∂L/∂prediction =", "allowance: pass", "ordinary least squares", "Plot:"):
        assert part in text
    assert (tmp_path / "out/cpu/allowance.py").read_text() == allowance.source("cpu")
    picture = (tmp_path / "out/allowance.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


def test_a_failed_check_fails_the_demo(tmp_path, monkeypatch):
    row = Row("value", "value", "float64", 9, 99.0, "x = 1", 8.0, ok=False)
    monkeypatch.setattr("lossgen.proof.check", lambda loss: Report(loss.name, (row,)))
    assert demo(tmp_path, Console(quiet=True)) == 1


def test_the_loss_is_a_file_of_at_most_15_lines():
    from importlib.resources import files

    text = files("lossgen.demo").joinpath("allowance.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 15


def test_the_loss_is_not_in_the_catalogue():
    from lossgen import losses

    assert "allowance" not in dir(losses)


def test_the_data_are_those_of_the_literature():
    # Koenker and Bassett (1982) and every text on quantile regression since: 147.475 and 0.485.
    line = least_squares(households())
    assert len(households().food) == 235
    assert line.base == pytest.approx(147.475, abs=5e-4)
    assert line.share == pytest.approx(0.485, abs=5e-4)


def cost(excess):
    """The loss of the demo, written by hand."""
    price = np.where(excess < 0, 3.0, 1.0)
    return price * 20 * (np.sqrt(1 + (excess / 20) ** 2) - 1)


def test_under_prediction_costs_three_times_over_prediction():
    assert allowance(-500.0, 0.0) == pytest.approx(3 * allowance(500.0, 0.0))
    assert allowance.gradient(0.0, 0.0) == 0
    near = allowance.gradient(np.array([-1e-6, 1e-6]), np.zeros(2), reduction="none")
    assert abs(near).max() < 1e-6


def test_the_fit_is_the_minimum_that_a_search_without_gradient_finds():
    data = households()
    line = fit(allowance, data, least_squares(data))

    def mean_cost(point):
        return cost(point[0] + point[1] * data.income - data.food).mean()

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 10_000, "maxfev": 10_000}
    search = minimize(mean_cost, [line.base + 5, line.share], method="Nelder-Mead", options=options)
    assert mean_cost([line.base, line.share]) <= search.fun + 1e-9
    assert [line.base, line.share] == pytest.approx(search.x, rel=1e-4)


def test_a_fit_that_does_not_converge_is_an_error():
    class Wrong:
        name = "wrong"

        def value_and_gradient(self, prediction, target):
            value, slope = allowance.value_and_gradient(prediction, target)
            return value, -slope

    data = households()
    with pytest.raises(ArithmeticError, match="wrong"):
        fit(Wrong(), data, least_squares(data))


def test_the_gradient_is_printed_as_mathematics():
    text = equations(allowance.entry)
    assert re.search(r"∂L/∂prediction = ∂L/∂excess", text)
    assert "excess = prediction - target" in text
    assert "d_" not in text
