"""Pages to articles: main text, title, authors, date with its evidence, language, address.

:func:`extract_page` turns one page into an :class:`Extraction` or a typed
:class:`~alliance_nlp.core.types.Rejected`. Related stories glued to a page become leads.
"""

from __future__ import annotations

from alliance_nlp.extract.assemble import Extraction
from alliance_nlp.extract.page import extract_page
from alliance_nlp.extract.version import VERSION

__all__ = ["VERSION", "Extraction", "extract_page"]
