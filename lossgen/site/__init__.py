"""The site: the pages of docs/ and of every loss as static files that open from disk."""

from .build import SiteError, build

__all__ = ["SiteError", "build"]
