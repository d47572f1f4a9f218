"""Live blogs, galleries, transcripts, releases, several pages, AMP and print versions."""

from __future__ import annotations

import json

import pytest
from extract_pages import (
    JAPANESE,
    PARAGRAPHS,
    TITLE,
    URL,
    described,
    html,
    json_ld,
    page,
    paragraphs,
)

from alliance_nlp.core.types import Article
from alliance_nlp.extract import Extraction, extract_page, join


def extracted(body: str, **options: object) -> Extraction:
    found = extract_page(page(body, **options))  # type: ignore[arg-type]
    assert isinstance(found, Extraction), found
    return found


def article(body: str, **options: object) -> Article:
    return extracted(body, **options).article


LIVE = "Coastal talks live: ministers meet in the north"
ENTRIES = {
    "time elements": '<div class="post"><time '
    'datetime="2026-11-20T{h}:15:00Z">{h}:15</time><p>{text}</p></div>',
    "headed entries": '<article class="entry"><span>{h}:15 GMT</span><h3>News of the '
    "talks</h3><p>{text}</p></article>",
    "flat": "<h3>{h}:15</h3><p>{text}</p>",
    "list": "<li><b>{h}:15</b><p>{text}</p></li>",
    "japanese": "<div><p>{h}時15分</p><p>{text}</p></div>",
    "twelve hours": "<section><small>{h}:15 a.m. ET</small><p>{text}</p></section>",
}


@pytest.mark.parametrize("form", ENTRIES)
def test_live_blog_keeps_its_entries_in_order_under_their_times(form: str) -> None:
    entries = "".join(
        ENTRIES[form].format(h=f"{11 - n:02}", text=text) for n, text in enumerate(PARAGRAPHS)
    )
    found = article(html(h1=LIVE, body=f"<div>{entries}</div>"))
    assert "live-blog" in found.flags
    at = -1
    for n, text in enumerate(PARAGRAPHS):
        clock = f"{11 - n:02}時15分" if form == "japanese" else f"{11 - n:02}:15"
        assert at < found.text.index(clock, at + 1) < found.text.index(text)
        at = found.text.index(text)


def test_live_blog_is_read_from_json_ld_when_the_markup_holds_none() -> None:
    updates = [
        {
            "headline": f"Update {n}",
            "datePublished": f"2026-11-20T0{9 - n}:15:00Z",
            "articleBody": text,
        }
        for n, text in enumerate(PARAGRAPHS)
    ]
    head = json_ld(
        json.dumps({"@type": "LiveBlogPosting", "headline": LIVE, "liveBlogUpdate": updates})
    )
    found = article(html(head=head, h1=LIVE, body="<div id=app></div>"))
    assert "live-blog" in found.flags
    assert found.text.split("\n")[:3] == [
        "2026-11-20 09:15 Update 0",
        PARAGRAPHS[0],
        "2026-11-20 08:15 Update 1",
    ]


@pytest.mark.parametrize(
    "title", ["Ministers live in fear of the strait", "They live on nets and rope"]
)
def test_article_is_no_live_blog_when_people_live_in_its_title(title: str) -> None:
    assert "live-blog" not in article(html(h1=title)).flags


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("In pictures: the patrols", URL),
        (TITLE, "https://harbour-post.example/gallery/patrols"),
        ("写真特集 共同巡視", URL),
        (TITLE, URL),
    ],
)
def test_gallery_has_its_captions_as_text(title: str, url: str) -> None:
    figures = "".join(
        f'<figure><img src="{n}.jpg"><figcaption>{text}</figcaption></figure>'
        for n, text in enumerate(PARAGRAPHS)
    )
    found = article(html(h1=title, body=figures), url=url)
    assert "gallery" in found.flags
    assert found.text == "\n".join(PARAGRAPHS)


def test_gallery_with_few_words_is_a_stub() -> None:
    figures = "".join(
        f"<figure><img src={n}.jpg><figcaption>{text}</figcaption></figure>"
        for n, text in enumerate(("The first cutter sails north", "Nets dry on the pier"))
    )
    flags = article(html(h1="Photos: the fleet", body=figures)).flags
    assert {"gallery", "stub"} <= set(flags)


def test_article_with_pictures_is_no_gallery() -> None:
    figures = "".join(
        f"<figure><img src={n}.jpg><figcaption>A cutter of the northern fleet</figcaption></figure>"
        for n in range(5)
    )
    found = article(html(body=paragraphs() + figures))
    assert "gallery" not in found.flags
    assert PARAGRAPHS[2] in found.text


TURNS = {
    "letters": [
        "Q: When will the first patrol sail?",
        "A: In April, as we agreed.",
        "Q: And who pays?",
        "A: Both of us do.",
    ],
    "capitals": [
        "MR. KIRBY: Good afternoon, everybody.",
        "QUESTION: When will the first patrol sail?",
        "MR. KIRBY: In April.",
        "QUESTION: Who pays for it?",
        "MR. KIRBY: Both of us.",
    ],
    "titles": [
        "Secretary Grey: We met for two hours.",
        "Minister Voss: It was a good talk.",
        "Secretary Grey: We will sail together.",
        "Minister Voss: In April, I hope.",
    ],
    "記者": [
        "記者：最初の巡視はいつですか。",
        "大臣：来年の四月からの予定です。",
        "記者：費用はどうなりますか。",
        "大臣：両国で分担します。",
    ],
    "問答": [
        "（問）最初の巡視はいつですか。",
        "（答）来年の四月からの予定です。",
        "（問）費用はどうなりますか。",
        "（答）両国で分担します。",
    ],
    "Ｑ": [
        "Ｑ．最初の巡視はいつですか。",
        "Ａ．来年の四月からの予定です。",
        "Ｑ．費用はどうなりますか。",
        "Ａ．両国で分担します。",
    ],
}


@pytest.mark.parametrize("form", TURNS)
@pytest.mark.parametrize("markup", ["paragraphs", "line breaks", "bold"])
def test_transcript_keeps_a_line_for_each_turn(form: str, markup: str) -> None:
    turns = [
        turn
        + (
            " The rest will be told in due time, once the papers are signed."
            if turn.isascii()
            else "詳しくは協定に署名した後に説明いたします。"
        )
        for turn in TURNS[form]
    ]
    body = {
        "paragraphs": paragraphs(tuple(turns)),
        "line breaks": "<p>" + "<br><br>".join(turns) + "</p>",
        "bold": "".join(f"<p><strong>{t[:2]}</strong>{t[2:]}</p>" for t in turns),
    }[markup]
    found = article(html(h1="What the minister said at the pier", body=body))
    assert found.text.split("\n") == turns
    assert "transcript" in found.flags


def test_turns_run_together_in_a_paragraph_are_parted() -> None:
    text = "".join(TURNS["問答"]) * 2
    found = article(html(h1="大臣会見の概要", body=paragraphs((text, *JAPANESE))))
    assert found.text.split("\n")[:4] == TURNS["問答"]


def test_readout_is_a_transcript() -> None:
    assert (
        "transcript" in article(html(h1="Readout of the Minister's Call With His Colleague")).flags
    )


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Price: nine million",
            "Length: forty metres",
            "Price: ten million",
            "Length: fifty metres",
        ),
        ("A cutter sailed north.", "A tug followed.", "A boat came back.", "A cable broke."),
    ],
)
def test_article_with_labels_is_no_transcript(lines: tuple[str, ...]) -> None:
    assert "transcript" not in article(html(body=paragraphs((*PARAGRAPHS[:2], *lines)))).flags


TAILS = [
    (
        "###",
        "About Harbour Works",
        "Harbour Works builds cranes and cutters for ports in forty countries.",
        "Media Contact:",
        "Ada Quill, 555-010-2000",
    ),
    ("-30-", "Contact: Ada Quill"),
    (
        "About Harbour Works",
        "Harbour Works builds cranes and cutters for ports in forty countries.",
    ),
    ("Media contacts:", "Ada Quill", "press@harbour.example"),
    ("For more information, contact Ada Quill at 555-010-2000.",),
    ("- END -", "Notes to editors", "The office opened in 1951."),
    ("Forward-Looking Statements", "This release holds statements that may turn out otherwise."),
]


@pytest.mark.parametrize("tail", TAILS)
def test_release_ends_before_its_boilerplate(tail: tuple[str, ...]) -> None:
    lines = ("FOR IMMEDIATE RELEASE", *PARAGRAPHS, *tail)
    found = article(html(body=paragraphs(lines)), url="https://works.example/press-releases/9")
    assert "press-release" in found.flags
    assert found.text == "\n".join(PARAGRAPHS)


def test_japanese_release_ends_before_the_contact() -> None:
    lines = (
        *JAPANESE,
        "以上",
        "【本件に関するお問い合わせ先】",
        "港湾工業 広報室 電話番号は代表まで",
    )
    body = html(
        before="<p>プレスリリース</p>", h1="共同巡視船の受注について", body=paragraphs(lines)
    )
    found = article(body, url="https://works.example/news/9.html")
    assert found.text == "\n".join(JAPANESE)


def test_lists_and_tables_of_a_release_stay_lines() -> None:
    extra = (
        "<ul><li>Two cutters each</li><li>One office</li></ul>"
        "<table><tr><td>Fuel</td><td>nine million</td></tr></table>"
    )
    found = article(html(body=paragraphs(PARAGRAPHS[:3]) + extra + paragraphs(PARAGRAPHS[3:])))
    assert "Two cutters each\n" in found.text
    assert "Fuel | nine million" in found.text


NEXT = [
    (URL, '<link rel="next" href="?page=2">', "", URL + "?page=2"),
    (URL, f'<link rel="next" href="{URL}/2/">', "", URL + "/2/"),
    (
        URL + "?page=2",
        "",
        '<a href="?page=1">1</a> <a href="?page=3">Next page</a>',
        URL + "?page=3",
    ),
    (URL + ".html", "", '<a href="ferry-talks_2.html">次のページ</a>', URL + "_2.html"),
    (URL, "", '<div><a href="/world/ferry-talks/page/2">2</a></div>', URL + "/page/2"),
    (URL, '<link rel="next" href="/world/another-story">', "", ""),
    (URL, "", '<a href="/world/another-story-2">Next</a>', ""),
    ("https://harbour-post.example/news/12", '<link rel="next" href="/news/13">', "", ""),
    (URL, '<link rel="next" href="https://rival.example/world/ferry-talks/2">', "", ""),
]


@pytest.mark.parametrize(("url", "head", "after", "expected"), NEXT)
def test_next_page_is_told_only_where_it_is_the_article_s_own(
    url: str, head: str, after: str, expected: str
) -> None:
    found = extracted(html(head=head, after=after), url=url)
    assert found.next_url == expected
    assert ("multi-page" in found.article.flags) == bool(expected)


@pytest.mark.parametrize("line", ["Page 1 of 3", "1/3ページ", "(Page 2 of 4)"])
def test_page_marker_is_no_text_but_a_flag(line: str) -> None:
    found = article(html(body=paragraphs((*PARAGRAPHS, line))))
    assert "multi-page" in found.flags
    assert found.text == "\n".join(PARAGRAPHS)


def test_joined_pages_are_one_article_without_repetitions() -> None:
    first = extracted(
        html(head=f'<link rel="next" href="{URL}?page=2">', body=paragraphs(PARAGRAPHS[:3]))
    )
    second = extracted(html(body=paragraphs((PARAGRAPHS[0], *PARAGRAPHS[3:]))), url=URL + "?page=2")
    whole = join(first, second)
    assert whole.article.text == "\n".join(PARAGRAPHS)
    assert whole.article.url == first.article.url
    assert whole.article.id == extracted(html()).article.id
    assert whole.next_url == ""
    assert "multi-page" in whole.article.flags


def test_joining_nothing_changes_nothing() -> None:
    only = extracted(html())
    assert join(only) == only


def test_amp_page_gives_the_same_article() -> None:
    head = f'<link rel="canonical" href="{URL}">'
    amp = html(head=head).replace('<html lang="en">', '<html amp lang="en">')
    assert article(amp, url=URL + "/amp/") == article(
        html(head=f'<link rel="amphtml" href="{URL}/amp/">')
    )


def test_print_version_is_known_by_its_canonical_address() -> None:
    head = f'<link rel="canonical" href="{URL}">'
    assert article(html(head=head), url=URL + "?print=1").id == article(html()).id


def test_data_of_another_kind_does_not_make_a_live_blog() -> None:
    assert "live-blog" not in article(html(head=described("NewsArticle"))).flags


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "/news/runway?page=2"), (2, "/news/runway?page=3"), (3, "")]
)
def test_each_page_of_three_names_the_next_although_none_links_back(
    number: int, expected: str
) -> None:
    own = "https://harbour-post.example/news/runway" + (f"?page={number}" if number > 1 else "")
    head = f'<link rel="next" href="{expected}">' if expected else ""
    found = extracted(html(head=head), url=own)
    assert found.next_url == (expected and f"https://harbour-post.example{expected}")


def test_three_pages_are_joined_in_order() -> None:
    parts = [
        extracted(html(body=paragraphs(texts)), url=f"{URL}?page={n}")
        for n, texts in enumerate((PARAGRAPHS[:2], PARAGRAPHS[2:4], PARAGRAPHS[4:]), start=1)
    ]
    assert join(*parts).article.text == "\n".join(PARAGRAPHS)


def test_entry_of_a_live_blog_is_headed_by_its_time_alone() -> None:
    entries = "".join(
        f"<div><div><time data-time='2026-11-20T{11 - n:02}:15'><span>{n + 1} hours ago</span>"
        f"{11 - n:02}:15</time> <a href='/staff/quill'>Ada Quill</a></div><h3>News {n}</h3>"
        f"<p>{text}</p></div>"
        for n, text in enumerate(PARAGRAPHS)
    )
    lines = article(html(h1=LIVE, body=f"<div>{entries}</div>")).text.split("\n")
    assert lines[0] == "11:15 News 0"
    assert lines[2] == "10:15 News 1"


def test_entry_of_a_live_blog_leaves_out_posts_embedded_from_elsewhere() -> None:
    post = '<blockquote class="twitter-tweet"><p>What a day at the pier!</p> Bo</blockquote>'
    entries = "".join(
        f"<div><time>{11 - n:02}:15</time><p>{text}</p>{post}</div>"
        for n, text in enumerate(PARAGRAPHS)
    )
    assert "What a day" not in article(html(h1=LIVE, body=f"<div>{entries}</div>")).text
