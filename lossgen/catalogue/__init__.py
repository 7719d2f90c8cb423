"""The shipped losses, one family a module. Importing the package alone imports no SymPy."""

FAMILIES = (
    "residual",
    "distance",
    "binary",
    "multiclass",
    "segmentation",
    "embedding",
    "adversarial",
    "divergence",
    "transport",
    "regularizer",
)
