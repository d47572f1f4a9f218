from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from difflib import SequenceMatcher
from html import unescape
from importlib.resources import files
from itertools import combinations

import pytest

from alliance_nlp.core.clock import parse_as_of
from alliance_nlp.core.ids import is_slug
from alliance_nlp.core.types import Reason, TopicLabel
from alliance_nlp.core.urls import canonical
from alliance_nlp.sample import AS_OF, NUMBER, VOLUME

JAPANESE = {"kn-summit", "kn-uruma", "kn-ussteel"}


def _text(row) -> str:
    return "\n".join(row["paragraphs"])


def _page(articles, truth, id_):
    """Return the row of truth of an article."""
    return next(row for row in truth if row["page"].endswith(articles[id_]["path"]))


def _expected(truth, outcome):
    return [row for row in truth if row["expect"] == outcome]


@pytest.fixture(scope="module")
def html(fetch):
    def get(url: str) -> str:
        _, headers, body = fetch(url)
        charset = headers["content-type"].partition("charset=")[2]
        return unescape(body.decode(charset or "shift_jis"))

    return get


def test_ids_are_unique_slugs():
    lines = (files("alliance_nlp.sample") / "articles.jsonl").read_text(encoding="utf-8")
    ids = [json.loads(line)["id"] for line in lines.splitlines()]
    assert len(set(ids)) == len(ids)
    assert all(is_slug(id_) for id_ in ids)


def test_truth_covers_each_page_once(articles, truth):
    assert len(articles) == len(truth) == len({row["page"] for row in truth})


def test_truth_agrees_with_the_articles(articles, truth):
    for row, article in zip(truth, articles.values(), strict=True):
        assert row["page"].endswith(article["path"])
        assert row["title"] == article["title"]
        assert row["published_on"] == article["published_at"][:10]


def test_truth_url_is_canonical(truth):
    assert all(row["url"] == canonical(row["url"]) for row in truth)


def test_labels_are_known(truth):
    for row in truth:
        assert set(row["topics"]) <= set(TopicLabel)
        assert row["expect"] == "article" or Reason(row["expect"].removeprefix("rejected:"))


def test_only_articles_are_labelled(truth):
    for row in truth:
        if row["expect"] != "article":
            assert (row["topics"], row["relevant"], row["event"]) == ([], False, "")
        else:
            assert is_slug(row["event"])


def test_articles_lie_in_the_fortnight_before_the_issue(truth):
    until = parse_as_of(AS_OF).date()
    days = [date.fromisoformat(row["published_on"]) for row in truth]
    assert all(0 < (until - day).days < 14 for day in days)
    assert (VOLUME, NUMBER) == (3, 7)


def test_there_are_enough_articles_and_off_topic_ones(truth):
    found = _expected(truth, "article")
    assert len(found) >= 60
    assert len([row for row in found if not row["relevant"]]) >= 14


def test_many_events_are_told_by_three_outlets_or_more(truth):
    outlets = defaultdict(set)
    for row in _expected(truth, "article"):
        outlets[row["event"]].add(row["outlet"])
    assert len([event for event, names in outlets.items() if len(names) >= 3]) >= 8


def test_each_topic_has_relevant_articles(truth):
    counts = Counter(topic for row in truth if row["relevant"] for topic in row["topics"])
    assert all(counts[topic] >= 5 for topic in TopicLabel)


def test_reports_on_one_event_agree_on_labels(truth):
    relevant = defaultdict(set)
    for row in _expected(truth, "article"):
        relevant[row["event"]].add(row["relevant"])
    assert all(len(values) == 1 for values in relevant.values())


def test_articles_have_four_to_nine_paragraphs_and_a_usual_length(articles, truth):
    for row, article in zip(truth, articles.values(), strict=True):
        if row["expect"] != "article" or "reprint" in article or article["id"] in JAPANESE:
            continue
        assert 4 <= len(article["paragraphs"]) <= 9, article["id"]
        assert 120 <= len(_text(article).split()) <= 350, article["id"]


def test_nothing_is_left_to_do():
    room = files("alliance_nlp.sample")
    for path in [*room.iterdir(), *(room / "templates").iterdir()]:
        if path.name.endswith((".jsonl", ".toml", ".html")):
            assert not re.search(r"TODO|FIXME|lorem ipsum", path.read_text(encoding="utf-8"))


def test_articles_are_served_with_title_and_every_paragraph(articles, truth, html):
    for row, article in zip(truth, articles.values(), strict=True):
        if row["expect"] != "article":
            continue
        page = html(row["page"])
        source = articles[article.get("reprint", article["id"])]
        missing = [text for text in [article["title"], *source["paragraphs"]] if text not in page]
        assert missing == [], article["id"]


def test_wire_copies_are_nearly_the_same_text(articles):
    first, second = articles["pc-naval"], articles["mt-naval"]
    assert first["authors"] == second["authors"] == ["Transpacific News Agency"]
    assert first["outlet"] != second["outlet"]
    ratio = SequenceMatcher(None, _text(first).split(), _text(second).split()).ratio()
    assert 0.85 < ratio < 1


def test_no_other_articles_share_their_wording(articles):
    def grams(row):
        words = _text(row).split()
        return set(zip(*(words[i:] for i in range(5)), strict=False))

    found = {id_: grams(row) for id_, row in articles.items() if len(row.get("paragraphs", [])) > 3}
    alike = {
        frozenset((a, b))
        for a, b in combinations(found, 2)
        if found[a]
        and found[b]
        and len(found[a] & found[b]) > 0.1 * min(map(len, (found[a], found[b])))
    }
    assert alike == {
        frozenset(("pc-naval", "mt-naval")),
        frozenset(("pc-ussteel", "pc-ussteel-update")),
    }


def test_edited_article_names_the_first_address_as_canonical(articles, truth, html):
    first, edited = (_page(articles, truth, id_) for id_ in ("pc-ussteel", "pc-ussteel-update"))
    assert first["page"] != edited["page"]
    assert first["url"] == edited["url"]
    assert f'<link rel="canonical" href="{first["page"]}">' in html(edited["page"])


def test_shift_jis_is_told_by_meta_alone_on_one_page(articles, truth, fetch):
    _, headers, body = fetch(_page(articles, truth, "kn-summit")["page"])
    assert headers["content-type"] == "text/html"
    assert b"charset=Shift_JIS" in body
    assert "日米首脳会談" in body.decode("shift_jis")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_shift_jis_is_told_by_header_alone_on_another(articles, truth, fetch):
    _, headers, body = fetch(_page(articles, truth, "kn-uruma")["page"])
    assert headers["content-type"] == "text/html; charset=Shift_JIS"
    assert b"charset" not in body
    assert "うるま市" in body.decode("shift_jis")


@pytest.mark.parametrize("id_", ["nr-trilateral", "nr-aukus"])
def test_aggregator_credits_the_outlet_and_glues_whole_stories_beneath(articles, truth, html, id_):
    row, article = _page(articles, truth, id_), articles[id_]
    page = html(row["page"])
    assert f"{row['outlet']} • <time" in page
    assert "days ago</time>" in page
    beneath = page.partition("<h2>Related</h2>")[2]
    for related in article["related"]:
        assert articles[related]["title"] in beneath
        assert all(text in beneath for text in articles[related]["paragraphs"])
    assert not any(text in beneath for text in articles[article["reprint"]]["paragraphs"])


def test_paywalled_stub_has_two_sentences_and_says_so_to_machines(truth, html):
    (row,) = _expected(truth, "rejected:paywall-stub")
    page = html(row["page"])
    assert "Subscribe to continue reading" in page
    data = json.loads(re.findall(r"ld\+json\">(.*?)</script>", page)[0])
    assert data["isAccessibleForFree"] is False


def test_soft_404_is_a_page_that_says_it_cannot_be_found(truth, html):
    (row,) = _expected(truth, "rejected:error-page")
    assert "cannot be found" in html(row["page"])


def test_walls_hold_no_word_of_the_article(truth, html):
    pages = [(row, html(row["page"])) for row in _expected(truth, "rejected:wall")]
    assert len(pages) == 2
    assert not any(row["title"] in page for row, page in pages)


def test_empty_page_has_no_text(truth, html):
    (row,) = _expected(truth, "rejected:no-main-text")
    assert re.sub(r"<[^>]+>|\s", "", html(row["page"])) == ""


def test_pdf_is_served_as_pdf(truth, fetch):
    (row,) = _expected(truth, "rejected:not-html")
    _, headers, body = fetch(row["page"])
    assert headers["content-type"] == "application/pdf"
    assert body.startswith(b"%PDF-1.4")
    assert body.endswith(b"%%EOF\n")


def test_json_ld_is_valid_where_it_is_given(articles, truth, html):
    kinds = Counter()
    for row in _expected(truth, "article"):
        for block in re.findall(r"ld\+json\">(.*?)</script>", html(row["page"])):
            data = json.loads(block)
            kinds.update(node["@type"] for node in data.get("@graph", [data]))
    assert kinds["NewsArticle"] > 10
    assert kinds["OpinionNewsArticle"] == 1


def test_public_names_are_exactly_these():
    import alliance_nlp.sample

    assert set(alliance_nlp.sample.__all__) == {
        "AS_OF", "NUMBER", "VOLUME", "SampleSite", "serve", "sources_toml",
    }  # fmt: skip


def test_import_reads_no_data():
    code = (
        "import alliance_nlp.sample.site as s, alliance_nlp.sample.content as c;"
        "assert s.site.cache_info().currsize == c.load.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
