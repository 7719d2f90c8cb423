"""Numba CUDA kernels, one module per loss."""
