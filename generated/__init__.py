"""The kernels that `lossgen build` writes: one module per loss and target."""
