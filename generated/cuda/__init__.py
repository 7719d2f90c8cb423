"""CUDA kernels, one module a loss."""
