"""Derivatives of programs, again programs: gradient, Hessian diagonal, Hessian times vector."""

from .adjoint import gradient
from .diagonal import Refused, hessian_diagonal
from .tangent import hessian_vector_product

__all__ = ["Refused", "gradient", "hessian_diagonal", "hessian_vector_product"]
