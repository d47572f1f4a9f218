"""What pages say that is no news: labels, pleas, gates, walls, errors, headings of other stories.

One wording a line, each a regular expression; case makes no difference. The words are general to
the web in English and Japanese, never those of a single publisher.
"""

from __future__ import annotations

import re


def any_of(wordings: str) -> re.Pattern[str]:
    """Return a pattern for any one of the wordings, one a line."""
    lines = [line.strip() for line in wordings.splitlines()]
    return re.compile("|".join(f"(?:{line})" for line in lines if line), re.IGNORECASE)


# A whole line that announces other stories.
OTHER_STORIES = any_of(r"""
    (?:read )?related
    (?:read )?related (?:articles?|stories|story|news|content|posts?|coverage|topics?)
    (?:read )?related (?:reading|links?|items|press releases|to this story)
    more (?:stories|news|articles|headlines|coverage|reading|to read|like this)
    more (?:from|on|in|about) .{2,30}
    (?:you )?(?:may|might) also (?:like|be interested in)
    you (?:may|might) (?:also )?(?:like|enjoy)
    (?:other|similar|suggested|latest|popular|top|next|previous) (?:stories|news|articles?)
    (?:latest|top) headlines|popular (?:posts|now)|suggested reading
    recommended(?: for you| stories| reading| articles| videos?| reads)?
    most (?:read|popular|viewed|shared|commented)(?: .{2,20})?
    trending(?: now| stories| news| topics)?
    up next|(?:what to )?read next|keep reading|see also|also read|in other news
    don['’]t miss|editor['’]?s['’]? (?:picks?|choice)
    (?:from )?(?:around|across) the web
    (?:sponsored|promoted)(?: content| stories)?
    (?:この記事の|記事の)?関連(?:記事|ニュース|リンク|トピックス?|キーワード)(?:一覧)?
    (?:この記事(?:に|の))?関連(?:する記事|情報|ワード|タグ|動画|コンテンツ)(?:一覧)?
    あわせて読みたい(?:記事)?|合わせて読みたい(?:記事)?
    (?:こちらも|あなたに)?おすすめ(?:の?記事|情報|ニュース|コンテンツ)?
    人気(?:の?記事|ランキング|ニュース|キーワード)|(?:.{0,10}アクセス|記事)?ランキング
    (?:最新|注目|新着)(?:の.{0,8})?(?:の?記事|ニュース|情報|ワード)|新着
    (?:他の|その他の)(?:記事|ニュース)|主要ニュース|トップニュース
    (?:同じ|この)(?:カテゴリ|ジャンル|特集|連載)の(?:他の)?記事
    よく読まれている記事|読まれています|編集部(?:の)?(?:おすすめ|オススメ)
    相关(?:新闻|文章)|延伸閱讀|相關新聞|관련\s?(?:기사|뉴스)
""")

# A whole line that is a control of the page.
LABEL = any_of(r"""
    advertisement(?: \d+)?(?:story continues below)?|advertisement\W+continue reading.*
    this advertisement has not loaded yet.*|article content
    (?:story|article) continues (?:below|after).*
    skip (?:to|advert).*|scroll (?:down )?to continue.*
    recommended videos?|play video|watch now|photo gallery|listen(?: to this article)?
    comments?|no comments yet\W*|leave a comment|view comments
    share(?: this(?: article| story)?)?|tweet|copy link|print|email|save
    subscribe(?: now)?!?|sign up|log ?in|sign in|download the app|get started now.*
    read (?:more|full story|the full story|next)|continue reading|follow us(?: on .*)?
    tags?|topics?|published|updated|loading|table of contents|back to top
    最初から読む|続きを読む|もっと見る|もっと読む|記事を読む
    シェア(?:する)?|ツイート|ブックマーク(?:する)?|印刷|保存|クリップ|スクラップ|メールで送る
    コメント(?:する|を読む)?|コピー ?リンク|リンクをコピー(?:する)?|カテゴリーをフォローする
    [\[【(（]?(?:広告|PR)[\]】)）]?|目次|ログイン|トップへ戻る|ページの先頭へ.*
    (?:有料)?会員限定(?:記事)?|無料会員登録
""")

# A short line that asks the reader for something, or states rights.
PLEA = any_of(r"""
    (?:sign(?:ing)? up|subscribe|register)\b.{0,80}\b(?:newsletters?|e-?mails?|alerts?|inbox)\b
    (?:sign(?:ing)? up|subscribe|register)\b.{0,80}\b(?:account|news|free|today)\b
    \bnewsletters?\b.{0,60}\b(?:sign up|subscribe|delivered|inbox|here)\b
    \b(?:in|to) your inbox\b|\badd us as a preferred source\b
    ^(?:follow|like|find|join) (?:us|our|@?\w+(?: \w+)?) on (?:facebook|twitter|x|instagram)\b
    ^(?:follow|like|find|join) (?:us|our|@?\w+(?: \w+)?) on (?:google|whatsapp|linkedin|telegram)
    \bget in touch (?:with|by)\b.{0,80}@|^(?:e-?mail|contact)[:：]\s*\S+@\S+$
    \bdo you have a (?:story|tip)\b|\bfor more stories like this\b
    \bcheck (?:out )?(?:our|more of)\b.{0,60}\b(?:page|stories|news)\b
    \bplease (?:log ?(?:in|out)|sign in|read our comment policy|bookmark|enable|disable)\b
    \bwould you like to comment\b|\byou must (?:be logged in|confirm your)\b
    \bjoin (?:our|the|in|thought-provoking)\b.{0,25}\b(?:forum|conversations?|community)\b
    \b(?:may|might) (?:earn|receive) (?:an? )?(?:affiliate )?commission
    \bdownload (?:the|our) .{0,30}\bapp\b|\bour community members are treated\b
    \bcopyright\b.{0,60}\ball rights reserved\b|^(?:©|\(c\)|copyright ©?)\s*\d{4}
    \bmay not be (?:published, )?(?:re)?(?:broadcast|printed|produced|written)\b
    (?:無断|許可なく).{0,12}(?:転載|複製)|著作権は.{0,30}(?:帰属|属し)
    (?:会員|読者)登録(?:する|で|は|いただ|を|（)
    (?:メールマガジン|ニュースレター|公式アカウント).{0,25}(?:登録|フォロー|配信中|受け取)
    (?:LINE|アプリ).{0,25}(?:友だち追加|ダウンロード|配信中|受け取)
""")
# Each plea holds one of these; looking for them first makes a page's worth of lines cheap.
PLEA_WORDS = (
    "sign", "subscri", "regist", "letter", "inbox", " on ", "preferred", "touch", "mail", "contact",
    "story", "stories", "tip", "check", "please", "would you", "you must", "join", "commission",
    "download", "community", "copyright", "©", "(c)", "may not", "転載", "複製", "著作権", "登録",
    "フォロー", "友だち", "ダウンロード", "配信", "受け取",
)  # fmt: skip

# A whole line that points to another story.
POINTER = any_of(r"""
    (?:read|see|also|watch|listen|more|related|further)\s*[:：>»|]\s*\S.*
    (?:read|see|watch|listen|more|related|further) (?:more|also|next|on)\s*[:：>»|]\s*\S.*
    (?:also|related|further|more) (?:read|reading|stor(?:y|ies)|coverage)\s*[:：>»|]\s*\S.*
    (?-i:[A-Z][A-Z ]{6,40})\|\s*\S.*
    [【＜\[]?(?:関連記事|関連ニュース|合わせて読みたい|あわせて読みたい|こちらも)[】＞\]:：].*
    [→▶►☞⇒]+\s*\S.{0,80}
""")

# A whole line that credits or describes a picture.
PICTURE = any_of(r"""
    [（(\[]?\s*(?:image|photo|photograph|picture|pic|file photo|video|credit)\s*[:=/|]\s*.{1,120}
    [（(\[]?\s*(?:image|photo|photograph|picture|video) (?:credits?|source|by)\s*[:=/|]\s*.{1,120}
    [（(\[]?\s*(?:写真|画像|撮影|提供写真|図解|イラスト|動画)\s*[:：=＝／/|]\s*.{1,120}
    .{1,60}(?:via )?(?:getty images|shutterstock|ap photo|afp photo)[)）\]]?
    [（(].{0,40}(?:[=＝]共同|/REUTERS|/AP|/AFP|撮影|写真)[)）]
""")

# A short line where the free part of an article ends.
GATE = any_of(r"""
    (?:この記事は|こちらは|本記事は).{0,12}(?:会員|有料|購読者).{0,6}(?:限定|のみ|専用)
    残り\s*[:：]?\s*\d[\d,]*\s*文字
    (?:この)?(?:記事の)?続きを(?:読む|ご覧|お読み)(?:には|いただくには)
    (?:有料|無料)?会員(?:に|の方は).{0,20}(?:全文|続きを)|全文を(?:読む|お読み).{0,12}(?:には|会員)
    (?:to|subscribe to) (?:continue reading|keep reading|read (?:the (?:full|rest)|this))
    log in (?:or create an account )?to (?:continue|keep) reading
    this (?:article|story|content) is (?:only available|exclusive|reserved|only) (?:to|for) .{0,30}
    this (?:article|story|content) is for (?:\w+ ){0,2}(?:subscribers|members)
    (?:already a|become a|for) (?:subscriber|member)s?\?? (?:log|sign) ?in|subscribers? only
    unlock (?:this|the full) (?:article|story)|keep reading for|start your free trial
    you(?:['’]ve| have) (?:reached|read) your (?:limit|last|monthly)
""")
GATE_WORDS = (
    "reading", "read the", "read this", "subscri", "member", "unlock", "limit", "monthly", "trial",
    "your last", "this article is", "this story is", "this content is", "会員", "有料", "購読",
    "残り", "続き", "全文",
)  # fmt: skip

# A heading or short line of a page that has nothing to show.
ERROR = any_of(r"""
    ^\W*(?:error\W*)?(?:404|403|410|500|502|503)\b
    \b(?:page|file|article|story|content|url)\b.{0,25}\b(?:not (?:be )?found|unavailable|missing)
    \b(?:page|file|article|story|content|url)\b.{0,25}\bno longer (?:available|exists)
    \b(?:page|file|article|story|content|url)\b.{0,25}\b(?:does ?n[o'’]t exist|does not exist)
    \b(?:page|file|article|story|content)\b.{0,25}\bhas been (?:removed|deleted)
    \b(?:not found|internal server error|bad gateway|service unavailable)\b
    \b(?:something went wrong|temporarily unavailable)\b
    ^\W*(?:error|oops|sorry)\W*$
    ページが(?:見つかりません|見つからない|存在しません)|お探しの(?:ページ|記事)
    指定された(?:ページ|記事|URL)|エラーが発生|アクセスできません|掲載期間が終了
    (?:記事|ページ)は(?:削除|掲載(?:が|期間が)?終了|公開(?:を|が)?終了|存在し)
""")

# A heading or short line of a page that stands before another one.
WALL = any_of(r"""
    just a moment\W|attention required|checking (?:your browser|if the site connection)
    verify(?:ing)? (?:that )?you(?:['’]re| are) (?:a )?human|are you (?:a )?(?:robot|human)
    (?:i['’]?m|you are) not a robot|unusual (?:traffic|activity)|pardon our interruption
    access (?:to this page has been )?denied|request unsuccessful|you have been blocked
    enable (?:javascript|js|cookies)|complete the (?:captcha|security check)
    \bcaptcha\b|ddos protection
    before you continue|we (?:value|care about|respect) your privacy
    (?:accept|manage|reject) (?:all )?(?:cookies|consent|preferences)
    your (?:privacy|cookie) (?:choices|settings|preferences)
    we(?:,| and) .{0,40}partners (?:store|process|use)
    (?:log|sign) ?in (?:to|or register to|to your account to) (?:continue|read|view|access)
    please (?:log|sign) ?in|create (?:a |an )?(?:free )?account to (?:continue|read)
    not available in your (?:region|country)|unavailable (?:in|to) (?:your|visitors)
    ロボットではありません|自動アクセス|不正なアクセス|アクセスが(?:拒否|集中|制限)
    (?:JavaScript|Cookie|クッキー)を有効|同意(?:する|して|いただ)
    ログイン(?:して|が必要|してください)|会員登録が必要
""")

# A short line on a page that sells what it does not show.
SELLING = any_of(r"""
    \bsubscri(?:be|bers?|ption)\b|\b(?:paid|premium) (?:content|members?)\b
    有料会員|会員限定|購読(?:する|者|の方)|有料記事|続きを読むには|残り\s*\d+\s*文字
""")

# A statement that no person translated or checked the text.
MACHINE = any_of(r"""
    (?:machine|automatically|auto|AI)[- ]?translat(?:ed|ion)
    translated (?:by|using|with) (?:AI|artificial intelligence|google translate|deepl|machine)
    (?:機械|自動|AI)\s?翻訳(?:され|した|です|を(?:使用|利用)|による|で(?:す|作成))
""")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
# What may stand before a date on a line of its own.
_DATE_LABEL = (
    r"(?:(?:first )?(?:published|updated|posted)|last updated|date|更新|公開|掲載|配信|投稿)"
    r"\w*\W*(?:on|at|日時?)?\W*"
)
# A whole line that is a date, with or without a time.
DATELINE = re.compile(
    rf"\W*(?:{_DATE_LABEL})?(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\W+)?"
    rf"(?:\d{{4}}[-/.年]\s*\d{{1,2}}[-/.月]\s*\d{{1,2}}日?|\d{{1,2}}月\d{{1,2}}日"
    rf"|\d{{1,2}}\W{_MONTH}\W+\d{{4}}|{_MONTH}\W+\d{{1,2}}\w*\W+\d{{4}}).{{0,45}}",
    re.IGNORECASE,
)
