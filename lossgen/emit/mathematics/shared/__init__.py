"""Functions written once for both targets: on a device `inlined` becomes `device`."""
