"""Flags: labels, notices, languages, damage; and what makes none."""

from __future__ import annotations

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

from alliance_nlp.core.types import Article, Reason, Rejected
from alliance_nlp.extract import FLAGS, Extraction, extract_page, is_corrected, is_withdrawn
from alliance_nlp.extract.language import language_of

TEXT = "\n".join(PARAGRAPHS)
HOST = "https://harbour-post.example"


def article(body: str, **options: object) -> Article:
    found = extract_page(page(body, **options))  # type: ignore[arg-type]
    assert isinstance(found, Extraction), found
    assert set(found.article.flags) <= set(FLAGS)
    return found.article


def kicker(label: str) -> str:
    return html(before=f'<div class="kicker">{label}</div>')


OPINIONS = [
    (html(head=described("OpinionNewsArticle")), URL),
    (html(head=described("NewsArticle", articleSection="Opinion")), URL),
    (html(head=described("NewsArticle", articleSection=["World", "Editorials"])), URL),
    (html(head='<meta property="article:section" content="社説">'), URL),
    (
        html(
            head=json_ld(
                '{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},{"name":"C'
                'ommentary"}]}'
            )
        ),
        URL,
    ),
    (html(), HOST + "/opinion/2026/patrols"),
    (html(), HOST + "/editorials/patrols.html"),
    (html(), HOST + "/commentisfree/patrols"),
    (html(), HOST + "/columns/quill/patrols"),
    (kicker("Opinion"), URL),
    (kicker("オピニオン"), URL),
    (kicker("Letters to the editor"), URL),
    (html(h1="Editorial: A plan for the strait"), URL),
    (html(h1="Opinion | A plan for the strait"), URL),
    (html(h1="社説：海峡の巡視に責任を"), URL),
    (html(h1="【社説】海峡の巡視に責任を"), URL),
    (html(h1="（社説）海峡の巡視に責任を"), URL),
    (html(h1="Letter to the editor: Keep the office in the south"), URL),
    (html(head='<meta name="author" content="The Editorial Board">'), URL),
    (
        html(
            body=paragraphs(
                (
                    *PARAGRAPHS,
                    "The views expressed are the author's own and not those of the paper.",
                )
            )
        ),
        URL,
    ),
    (
        html(
            body=paragraphs(
                (*PARAGRAPHS, "The writer is a professor of law at the northern college.")
            )
        ),
        URL,
    ),
]


@pytest.mark.parametrize(("body", "url"), OPINIONS)
def test_opinion_is_told_by_its_label(body: str, url: str) -> None:
    assert "opinion" in article(body, url=url).flags


NO_OPINIONS = [
    (html(h1="Opinion polls show a close race"), URL),
    (html(h1="Editorial staff at three papers walk out"), URL),
    (html(h1="Letters found in the wall of a lighthouse"), URL),
    (html(h1="社説が消えた日、記者たちの証言"), URL),
    (html(), HOST + "/world/opinion-polls-close"),
    (html(head=described("NewsArticle", articleSection="World")), URL),
    (html(before="<nav><a href='/opinion'>Opinion</a><a href='/world'>World</a></nav>"), URL),
]


@pytest.mark.parametrize(("body", "url"), NO_OPINIONS)
def test_news_is_no_opinion_when_the_word_stands_elsewhere(body: str, url: str) -> None:
    assert "opinion" not in article(body, url=url).flags


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (html(head=described("AnalysisNewsArticle")), URL),
        (html(h1="Analysis: What the patrols change"), URL),
        (html(h1="【解説】共同巡視で何が変わるか"), URL),
        (html(), HOST + "/analysis/patrols"),
        (kicker("News Analysis"), URL),
    ],
)
def test_analysis_is_told_by_its_label(body: str, url: str) -> None:
    assert "analysis" in article(body, url=url).flags


SPONSORED = [
    (kicker("Sponsored"), URL),
    (kicker("Paid content"), URL),
    (kicker("PR"), URL),
    (html(h1="【PR】港の新しい暮らし方"), URL),
    (html(), HOST + "/sponsored/harbour-living"),
    (html(), HOST + "/partner-content/harbour-living"),
    (html(head=described("AdvertiserContentArticle")), URL),
    (kicker("タイアップ記事"), URL),
]


@pytest.mark.parametrize(("body", "url"), SPONSORED)
def test_sponsored_piece_is_told_by_its_label(body: str, url: str) -> None:
    assert "sponsored" in article(body, url=url).flags


def test_article_on_sponsors_is_not_sponsored() -> None:
    body = html(h1="Sponsored race ends in the harbour", body=paragraphs())
    assert "sponsored" not in article(body).flags


@pytest.mark.parametrize(
    "notice",
    [
        "This article was translated by AI.",
        "This story was automatically translated from Japanese and may hold errors.",
        "This page has been translated using artificial intelligence.",
        "(Machine translation)",
        "Translated with DeepL.",
        "この記事は機械翻訳されたものです。",
        "※自動翻訳による記事です。",
        "本記事はAIによる翻訳です。",
        "この記事はAIを使って翻訳しています。",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_machine_translation_is_told_by_its_notice(notice: str, is_first: bool) -> None:
    lines = (notice, *PARAGRAPHS) if is_first else (*PARAGRAPHS, notice)
    assert "machine-translated" in article(html(body=paragraphs(lines))).flags


@pytest.mark.parametrize(
    "line",
    [
        "The town hall uses machine translation to answer letters in nine languages.",
        "The novel was translated by Ada Quill, who lives on the northern island.",
        "町役場は機械翻訳を使い、九つの言語で手紙に答えている。",
    ],
)
def test_article_on_translation_is_not_machine_translated(line: str) -> None:
    body = html(body=paragraphs((line, *PARAGRAPHS)))
    assert "machine-translated" not in article(body).flags


WITHDRAWN = [
    ("", "This story has been withdrawn."),
    ("", "This article has been retracted because its main source could not be confirmed."),
    ("", "EDITOR'S NOTE: Cape Wire has withdrawn its story on the patrols."),
    ("", "Editor’s note: We have removed this article while we check what it says."),
    ("WITHDRAWN: Patrols to begin in spring", ""),
    ("Retraction: Patrols to begin in spring", ""),
    ("", "この記事は事実と異なる内容だったため、取り消します。"),
    ("", "十九日に配信した記事を取り消しました。"),
    ("", "関係者と読者にお詫びして取り消します。"),
    ("【記事取り消し】海峡の共同巡視で合意", ""),
]


@pytest.mark.parametrize(("title", "line"), WITHDRAWN)
def test_withdrawn_article_is_told_by_its_note(title: str, line: str) -> None:
    assert is_withdrawn(title or TITLE, f"{line}\n{TEXT}")
    assert is_withdrawn(title or TITLE, f"{TEXT}\n{line}")


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Troops withdrawn from the island", "The last troops were withdrawn on Friday."),
        (
            "Paper sued over retraction",
            "The paper retracted the story in May, and its editor left.",
        ),
        ("Deleted posts cost minister his job", "The minister deleted the posts on Sunday."),
        ("新聞社が記事を取り消し", "新聞社は記事を取り消し、社長が辞任した。"),
        ("部隊の撤回求める", "知事は計画の撤回を求めた。"),
    ],
)
def test_article_on_withdrawals_is_not_withdrawn(title: str, line: str) -> None:
    assert not is_withdrawn(title, f"{line}\n{TEXT}")


def test_withdrawn_article_is_flagged_when_its_text_is_there() -> None:
    body = html(body=paragraphs(("This story has been withdrawn.", *PARAGRAPHS)))
    assert "withdrawn" in article(body).flags


def test_page_is_refused_as_withdrawn_when_only_the_note_is_left() -> None:
    found = extract_page(page(html(body="<p>This story has been withdrawn.</p>")))
    assert isinstance(found, Rejected)
    assert found.reason is Reason.WITHDRAWN


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (TITLE, "Correction: The patrols begin in April, not in May."),
        (TITLE, "An earlier version of this article misstated the number of cutters."),
        (TITLE, "This story has been corrected to show that the office is in the north."),
        (TITLE, "訂正：記事中の「五月」は「四月」の誤りでした。"),
        (TITLE, "人数に誤りがありました。訂正しておわびします。"),
        ("Correction: Patrols to begin in April", ""),
        ("（訂正）共同巡視は四月から", ""),
    ],
)
def test_corrected_article_is_told_by_its_note(title: str, line: str) -> None:
    assert is_corrected(title, f"{TEXT}\n{line}")


@pytest.mark.parametrize(
    "line", ["Correction officers walked out on Monday.", "市は計画の訂正を求められている。"]
)
def test_article_on_corrections_is_not_corrected(line: str) -> None:
    assert not is_corrected(TITLE, f"{line}\n{TEXT}")


@pytest.mark.parametrize(
    ("lines", "language", "is_mixed"),
    [
        (PARAGRAPHS, "en", False),
        (JAPANESE, "ja", False),
        ((*PARAGRAPHS[:3], *JAPANESE), "en", True),
        ((*JAPANESE, *JAPANESE, PARAGRAPHS[0]), "ja", True),
        ((*PARAGRAPHS, "十九日、合意。"), "en", False),
        (
            (
                *PARAGRAPHS[:2],
                "Les ministres se sont mis d’accord jeudi sur la surveillance "
                "commune du détroit, après une longue journée de discussions "
                "difficiles à la préfecture.",
            ),
            "en",
            True,
        ),
    ],
)
def test_language_is_that_of_most_of_the_text(
    lines: tuple[str, ...], language: str, is_mixed: bool
) -> None:
    found = article(html(body=paragraphs(lines)))
    assert found.language == language
    assert ("mixed-language" in found.flags) == is_mixed


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("两国部长星期四同意共同巡逻海峡，结束了今年大部分时间里使双方船员分离的争端。", "zh"),
        (
            "両国海峡共同巡視合意\n担当大臣は十九日、海峡の共同巡視について合意したと発表した。",
            "ja",
        ),
        ("양국 장관은 목요일 해협을 공동으로 순찰하기로 합의하여 오랜 분쟁을 끝냈다.", "ko"),
        ("Les ministres se sont mis d’accord jeudi sur la surveillance commune du détroit.", "fr"),
        ("", ""),
    ],
)
def test_language_is_told_by_script_or_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_short_text_is_a_stub() -> None:
    assert "stub" in article(html(body=paragraphs(PARAGRAPHS[:1]))).flags
    assert "stub" not in article(html()).flags


def test_few_words_among_many_links_are_heavy_with_boilerplate() -> None:
    links = "".join(f'<li><a href="/x/{n}">Short link {n}</a></li>' for n in range(150))
    body = html(body=paragraphs(PARAGRAPHS[:2]), after=f"<aside><ul>{links}</ul></aside>")
    assert "boilerplate-heavy" in article(body).flags
    assert "boilerplate-heavy" not in article(html()).flags


def test_every_flag_has_a_meaning() -> None:
    assert all(FLAGS.values())
