"""The mathematics that all generated kernels share, written by hand and copied as it is."""
