"""trafilatura's fast extraction with quicker searches.

Its functions run here with other values for a few names of their modules: the searches of
:mod:`alliance_nlp.extract.searches`, and each other. The library itself is left as it is, for
whoever else uses it in this process. Where another release lacks one of these functions, its own
extraction serves.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from copy import copy
from functools import cache, partial
from importlib import import_module
from types import FunctionType
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from alliance_nlp.extract.searches import quicker

_CORE = "trafilatura.core"
_MAIN = "trafilatura.main_extractor"
_BASELINE = "trafilatura.baseline"
_PROCESSING = "trafilatura.htmlprocessing"
_DISCARDED = ("OVERALL_DISCARD_XPATH", "DISCARD_IMAGE_ELEMENTS", "TEASER_DISCARD_XPATH")
_PRUNED = ("RAW_TREE_PRUNE_XPATH", "REMOVE_COMMENTS_AND_LISTS_XPATH", "REMOVE_COMMENTS_XPATH")


def extracted(tree: Any, options: Extractor) -> str:
    """Return what ``bare_extraction`` takes for a tree's main text, ``""`` for none.

    Parameters
    ----------
    options
        Fast and without comments; with others the library compares trees that are not kept here.
    """
    document = extraction()(tree, options=options)
    return getattr(document, "text", None) or ""


@cache
def extraction() -> Callable[..., Any]:
    """Return the library's extraction with quicker parts, or as it is where they do not fit."""
    try:
        return _quicker_extraction()
    except (AttributeError, ImportError, TypeError):
        return bare_extraction


def _quicker_extraction() -> Callable[..., Any]:
    body = _searches(_MAIN, "BODY_XPATH", is_first_enough=True)
    density = partial(_without_links, import_module(_PROCESSING).link_density_test)
    delete = _with(_PROCESSING, "delete_by_link_density", link_density_test=density)
    sections = _with(
        _MAIN,
        "prune_unwanted_sections",
        **{name: _searches(_MAIN, name) for name in _DISCARDED},
        delete_by_link_density=delete,
    )
    content = _with(
        _MAIN,
        "extract_content",
        _extract=_with(_MAIN, "_extract", BODY_XPATH=body, prune_unwanted_sections=sections),
        recover_wild_text=_with(_MAIN, "recover_wild_text", prune_unwanted_sections=sections),
    )
    prepare = _preparing()
    compare = _with(_CORE, "_extract_and_compare", extract_content=content)
    search = quicker(import_module(_BASELINE).BASIC_CLEAN_XPATH)
    cleaning = _with(_BASELINE, "basic_cleaning", BASIC_CLEAN_XPATH=search)
    blocks = frozenset(import_module(_BASELINE)._BLOCK_ELEMS)
    sequence = _with(
        _CORE,
        "trafilatura_sequence",
        **{name: _searches(_CORE, name) for name in _PRUNED},
        _prepare_tree=prepare,
        _extract_and_compare=compare,
        _recall_retry=_with(
            _CORE, "_recall_retry", _prepare_tree=prepare, _extract_and_compare=compare
        ),
        baseline=_with(_BASELINE, "baseline", basic_cleaning=cleaning),
        html2txt=partial(page_text, search, blocks),
    )
    return _with(_CORE, "bare_extraction", trafilatura_sequence=sequence)


def _searches(module: str, name: str, *, is_first_enough: bool = False) -> list[Any]:
    searches = getattr(import_module(module), name)
    return [quicker(one, is_first_enough=is_first_enough) for one in searches]


def _with(module: str, name: str, **values: Any) -> Callable[..., Any]:
    """Return a function of a module that finds these values under these names."""
    function = getattr(import_module(module), name)
    if not isinstance(function, FunctionType):
        raise TypeError(f"{module}.{name} is no plain function")
    changed = FunctionType(
        function.__code__,
        {**function.__globals__, **values},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    changed.__kwdefaults__ = function.__kwdefaults__
    return changed


def _without_links(test: Callable[..., tuple[bool, bool]], element: Any, *rest: Any) -> Any:
    """Answer at once for an element without a link, which most are."""
    if next(element.iterdescendants("ref"), None) is None:
        return False, False
    return test(element, *rest)


def page_text(aside: Callable[[Any], Any], blocks: Set[str], tree: Any) -> str:
    """Return all text of a page but what stands aside, as the library's ``html2txt`` does.

    The library makes a copy of the page and writes blanks into it; this walks over it. Characters
    that cannot be printed are left where they are, for the text is only measured.
    """
    body = tree.find(".//body")
    body = tree if body is None else body
    gone = set(aside(body))
    pieces: list[str] = []
    # A string on the stack is what stands behind an element that has been read.
    stack: list[Any] = [body]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        tail = element.tail or "" if element is not body else ""
        if element in gone:
            pieces.append(tail)
            continue
        if element.tag in blocks:
            pieces.append(" ")
            tail = f" {tail}"
        if element.text:
            pieces.append(element.text)
        if len(element):
            if tail:
                stack.append(tail)
            stack.extend(reversed(element))
        elif tail:
            pieces.append(tail)
    return " ".join("".join(pieces).split())


def _preparing() -> Callable[..., Any]:
    """Return what cleans and converts a copy of a tree.

    The library keeps a second copy, which only its slow extraction looks at.
    """
    processing = import_module(_PROCESSING)

    def prepared(tree: Any, options: Extractor, url: str | None) -> tuple[Any, Any]:
        cleaned = processing.tree_cleaning(copy(tree), options)
        cleaned = processing.convert_tags(cleaned, options, url)
        return cleaned, cleaned

    return prepared
