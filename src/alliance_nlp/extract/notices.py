"""What a page says of its own text: withdrawn, corrected, translated by a machine, paid for.

Articles are written about retractions, corrections and translation engines, too. A notice speaks
of "this" article or of "we", stands at an edge of the text and is short; in Japanese it is polite
(取り消しました) where a report is plain (取り消した).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alliance_nlp.extract.prose import n_words
from alliance_nlp.extract.wording import any_of

_PIECE = r"(?:article|story|report|post|piece|column|item|dispatch|news release|press release|page)"
_GONE = r"(?:withdrawn|retracted|removed|taken down|deleted|unpublished|killed|pulled)"
_WITHDRAWN = any_of(rf"""
    \b(?:this|the above|the following|an earlier) {_PIECE}(?: \w+){{0,4}} (?:has|have|\
      had) been {_GONE}
    \b(?:this|the above|the following) {_PIECE} (?:was|is(?: being)?) (?:hereby )?{_GONE}
    \b(?:we|[A-Z][\w. ]{{1,40}}) (?:have|has|is|are|are hereby) (?:withdrawn|withdrawing|\
      retracted|retracting|removed) (?:this|the above|the following) {_PIECE}
    \b(?:we|[A-Z][\w. ]{{1,40}}) (?:withdraws?|retracts?) (?:this|the above|the following) {_PIECE}
    ^\W*(?:editor['’]?s['’]? note|note to (?:editors|readers|clients|subscribers))\
      \W.{{0,120}}\b(?:withdr[ae]wn?|withdraws|withdrawing|retract(?:s|ed|ing)?|removed|\
      unpublished)\b.{{0,40}}\b(?:{_PIECE}|stories|articles)
    ^\W*(?:editor['’]?s['’]? note|note to (?:editors|readers|clients|subscribers))\
      \W.{{0,120}}\b(?:{_PIECE}|stories|articles)\b.{{0,60}}\b(?:withdrawn|retracted|unpublished)
    ^\W*(?:retraction|story withdrawn|story removed|withdrawal|kill)\s*[:—–-]\s*\S
    \b(?:story|article|bulletin) (?:kill|withdrawal)\b|\bkills? (?:this|the) (?:story|bulletin)\b
    ^\W*(?:story|article|{_PIECE}) (?:has been )?(?:withdrawn|retracted)\W*$
    (?:この|本|当|上記の?|下記の?|当該|該当の?)(?:記事|ページ|原稿|配信|報道|投稿|コラム)\
      .{{0,40}}(?:取り消|取消|撤回|削除)(?:し|さ|いた)(?!な)
    (?:記事|原稿|配信|報道|見出し|全文).{{0,12}}(?:取り消|取消|撤回|削除)(?:し|いたし|\
      させていただき)ま(?:す|した)
    (?:お詫び|おわび|謝罪)し(?:て|た上で|たうえで|、).{{0,20}}(?:取り消|取消|撤回|削除)(?:し|\
      いたし)ま
    (?:配信|記事)(?:の)?(?:取り消し|取消|撤回)(?:のお知らせ|について|とおわび|とお詫び)
""")
_WITHDRAWN_TITLE = any_of(r"""
    ^\W*(?:withdrawn|retracted|retraction|story (?:withdrawn|retracted|removed)|withdrawal|kill)\
      \s*[\]):—–|-]
    [\[(](?:withdrawn|retracted)[\])]\s*$
    ^[【（〈＜\[(]?(?:記事|配信)?(?:の)?(?:取り消し|取消|撤回|削除)[】）〉＞\])]
    ^(?:記事|配信)(?:の)?(?:取り消し|取消|撤回)(?:$|[:：]|のお知らせ|とお|につ)
""")
_CORRECTED = any_of(rf"""
    ^\W*corrections?(?: (?:&|\
      and) clarifications?)?(?:,? \w+\.? \d+(?:, \d+)?)?(?: appended)?\s*[:—–|]
    ^\W*(?:corrected|clarification|correction appended|correction)\s*(?:[:—–|]|$)
    ^\W*(?:editor['’]?s['’]? note|note|update)\W.{{0,40}}\b(?:this|an earlier|a previous|\
      the original) (?:version|{_PIECE})\b.{{0,200}}\b(?:incorrectly|misstated|misspelled|\
      misidentified|wrong(?:ly)?|error|inaccurate(?:ly)?|corrected|mistakenly|erroneously)
    \b(?:an earlier|a previous|the original) version of (?:this|\
      the) {_PIECE}\b.{{0,200}}\b(?:incorrectly|misstated|misspelled|misidentified|wrong(?:ly)?|\
      error|inaccurate(?:ly)?|mistakenly|erroneously|gave|omitted|said|stated|referred)
    \bthis {_PIECE} (?:has been|was) (?:corrected|amended|updated to correct|revised to correct|\
      clarified)
    ^\W*\(?(?:this (?:{_PIECE}|version) )?(?:corrects|corrected (?:to|the|version))\b
    ^[【（〈＜\[※(]?\s*(?:お?詫びと|おわびと)?訂正(?:のお知らせ|とおわび|とお詫び|あり|版|記事|\
      履歴)?[】）〉＞\]):：\s-]
    訂正(?:し|いたし)(?:ます|ました|て(?:お詫び|おわび))|(?:誤り|間違い)\
      でした。.{{0,20}}(?:お詫び|おわび|訂正)
    ^[（(]訂正[）)]|^訂正[-－―：:]
    (?:記事|本文|見出し|表記)(?:の一部)?を(?:一部)?(?:修正|訂正)(?:し|いたし)まし
""")
_TEXT_NAMED = (
    r"(?:this|the) (?:\w+ )?(?:article|text|page|story|content|document|translation|report|post|"
    r"version|release)"
)
_ENGINE = (
    r"(?:AI|A\.I\.|artificial intelligence|an? (?:AI|machine|automat\w+)[\w -]{0,30}|machine|"
    r"generative AI"
    r"|computer|software|google(?: translate)?|deepl|chatgpt|gpt\S*|automatic translation|"
    r"machine translation)"
)
_MACHINE = any_of(rf"""
    \b{_TEXT_NAMED} (?:was|is|has been|were|may have been)(?: \w+){{0,3}} (?:machine|auto|\
      automatically|AI)[- ]?translated
    \b{_TEXT_NAMED} (?:was|is|has been)(?: \w+){{0,6}} translated\b.{{0,60}}\b(?:by|using|with|\
      through|via)(?: the help of| the use of| an?)? {_ENGINE}
    \b{_TEXT_NAMED} (?:is|was) (?:an? )?(?:machine|automatic|automated|AI)[- ](?:\w+ )?translation
    \b{_TEXT_NAMED} (?:uses|used|contains|includes) (?:machine|automatic|automated|AI) translation
    ^\W*(?:machine|automatically|auto|AI)[- ](?:assisted )?translat(?:ed|ion)\b(?:\W|$)\
      (?=.{{0,60}}$)
    ^\W*translat(?:ed|ion)(?: \w+ \w+)? (?:by|using|with|via|provided by)\
      (?: the help of| an?)? {_ENGINE}\b
    ^\W*[(\[（［【].{{0,20}}(?:machine|automatic|AI)[- ]?translat.{{0,60}}[)\]）］】]\W*$
    (?:この|本|当)(?:記事|ページ|文章|サイト|翻訳|文書|コンテンツ|原稿|ニュース).{{0,40}}(?:機械|\
      自動|AI|ＡＩ|人工知能)(?:による)?\s?(?:翻訳|\
      で翻訳)
    ^\W*(?:※|＊|注|【|（|［|\[|\()?\s*(?:機械|自動|AI|ＡＩ)\s?(?:による)?\s?翻訳(?:記事|版|です|\
      による|を使用|を利用|に|で|\
      の)?.{{0,40}}$
    (?:機械|自動|AI|ＡＩ)\s?翻訳(?:され(?:てい|まし)|し(?:てい|まし)|です|を(?:使用|利用)\
      し(?:てい|まし)|で(?:す|作成し)|システムを)
    (?:AI|ＡＩ|DeepL|ChatGPT|Google翻訳|人工知能)(?:を(?:使|用|利用)\w{{0,4}}|によって|により|で)\
      翻訳(?:し|され)(?:て|\
      た(?:もの|記事)|まし)
""")
_SPONSORED = any_of(r"""
    (?:this (?:article|post|content|story) (?:is|was) )?(?:sponsored|promoted|paid)\
      (?: (?:content|post|article|story|by .{1,40}|for by .{1,40}|advertisement|partnership))?
    (?:paid|partner|branded|brand|promotional) (?:content|post|partnership|story|studio|program)\
      (?: (?:by|from|for|with) .{1,40})?
    advertorial|advertising feature|advertisement feature|special advertising section|paid program
    (?:this (?:article|content|story|post) (?:is|was) )?(?:produced|created|paid for|sponsored|\
      brought to you|written)(?: \w+){0,5} (?:by|for|with|on behalf of) (?:our )?(?:sponsor|\
      advertiser|partner|brand studio|commercial).{0,60}
    (?:this (?:article|content|story|post)) (?:is|was) (?:paid for|sponsored|funded|\
      brought to you) by .{2,60}
    [【\[［(（]?(?:PR|ＰＲ|AD|広告|記事広告|全面広告|広告企画|タイアップ(?:記事|企画|広告)?|\
      スポンサード(?:コンテンツ|記事)?|プロモーション)[】\]］)）]?
    (?:提供|協賛|スポンサー)\s*[:：]\s*.{2,30}(?:株式会社|社|グループ)|sponsored|\
      (?:株式会社.{1,20}の)?提供でお送りし.{0,20}
    (?:この|本)(?:記事|コンテンツ|ページ)は.{0,30}(?:広告|スポンサー|提供|プロモーション|\
      タイアップ).{0,30}(?:です|ます|ました)。?
""")
_SPONSORED_TITLE = any_of(r"""
    ^[【\[［(（](?:PR|ＰＲ|AD|広告|sponsored|提供)[】\]］)）]|^(?:PR|ＰＲ|sponsored|paid post|\
      advertorial)\
      \s*[:：|｜]
    [【\[［(（](?:PR|ＰＲ|AD|広告|sponsored)[】\]］)）]\s*$
""")
_SPONSORED_PATH = any_of(r"""
    /(?:sponsored|sponsored-content|sponsor-content|partner-content|partnercontent|paid-?post|\
      paid-?content)(?:/|$)
    /(?:brand-?studio|brand-?content|branded|advertorials?|native-?ads?|adv|promoted|tieup|\
      ad-?feature)(?:/|$)
""")
_EDGE = 4  # lines at either end
_LONGEST = 90  # words
# Each notice holds one of these; looking for them first spares the patterns.
_HINTS = (
    "withdr", "retract", "remov", "taken down", "delet", "unpublish", "kill", "pulled", "correct",
    "clarif", "amend", "version of", "translat", "取り消", "取消", "撤回", "削除", "訂正", "修正",
    "誤り", "間違い", "翻訳",
)  # fmt: skip


def is_withdrawn(title: str, text: str) -> bool:
    """Tell whether an article says of itself that its publisher took it back.

    Parameters
    ----------
    text
        Its lines, one paragraph each.
    """
    return bool(_WITHDRAWN_TITLE.search(title)) or _any_notice(_WITHDRAWN, text.split("\n"))


def is_corrected(title: str, text: str) -> bool:
    """Tell whether an article says that an earlier form of it was wrong."""
    lines = [title, *text.split("\n")]
    return _any_notice(_CORRECTED, lines)


def is_machine_translated(lines: Sequence[str]) -> bool:
    """Tell whether a text says that a machine translated it."""
    return _any_notice(_MACHINE, lines)


def is_sponsored(title: str, path: str, labels: Sequence[str]) -> bool:
    """Tell whether somebody paid for an article.

    Parameters
    ----------
    path
        The path of its address.
    labels
        Section names, kickers and the short lines around its headline.
    """
    return bool(_SPONSORED_TITLE.search(title) or _SPONSORED_PATH.search(path)) or any(
        _SPONSORED.fullmatch(label.strip(" \t-–—:：・")) for label in labels
    )


def _any_notice(wording: re.Pattern[str], lines: Sequence[str]) -> bool:
    return any(wording.search(line) for line in _edges(lines))


def _edges(lines: Sequence[str]) -> Iterator[str]:
    """Yield the short lines at either end of a text that may be notices."""
    ends = lines if len(lines) <= 2 * _EDGE else (*lines[:_EDGE], *lines[-_EDGE:])
    for line in ends:
        folded = line.casefold()
        if any(map(folded.__contains__, _HINTS)) and n_words(line) <= _LONGEST:
            yield line
