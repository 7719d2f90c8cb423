"""Numba kernels for the CPU, one module per loss."""
