"""Proofs over all floats: kernels at every float32, bound to the text that was run."""

from .certificate import (
    Certificate,
    CertificateError,
    binds,
    binds_to_shipped,
    from_json,
    sentences,
    shipped,
    shipped_names,
)
from .enumeration import certify
from .subjects import Subject, subjects

__all__ = [
    "Certificate",
    "CertificateError",
    "Subject",
    "binds",
    "binds_to_shipped",
    "certify",
    "from_json",
    "sentences",
    "shipped",
    "shipped_names",
    "subjects",
]
