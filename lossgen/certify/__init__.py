"""Proofs over all floats: kernels at every float32, bound to the text that was run."""

from .certificate import (
    Certificate,
    CertificateError,
    binds,
    from_json,
    read_all,
    sentences,
)
from .enumeration import certify
from .subjects import Subject, subjects

__all__ = [
    "Certificate",
    "CertificateError",
    "Subject",
    "binds",
    "certify",
    "from_json",
    "read_all",
    "sentences",
    "subjects",
]
