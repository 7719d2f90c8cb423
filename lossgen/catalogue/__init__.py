"""The shipped losses, one family a module. Importing the package alone imports no SymPy."""

FAMILIES = (
    "residual",
    "robust",
    "distance",
    "binary",
    "multiclass",
    "segmentation",
    "embedding",
    "adversarial",
    "divergence",
    "likelihood",
    "transport",
    "regularizer",
)
