"""Walls, errors and stubs that come with 200 are told from articles, also from those about them."""

from __future__ import annotations

import pytest
from extract_pages import JAPANESE, PARAGRAPHS, html, page, paragraphs

from alliance_nlp.core.types import Reason, Rejected
from alliance_nlp.extract import Extraction, extract_page

REFUSALS = {Reason.WALL, Reason.ERROR_PAGE, Reason.PAYWALL_STUB}


def shell(title: str, *lines: str, head: str = "", script: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><div>{body}</div>{script}</body></html>"
    )


NOT_NEWS = [
    shell("Just a moment...", "Enable JavaScript and cookies to continue"),
    shell("Attention Required! | Cloudflare", "Sorry, you have been blocked", "Ray ID: 7a1"),
    shell("港湾新聞", "あなたが人間であることを確認しています。しばらくお待ちください。"),
    shell(
        "harbour.example", "", script="<script>var dd={'host':'geo.captcha-delivery.com'}</script>"
    ),
    shell("Access to this page has been denied", "Press &amp; Hold to confirm you are a human."),
    shell(
        "Access Denied",
        'You don\'t have permission to access "/news" on this server.',
        "Reference #18.2",
    ),
    shell(
        "",
        "Request unsuccessful. Incapsula incident ID: 77-1",
        script="<script src='/_Incapsula_Resource'></script>",
    ),
    shell(
        "Pardon Our Interruption",
        "As you were browsing something about your browser made us think you were a bot.",
    ),
    shell("Security check", "Please complete the captcha below before you go on to our pages."),
    shell("Human Verification", "Verify you are human by completing the action below."),
    shell(
        "Are you a robot?", "We noticed unusual activity from your network.", "Tick the box below."
    ),
    shell("Request Rejected", "The requested URL was rejected. Your support ID is: 1209."),
    shell("Harbour Post", "You need to enable JavaScript to run this app."),
    shell("429 Too Many Requests", "You have sent too many requests in a given time."),
    shell("Harbour Post", "This site uses cookies, and cookies must be enabled in your browser."),
    shell(
        "Before you continue to Harbour Post",
        "We use cookies and data to deliver our services.",
        "Reject all",
        "Accept all",
    ),
    shell(
        "We value your privacy",
        "We and our 812 partners store and access personal data on your device.",
        "You can change your preferences at any time in our privacy policy.",
    ),
    shell(
        "港湾新聞", "当サイトではクッキーを使用しています。続けるには同意が必要です。", "同意する"
    ),
    shell("Sign in", "Sign in to continue to Harbour Post.", "Forgot your password?"),
    shell(
        "Harbour Post", "You must be logged in to view this page.", "Create an account to continue"
    ),
    shell(
        "ログイン",
        "この記事をご覧いただくにはログインが必要です。",
        "パスワードをお忘れの方はこちら",
    ),
    shell("会員専用ページ", "このページは会員専用です。会員登録（無料）してください。"),
    shell(
        "Unavailable",
        "This content is not available in your region.",
        "We are sorry for the trouble.",
    ),
    shell(
        "451: Unavailable for legal reasons",
        "We recognise you are reading from the European Economic Area.",
    ),
    shell(
        "お知らせ", "お住まいの地域からはご利用いただけません。日本国内からのみご覧いただけます。"
    ),
    shell("Ad blocker detected", "Please disable your ad blocker and reload the page to go on."),
    shell("404 Not Found", "nginx"),
    shell(
        "Page not found | Harbour Post",
        "We can't find the page you are looking for.",
        "Try our search or go back home.",
    ),
    shell("Harbour Post", "The article you requested is no longer available on our site."),
    shell("Oops", "That page doesn't exist. It may have been moved, so check the address."),
    shell("503 Service Unavailable", "The site is down for maintenance. Please come back later."),
    shell("Error", "An unexpected error has occurred. Our engineers were told about it."),
    shell("ページが見つかりません", "お探しのページは移動または削除された可能性があります。"),
    shell("港湾新聞", "指定されたURLのページは存在しません。トップページからお探しください。"),
    shell("港湾新聞", "ただいまメンテナンス中です。しばらく時間をおいて再度アクセスしてください。"),
    shell("港湾新聞", "この記事は掲載期間が終了しました。"),
    shell(
        "Patrols to begin | Harbour Post",
        "Subscribe to continue reading this article.",
        "Already a subscriber? Log in",
    ),
    shell(
        "海峡の共同巡視で合意",
        "両国の担当大臣は海峡の共同巡視で合意した。…",
        "この記事は有料会員限定です。残り 900 文字",
    ),
    shell(
        "Patrols",
        "Ministers met on Thursday to talk about ships, crews and nets ...",
        "This article is only available to subscribers.",
    ),
    shell("Access restricted", "Your country is not supported.", "Ask your provider for help."),
]


@pytest.mark.parametrize("body", NOT_NEWS)
def test_what_stands_in_the_place_of_an_article_is_refused_as_such(body: str) -> None:
    found = extract_page(page(body))
    assert isinstance(found, Rejected), found
    assert found.reason in REFUSALS


ABOUT = [
    (
        "Paywalls are back at small papers",
        "Small papers put their pages behind a paywall again "
        "this year, since adverts no longer pay for print.",
    ),
    (
        "Subscription prices rise again",
        "A subscription now costs twelve a month, the company said, two more than before.",
    ),
    (
        "Publisher drops its paywall for a week",
        "Readers can see every story without a subscription until Sunday, the publisher said.",
    ),
    (
        "Court rules on captcha tests",
        "The court held that a captcha test that blind people cannot pass breaks the law.",
    ),
    (
        "Why captchas annoy everybody",
        "A captcha takes nine seconds on average, the study found, and one in ten people gives up.",
    ),
    (
        "Robots learn to pass the human test",
        "Asked to verify that it was human, the program ticked the box and went on.",
    ),
    (
        "How the 404 became famous",
        "The number 404 came from a list of codes that engineers drew up in the early nineties.",
    ),
    (
        "404 Squadron returns to the island",
        "The squadron landed at noon with six aircraft and will stay until the end of May.",
    ),
    (
        "410 sailors receive medals",
        "The sailors served on nine ships that took part in the search in spring.",
    ),
    (
        "503 jobs to go at the shipyard",
        "The yard will close one of its two docks in June, its owner told the workers on Monday.",
    ),
    (
        "Page not found: the lost diary",
        "The last page of the diary was not found until a cleaner opened the drawer in March.",
    ),
    (
        "Access denied: crews kept from base",
        "Access to the base was denied to forty workers after their passes ran out on Friday.",
    ),
    (
        "Access denied at the northern gate",
        "Guards denied access to the gate for two hours while they looked for a lost bag.",
    ),
    (
        "Journalists denied access to the port",
        "Reporters were turned away from the port, where the cutters are moored, for a third day.",
    ),
    (
        "Lawmakers blocked from visiting site",
        "The lawmakers were blocked at the fence and held their talk with residents outside.",
    ),
    (
        "New cookie rules from July",
        "Sites must ask before they store cookies, and the button "
        "to refuse must be as large as the other.",
    ),
    (
        "Cookie banners may vanish",
        "The commission wants browsers to send the choice, so that no banner asks for consent.",
    ),
    (
        "Regulator fines firm over consent",
        "The firm had stored personal data of nine million people without their consent.",
    ),
    (
        "Privacy law passes the upper house",
        "The bill gives people the right to see which data "
        "a company holds, and to have it deleted.",
    ),
    (
        "Partners share data on fishing fleets",
        "The partners store and process the positions of ships in one centre in the north.",
    ),
    (
        "Login thefts double in a year",
        "Thieves stole the login details of forty thousand customers, police said on Tuesday.",
    ),
    (
        "Banks ask customers to log in twice",
        "From May the customers of four banks log in with a second code from their phone.",
    ),
    (
        "Members only: the club that runs a port",
        "The club, open to members only for a century, will let visitors in from June.",
    ),
    (
        "Website down after storm",
        "The ministry's website was down for nine hours after the storm cut power to its servers.",
    ),
    (
        "Server error delays ferry tickets",
        "An error in the server kept people from buying tickets until Wednesday noon.",
    ),
    (
        "Service unavailable on eastern line",
        "Trains will not run on the eastern line until the bridge has been checked.",
    ),
    (
        "Something went wrong, says engineer",
        "The engineer told the inquiry that something went wrong when the valve was replaced.",
    ),
    (
        "Ship removed from register",
        "The ship has been removed from the register, which is why its insurers would not pay.",
    ),
    (
        "Story of a lost letter",
        "The letter was removed from the archive in 1951 and found again behind a shelf.",
    ),
    (
        "Content rules for island schools",
        "Schools may no longer show content from abroad without the consent of parents.",
    ),
    (
        "Streaming service leaves region",
        "The service will no longer be available in four regions from the first of March.",
    ),
    (
        "Films blocked in three countries",
        "The films are not available in three countries, where a court has barred them.",
    ),
    (
        "Traffic unusual for the season",
        "Unusual traffic on the strait made pilots wait, and some ships lay at anchor for a day.",
    ),
    (
        "Firewall for the harbour office",
        "The office bought a new firewall after an attack that had stopped the cranes in May.",
    ),
    (
        "Denial of service attack hits ministry",
        "The attack began at noon, and protection against it held for only an hour.",
    ),
    (
        "Security check at the ferry",
        "Every passenger passes a security check from Monday, which may take twenty minutes.",
    ),
    (
        "Ad blockers cost press millions",
        "One reader in three uses an ad blocker, and the papers want the law to forbid them.",
    ),
    (
        "Javascript turns thirty",
        "The language was written in ten days and runs in almost every page today.",
    ),
    (
        "Maintenance closes bridge",
        "The bridge is closed for maintenance until the ninth, and cars must take the ferry.",
    ),
    (
        "Newsletter wins prize",
        "The newsletter, which nine thousand people read each morning, began in a kitchen.",
    ),
    (
        "Register of ships opens",
        "Owners must register their ships with the office before the end of the year.",
    ),
    (
        "Missing page haunts treaty",
        "A page of the treaty has been missing from the archive since the flood.",
    ),
    (
        "Human or machine? Judges could not tell",
        "The judges were asked whether the writer was human or a machine, and half were wrong.",
    ),
    (
        "Too many requests for shelter",
        "The shelter received too many requests after the flood and had to turn people away.",
    ),
    (
        "Report could not be found",
        "The report that the minister had promised could not be found in the archive.",
    ),
    (
        "Search results shape votes",
        "The order of search results can move a vote, the study of four elections says.",
    ),
]
ABOUT_JAPANESE = [
    (
        "有料記事をめぐる議論",
        "有料記事の料金は月に千円ほどで、読者の数はこの一年で二割増えたと新聞社は説明している。",
    ),
    ("会員登録が急増", "会員登録をした人は五万人を超え、町の施設を割引で使えるようになった。"),
    ("ログイン情報の流出相次ぐ", "ログインに使う番号が盗まれる被害が続き、警察は四人を逮捕した。"),
    (
        "クッキー規制を強化へ",
        "政府はクッキーの利用に同意を求める規則を来年から強める方針を固めた。",
    ),
    (
        "アクセスが集中し障害",
        "切符の販売サイトに利用が集中し、三時間にわたって購入できない状態が続いた。",
    ),
    ("基地への立ち入り拒否", "基地への立ち入りを拒否された議員らは、門の前で住民と話し合った。"),
    (
        "地域限定の販売を終了",
        "この地域だけで売られていた菓子の販売が終了し、店には長い列ができた。",
    ),
    ("記事の削除求め提訴", "会社は記事の削除を求めて裁判所に訴え、新聞社は争う姿勢を示した。"),
    ("存在しないページの展示", "存在しない本のページを集めた展示が、港の美術館で始まった。"),
    ("ロボットが巡視に参加", "ロボットを載せた船が初めて巡視に加わり、乗員の負担を減らした。"),
    (
        "個人情報の保護法改正",
        "個人情報の扱いについて、本人の同意を得る手続きを簡単にする法案が通った。",
    ),
    ("メンテナンスで橋を閉鎖", "橋は設備の点検のため十日まで閉鎖され、車は渡し船を使う。"),
    (
        "広告を遮る機能が普及",
        "広告を遮る機能を使う人は三割に達し、新聞各社は対策を話し合っている。",
    ),
    (
        "海外からの利用者が増加",
        "海外からの利用者は前の年の二倍になり、港の店は案内板を新しくした。",
    ),
]


@pytest.mark.parametrize(("title", "line"), ABOUT)
@pytest.mark.parametrize("n", [2, 4])
def test_article_about_such_things_is_kept_without_a_mark(title: str, line: str, n: int) -> None:
    found = extract_page(page(html(h1=title, body=paragraphs((line, *PARAGRAPHS[:n])))))
    assert isinstance(found, Extraction), found
    assert not {"wall", "paywalled"} & set(found.article.flags)
    assert line in found.article.text


@pytest.mark.parametrize(("title", "line"), ABOUT_JAPANESE)
def test_japanese_article_about_such_things_is_kept_without_a_mark(title: str, line: str) -> None:
    body = html(h1=title, body=paragraphs((line, *JAPANESE)))
    found = extract_page(page(body))
    assert isinstance(found, Extraction), found
    assert not {"wall", "paywalled"} & set(found.article.flags)
    assert line in found.article.text


def test_short_text_under_a_wall_is_kept_with_a_mark() -> None:
    wall = "Please sign in to continue reading with us."
    found = extract_page(page(html(body=paragraphs((*PARAGRAPHS, wall)))))
    assert isinstance(found, Extraction), found
    assert {"wall", "paywalled"} & set(found.article.flags)


@pytest.mark.parametrize(("status", "reason"), [(410, Reason.WITHDRAWN), (451, Reason.WALL)])
def test_status_that_says_why_is_the_reason(status: int, reason: Reason) -> None:
    found = extract_page(page(html(), status=status))
    assert isinstance(found, Rejected)
    assert found.reason is reason
