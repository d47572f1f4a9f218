"""Pages to articles: main text, title, authors, date with its evidence, language, address.

:func:`extract_page` turns one page into an :class:`Extraction` or a typed
:class:`~alliance_nlp.core.types.Rejected`. Related stories glued to a page become leads;
:func:`join` makes one article of several pages, :func:`diff` compares two versions of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily

if TYPE_CHECKING:
    from alliance_nlp.extract.assemble import Extraction
    from alliance_nlp.extract.changes import Change, Changes, diff, is_material
    from alliance_nlp.extract.flags import FLAGS
    from alliance_nlp.extract.notices import is_corrected, is_withdrawn
    from alliance_nlp.extract.page import extract_page
    from alliance_nlp.extract.paging import join
    from alliance_nlp.extract.version import VERSION

__all__ = [
    "FLAGS",
    "VERSION",
    "Change",
    "Changes",
    "Extraction",
    "diff",
    "extract_page",
    "is_corrected",
    "is_material",
    "is_withdrawn",
    "join",
]

# A run's own process needs the version alone; trafilatura is for those that extract.
__getattr__ = lazily(
    __name__,
    {
        "Change": "changes",
        "Changes": "changes",
        "Extraction": "assemble",
        "FLAGS": "flags",
        "VERSION": "version",
        "diff": "changes",
        "extract_page": "page",
        "is_corrected": "notices",
        "is_material": "changes",
        "is_withdrawn": "notices",
        "join": "paging",
    },
)
