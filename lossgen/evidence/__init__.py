"""Claims about a loss, such as that it is convex: proven, tested, or refuted at a point."""

from .claim import Claim, Claims
from .find import claims
from .record import is_current, record_file, recorded, recording

__all__ = ["Claim", "Claims", "claims", "is_current", "record_file", "recorded", "recording"]
