"""Titles, authors, outlets and kinds."""

from __future__ import annotations

import pytest
from extract_pages import PARAGRAPHS, TITLE, URL, described, html, json_ld, page, paragraphs

from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.authors import clean_names
from alliance_nlp.extract.titles import without_outlet

SITE = '<meta property="og:site_name" content="Harbour Post">'


def article(head: str = "", **parts: str):
    url = parts.pop("url", URL)
    found = extract_page(page(html(head=head, **parts), url=url))
    assert isinstance(found, Extraction), found
    return found.article


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} | Harbour Post",
        f"{TITLE} - Harbour Post",
        f"{TITLE} – World – Harbour Post",
        f"Harbour Post: {TITLE}",
        f"{TITLE} | World News | Harbour Post",
        f"{TITLE}（Harbour Post）",
    ],
)
def test_outlet_is_no_part_of_the_title(title: str) -> None:
    head = f"{SITE}<title>{title}</title><meta property='og:title' content='{title}'>"
    assert article(head).title == TITLE


@pytest.mark.parametrize(
    ("title", "site"),
    [
        ("海峡の共同巡視で合意：港湾新聞デジタル", "港湾新聞デジタル"),
        ("海峡の共同巡視で合意｜港湾新聞", "港湾新聞"),
        ("海峡の共同巡視で合意 - 港湾新聞", "港湾新聞"),
        ("海峡の共同巡視で合意（港湾新聞）", "港湾新聞"),
    ],
)
def test_outlet_is_no_part_of_a_japanese_title(title: str, site: str) -> None:
    assert without_outlet(title, [site]) == "海峡の共同巡視で合意"


def test_dash_within_a_title_stays() -> None:
    title = "Two ports - one plan - and many questions"
    head = f"{SITE}<title>{title} - Harbour Post</title>"
    assert article(head, h1=title).title == title


def test_brackets_go_when_the_headline_on_the_page_has_none() -> None:
    head = "<meta property='og:title' content='【速報】海峡の共同巡視で合意、来春から実施へ'>"
    found = article(head, h1="海峡の共同巡視で合意、来春から実施へ")
    assert found.title == "海峡の共同巡視で合意、来春から実施へ"


def test_headline_on_which_statements_agree_is_taken() -> None:
    head = (
        json_ld(f'{{"@type":"NewsArticle","headline":"{TITLE}"}}')
        + f"<title>{TITLE} | Harbour Post</title>{SITE}"
    )
    assert article(head, h1="World").title == TITLE


def test_masthead_in_h1_is_no_title() -> None:
    head = f"{SITE}<title>{TITLE} | Harbour Post</title>"
    assert article(head, h1="Harbour Post").title == TITLE


def test_title_is_the_first_sentence_when_there_is_none() -> None:
    assert PARAGRAPHS[0].startswith(article(h1="").title.rstrip("…"))


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":"NewsArticle","headline":"%s","author":{"@type":"Person","name":"Ada Quill"}}',
        '[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"%s","author":["Ada Quill"]}]',
        '{"@graph":[{"@type":"Person","@id":"#a","name":"Ada Quill"},'
        '{"@type":"ReportageNewsArticle","headline":"%s","author":{"@id":"#a"}}]}',
        '{"@type":"http://schema.org/NewsArticle","headline":"%s","author":"Ada Quill",}',
        '<!-- {"@type":"NewsArticle","headline":"%s","author":"Ada Quill"} -->',
        '{"@type":"NewsArticle","headline":"%s","author":{"name":"Ada Quill"},"x":"a "b" c"}',
        '{"mainEntity":{"@type":"BlogPosting","headline":"%s","author":"Ada Quill"}}',
        '//<![CDATA[\n{"@type":"OpinionNewsArticle","headline":"%s","author":"Ada Quill"}\n//]]>',
        '/* story */ {"@type":"LiveBlogPosting","headline":"%s","author":["Ada Quill",],}',
        '{"@type":"NewsArticle","headline":"%s","author":"Ada\tQuill","description":"a\nb"}',
    ],
)
def test_json_ld_is_read_in_all_its_forms(data: str) -> None:
    found = article(json_ld(data % TITLE), h1="")
    assert found.title == TITLE
    assert found.authors == ("Ada Quill",)


def test_json_ld_of_another_article_is_passed_over() -> None:
    other = '{"@type":"NewsArticle","headline":"A storm is coming","datePublished":"2026-01-01"}'
    own = f'{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"2026-11-20"}}'
    found = article(json_ld(other) + json_ld(own))
    assert found.published is not None
    assert found.published.found == "2026-11-20"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Quill", ("Ada Quill",)),
        ("By Ada Quill and Ben Mast", ("Ada Quill", "Ben Mast")),
        ("Ada Quill, Ben Mast and Cy Reef", ("Ada Quill", "Ben Mast", "Cy Reef")),
        ("Ada Quill, Maritime Correspondent", ("Ada Quill",)),
        ("Ada Quill | Harbour Post", ("Ada Quill", "Harbour Post")),
        ("Shelley Rowe, Ph.D.", ("Shelley Rowe, Ph.D.",)),
        ("https://harbour-post.example/staff/ada", ()),
        ("ada.quill@harbour-post.example", ()),
        ("BY ADA QUILL AND BEN MAST", ("ADA QUILL", "BEN MAST")),
        ("By Ada Quill | Harbour Post • November 20, 2026", ("Ada Quill",)),
        ("By Ada Quill in Tokyo and Ben Mast in Seoul", ("Ada Quill", "Ben Mast")),
        ("By Petty Officer 2nd Class Ada Quill, Fleet Public Affairs", ("Ada Quill",)),
        ("By Lt. j.g. Cy Reef", ("Cy Reef",)),
        ("ADA QUILL/ Staff Writer", ("ADA QUILL",)),
        ("By Ada Quill, DVM. Reviewed by Ben Mast", ("Ada Quill, DVM",)),
        ("Reporting by Ada Quill; Editing by Ben Mast", ("Ada Quill",)),
        ("Commander, Seventh Fleet Public Affairs", ()),
        ("ワシントン＝海野浪子", ("海野浪子",)),
        ("政治部・海野浪子", ("海野浪子",)),
        ("編集委員　海野浪子", ("海野浪子",)),
        ("海野浪子記者", ("海野浪子",)),
        ("文・海野浪子、山川一郎", ("海野浪子", "山川一郎")),
        ("Harbour Post staff", ("Harbour Post staff",)),
        ("admin", ()),
        ("(Image: Agency)", ()),
    ],
)
def test_names_are_cleaned(line: str, names: tuple[str, ...]) -> None:
    assert clean_names([line]) == names


def test_author_is_read_from_a_byline_when_metadata_is_silent() -> None:
    body = '<p class="byline">By <span class="author-name">Ada Quill</span></p>' + paragraphs()
    assert article(body=body).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    "line",
    [
        "【ワシントン＝海野浪子】両国の担当大臣は十九日、海峡の共同巡視について合意した。",
        "両国の担当大臣は十九日、海峡の共同巡視について合意した。【海野浪子】",
        "両国の担当大臣は十九日、海峡の共同巡視について合意した。（社会部・海野浪子）",
    ],
)
def test_author_is_read_from_the_brackets_of_a_japanese_paragraph(line: str) -> None:
    assert article(body=f"<p>{line}</p>{paragraphs()}").authors == ("海野浪子",)


@pytest.mark.parametrize("kicker", ["【速報】", "【ワシントン共同】", "（時事）", "【関連記事】"])
def test_no_author_is_read_from_a_kicker_or_an_agency(kicker: str) -> None:
    line = f"<p>{kicker}両国の担当大臣は十九日、海峡の共同巡視について合意した。{kicker}</p>"
    assert article(body=line + paragraphs()).authors == ()


def test_person_of_the_byline_goes_before_an_organisation_of_the_metadata() -> None:
    head = described(author={"@type": "Organization", "name": "Pier Press"})
    body = '<span class="author-name">Ada Quill</span>' + paragraphs()
    assert article(head, body=body).authors == ("Ada Quill",)


def test_outlet_is_empty_when_the_page_is_the_outlet_s_own() -> None:
    assert article(SITE).outlet == ""


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("(Translated from Northern News Agency)", "Northern News Agency"),
        ("This article originally appeared in Harbour Weekly.", "Harbour Weekly"),
        ("Source: Harbour Weekly", "Harbour Weekly"),
        ("（出典：港湾新聞）", "港湾新聞"),
    ],
)
def test_outlet_is_the_one_that_a_closing_line_credits(line: str, outlet: str) -> None:
    assert article(body=paragraphs((*PARAGRAPHS, line))).outlet == outlet


@pytest.mark.parametrize(
    ("head", "url", "flag"),
    [
        (described("OpinionNewsArticle"), URL, "opinion"),
        ('<meta property="article:section" content="社説">', URL, "opinion"),
        ("", "https://harbour-post.example/opinion/ferry", "opinion"),
        (described("LiveBlogPosting"), URL, "live-blog"),
        (described(isAccessibleForFree=False), URL, "paywalled"),
    ],
)
def test_kind_is_flagged_when_the_page_states_it(head: str, url: str, flag: str) -> None:
    assert flag in article(head, url=url).flags


def test_machine_translation_is_flagged_when_the_page_admits_it() -> None:
    note = "This article was automatically translated from Japanese and may contain errors."
    assert "machine-translated" in article(body=paragraphs((note, *PARAGRAPHS))).flags


def test_plain_article_has_no_flags_but_a_missing_date() -> None:
    assert article().flags == ("no-date",)
