"""The archive: every page as received, in WARC files that any WARC tool reads.

warcio writes and fastwarc reads; neither is used elsewhere.
"""

from alliance_nlp.archive.payload import decoded
from alliance_nlp.archive.reader import iter_pages, read_page
from alliance_nlp.archive.writer import Archive

__all__ = ["Archive", "decoded", "iter_pages", "read_page"]
