"""CPU kernels, one module a loss."""
