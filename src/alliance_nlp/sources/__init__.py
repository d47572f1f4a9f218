"""Sources: their entries checked, their listings and folders read."""

from alliance_nlp.sources.entries import read_sources
from alliance_nlp.sources.folder import read_folder
from alliance_nlp.sources.listings import Listing, read_listing

__all__ = ["Listing", "read_folder", "read_listing", "read_sources"]
