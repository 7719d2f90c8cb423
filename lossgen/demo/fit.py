"""The data of the demo, and the line that a loss chooses through them."""

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from lossgen.runtime import Loss

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Households:
    """Yearly income and food expenditure of 235 Belgian households in 1857, in francs: (n,)."""

    income: Floats
    food: Floats


@dataclass(frozen=True)
class Line:
    """food = base + share * income, how it was found, and in how many steps."""

    name: str
    base: float
    share: float
    steps: int = 0

    def at(self, income: Floats) -> Floats:
        """The predicted expenditure of each household: (n,)."""
        return self.base + self.share * income

    def too_little(self, data: Households) -> int:
        """How many households spend more than is predicted."""
        return int((self.at(data.income) < data.food).sum())


def households() -> Households:
    """Read the table that lies beside this file; engel.txt says where it is from."""
    with files("lossgen.demo").joinpath("engel.csv").open(encoding="utf-8") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return Households(table[:, 0].copy(), table[:, 1].copy())


def least_squares(data: Households) -> Line:
    """The line of ordinary least squares."""
    share, base = np.polyfit(data.income, data.food, 1)
    return Line("ordinary least squares", float(base), float(share))


def fit(loss: Loss, data: Households, start: Line) -> Line:
    """The line with the smallest mean loss, by SciPy's BFGS with the generated gradient.

    Raises:
        ArithmeticError: when the optimiser does not converge.
    """
    # Incomes in thousands keep both coefficients within one power of ten of each other.
    design = np.column_stack([np.ones_like(data.income), data.income / 1000])

    def objective(coefficients: Floats) -> tuple[float, Floats]:
        value, slope = loss.value_and_gradient(design @ coefficients, data.food)
        return value, design.T @ slope

    found = minimize(objective, [start.base, 1000 * start.share], jac=True, method="BFGS")
    if not found.success:
        raise ArithmeticError(f"the fit of {loss.name} stopped early: {found.message}")
    base, share = found.x
    return Line(loss.name, float(base), float(share) / 1000, int(found.nit))
