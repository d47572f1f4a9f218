"""Headlines of pages that put no h1."""

from __future__ import annotations

import pytest

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Page, Role
from alliance_nlp.extract import Extraction, extract_page

BODY = "".join(
    f"<p>Paragraph {n} tells in plain words what the harbor board decided about the old pier and "
    "why the fishing boats have to move before the autumn storms come.</p>"
    for n in range(6)
)


def _title(head: str, heading: str) -> str:
    html = f"<html><head><title>{head}</title></head><body>{heading}<div>{BODY}</div></body></html>"
    page = Page(
        source_id="herald",
        role=Role.ARTICLE,
        asked_url="https://herald.example/a",
        url="https://herald.example/a",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched_at=now(),
    )
    result = extract_page(page)
    assert isinstance(result, Extraction)
    return result.article.title


@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_the_lesser_heading_that_the_title_repeats_is_the_headline(tag: str) -> None:
    heading = f"<{tag}>Old pier closes before the storms</{tag}>"
    assert _title("Bay Herald: Old pier closes before the storms", heading) == (
        "Old pier closes before the storms"
    )


def test_a_lesser_heading_that_the_title_does_not_repeat_is_no_headline() -> None:
    heading = "<h2>More from our harbor reporters</h2>"
    assert _title("Old pier closes before the storms", heading) == (
        "Old pier closes before the storms"
    )
