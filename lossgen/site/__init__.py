"""The site: the pages of docs/ and of every loss as static files that open from disk."""

from . import measured
from .sources import SiteError
from .static import build

__all__ = ["SiteError", "build", "measured"]
