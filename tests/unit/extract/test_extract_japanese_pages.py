"""Pages in the markup style of Japanese publishers and ministries; every word is made up."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from extract_pages import JAPANESE, json_ld, page, paragraphs

from alliance_nlp.core.types import Article
from alliance_nlp.extract import Extraction, extract_page

TITLE = "海峡の共同巡視で合意、来春から実施　北部の港に事務所"
STORY = (
    *JAPANESE,
    "事務所には双方から十人ずつが勤める。所長は一年ごとに交代し、最初の一年は北側の国が務めることになった。",
    "担当者は「燃料費の分担はまだ決まっていない。春までに詰めたい」と話している。造船所は新しい巡視船を二隻建造する予定だ。",
    "野党からは、船の少ない北部に事務所を置く理由を問う声が上がった。南部の港には修理施設と大型のクレーンがそろっている。",
)
PLAIN = "海峡の共同巡視で合意、来春から実施 北部の港に事務所"
P = paragraphs(STORY)


class Sample(NamedTuple):
    """A page's head and body, and what is right for it."""

    name: str
    head: str
    body: str
    authors: tuple[str, ...] = ("海野浪子",)
    day: date = date(2026, 11, 20)
    title: str = PLAIN


def ld(*, at: str = "2026-11-20T19:05:00+09:00", author: str = '{"name":"海野浪子"}') -> str:
    return json_ld(
        f'{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"{at}","author":{author}}}'
    )


SAMPLES = [
    Sample(
        "daily whose masthead is an h1 and whose text stops at a gate",
        f"<title>{TITLE}：港湾新聞</title><meta property='og:title' content='{TITLE}：港湾新聞'>"
        "<meta property='og:site_name' content='港湾新聞'>" + ld(),
        f"<h1 class=logo><a href='/'>港湾新聞</a></h1><h1>{TITLE}</h1><p>有料記事</p>"
        f"<div class=author>海野浪子</div><p><time datetime='2026-11-20T19:05:00+09:00'>"
        f"2026年11月20日　19時05分</time></p><div class=body>{P}</div>"
        "<p>この記事は有料会員限定です。"
        "</p><p>会員登録すると続きをお読みいただけます。</p>",
    ),
    Sample(
        "daily with a suffix after a bar and a section in between",
        f"<title>{TITLE} | 社会 | 港湾日報</title><meta property='og:site_name' content='港湾日報'>"
        "<meta name='pubdate' content='2026-11-20T10:05:00+09:00'>",
        f"<div class=ctg>社会</div><h1>{TITLE}</h1><p>港湾日報 2026/11/20 10:05（最終更新 11/20 "
        f"21:40）</p><section class=articledetail-body>{P}<p>【海野浪子】</p></section><h2>あわせて"
        "読みたい</h2><ul><li><a href='/1'>南の造船所、クレーン要望</a></li><li><a href='/2'>巡視船"
        "の燃料費、誰が負担</a></li></ul>",
    ),
    Sample(
        "public broadcaster with a time without a year",
        f"<title>{TITLE} | 港湾放送ニュース</title><meta property='og:title' content='{TITLE} | "
        "港湾放送ニュース'>",
        f"<h1>{TITLE}</h1><p class=time>11月20日 19時05分</p><p class=lead>{JAPANESE[0]}</p>"
        + paragraphs(STORY[1:]),
        authors=(),
    ),
    Sample(
        "business daily with a paywall line and a share row",
        f"<title>{TITLE} - 港湾経済新聞</title>"
        "<meta property='og:site_name' content='港湾経済新聞'>"
        + ld(author='[{"@type":"Organization","name":"港湾経済新聞社"}]'),
        f"<h1>{TITLE}</h1><p>[有料会員限定]</p><time datetime='2026-11-20T10:05:00.000Z'>2026年11月"
        f"20日 19:05</time><ul><li>保存</li><li>メール</li><li>印刷</li></ul><section>{P}</section>"
        "<p>この記事は会員限定です。登録すると続きをお読みいただけます。</p>"
        "<h3>関連トピック</h3><a href='/t/1'>安全保障</a>",
        authors=("港湾経済新聞社",),
    ),
    Sample(
        "agency with its name in brackets on a portal",
        f"<title>{TITLE}（港湾通信） - 海ポータル</title><meta property='og:title' content='"
        f"{TITLE}（港湾通信） - 海ポータル'><meta property='og:site_name' content='海ポータル'>",
        f"<h1>{TITLE}</h1><time>11/20(金) 19:05</time><span>配信</span><a href='/m'>港湾通信</a>"
        f"<figure><img src=a.jpg><figcaption>北部の港に並ぶ巡視船＝20日（海野浪子撮影）"
        f"</figcaption></figure><div class=article_body>{P}</div><p>【関連記事】</p><ul><li>"
        "<a href='/1'>南の造船所、クレーン要望</a></li></ul><p>最終更新：11/20(金) 21:40</p>",
        authors=(),
    ),
    Sample(
        "southern daily with a kicker in brackets",
        f"<title>【深掘り】{TITLE} | 南島タイムス＋プラス</title>"
        f"<meta property='og:title' content='【深掘り】{TITLE} | 南島タイムス＋プラス'>"
        "<meta property='og:site_name' content='南島タイムス＋プラス'>" + ld(),
        f"<h1>{TITLE}</h1><p class=date>2026年11月20日 5:01</p>{P}<p>（社会部・海野浪子）</p>",
    ),
    Sample(
        "ministry release with an era date",
        f"<title>{TITLE}｜海峡省</title><meta property='og:site_name' content='海峡省'>",
        "<div><a href='/'>トップページ</a> &gt; <a href='/press'>報道発表</a></div>"
        f"<h1>{TITLE}</h1>"
        f"<p>令和８年１１月２０日</p>{P}<p><a href='#top'>ページの先頭へ戻る</a></p>",
        authors=(),
    ),
    Sample(
        "cabinet page whose date stands before the headline",
        f"<title>{TITLE} | 海峡府ホームページ</title>",
        f"<p>更新日：令和8年11月21日</p><p>令和8年11月20日</p><h1>{TITLE}</h1>{P}",
        authors=(),
    ),
    Sample(
        "English-language daily of Japan",
        f"<title>{TITLE} - The Strait Times</title><meta property='og:title' content='{TITLE}'>"
        "<meta name='author' content='By Namiko Umino'>"
        "<meta property='article:published_time' content='2026-11-20T23:30:00Z'>",
        f"<h1>{TITLE}</h1><p>By NAMIKO UMINO/ Staff Writer</p><p>November 21, 2026 at 08:30 JST</p>"
        f"{P}",
        authors=("Namiko Umino",),
        day=date(2026, 11, 21),
    ),
]


def read(sample: Sample) -> Article:
    body = (
        f'<!doctype html><html lang="ja"><head>{sample.head}</head><body><nav><a href="/">トップ'
        f"</a> <a href='/s'>社会</a></nav><main><article>{sample.body}</article></main>"
        "<footer>無断転載を禁じます。</footer></body></html>"
    )
    found = extract_page(page(body, url="https://kowan.example/articles/a1"), zone="Asia/Tokyo")
    assert isinstance(found, Extraction), found
    return found.article


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_title_is_the_bare_headline_on_a_japanese_page(sample: Sample) -> None:
    assert read(sample).title == sample.title


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_day_is_that_of_publication_on_a_japanese_page(sample: Sample) -> None:
    published = read(sample).published
    assert published is not None
    assert published.on == sample.day


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_authors_are_names_only_on_a_japanese_page(sample: Sample) -> None:
    assert read(sample).authors == sample.authors


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_text_is_the_story_only_on_a_japanese_page(sample: Sample) -> None:
    assert read(sample).text.split("\n") == list(STORY)
