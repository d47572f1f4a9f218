"""What pages say that is no news: labels, pleas, gates, walls, errors, headings of other stories.

One wording a line, each a regular expression; case makes no difference. The words are general to
the web in English and Japanese, never those of a single publisher.
"""

from __future__ import annotations

import re


def any_of(wordings: str) -> re.Pattern[str]:
    """Return a pattern for any one of the wordings, one a line; a backslash at its end goes on."""
    lines = [line.strip() for line in re.sub(r"\\\n\s*", "", wordings).splitlines()]
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
    (?:会員|読者)登録(?:すると|で.{0,12}(?:読め|ご覧|利用)|は(?:こちら|無料)|いただ|をお願い|（)
    (?:メールマガジン|ニュースレター|公式アカウント).{0,25}(?:登録|フォロー|配信中|受け取)
    (?:LINE|アプリ).{0,25}(?:友だち追加|ダウンロード|配信中|受け取)
""")
# Each plea holds one of these; looking for them first makes a page's worth of lines cheap.
PLEA_WORDS = (
    "sign up", "signing up", "subscribe", "register", "newsletter", "inbox", "preferred source",
    "facebook", "twitter", " on x", "instagram", "google", "whatsapp", "linkedin", "telegram",
    "in touch", "e-mail", "email", "contact", "have a story", "have a tip", "for more stories",
    "check our", "check more", "check out", "please ", "would you like", "you must ", "join ",
    "commission", "download ", "our community", "copyright", "©", "(c)", "may not be",
    "転載", "複製", "著作権", "登録",
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
PICTURE_WORDS = (
    "image", "photo", "pic", "video", "credit", "shutterstock", "写真", "画像", "撮影", "図解",
    "イラスト", "動画", "共同", "/reuters", "/ap", "/afp",
)  # fmt: skip

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

# What is quoted is somebody's, not the page's own word.
QUOTE = re.compile('[“”"「」]')

# A heading or short line of a page that has nothing to show.
ERROR = any_of(r"""
    ^\W*(?:error\W*|http\W*|status\W*)?(?:404|403|410|500|502|503)\b(?!\W*(?:million|billion|\
      people|ships|\w+ (?:troops|pages)))
    \b(?:page|file|article|story|content|url|resource|document|link)\
      \b.{0,40}\b(?:not (?:be )?(?:found|located)|unavailable|missing)
    \b(?:page|file|article|story|content|url|resource|document|link)\b.{0,40}\bno longer (?:here|\
      available|exists?|online)
    \b(?:page|file|article|story|content|url|resource|document|link)\
      \b.{0,40}\b(?:does ?n[o'’]t exist|does not exist|isn['’]t here)
    \b(?:page|file|article|story|content|resource|document)\b.{0,25}\b(?:has been|have been|was|\
      may have been) (?:removed|deleted|archived|moved)
    (?:could ?n[o'’]t|could not|can ?n[o'’]t|cannot|unable to|we were unable to) (?:find|locate|\
      load) (?:the|this|that|your|what)
    \bnothing (?:was )?(?:found|here)\b|\bdead link\b|\bbroken link\b|\bpage (?:is )?gone\b|\
      \bno results? found\b
    \b(?:not found|internal server error|bad gateway|service unavailable|gateway time-?out)\b
    \b(?:something went wrong|temporarily (?:unavailable|down|offline)|(?:down|\
      closed) for maintenance|under maintenance|undergoing maintenance)\b
    \b(?:an (?:unexpected |application )?error (?:has )?occurred|technical (?:difficulties|\
      problem)|fatal error|error establishing)\b
    ^\W*(?:error|oops|sorry|whoops|uh-oh)\W*$
    ページ(?:は|が|を)?.{0,12}(?:見つかりません|見つからない|見つけられません|存在しません|\
      表示できません|ございません|ありません)
    お探しの(?:ページ|記事|情報)|ご指定の(?:ページ|記事|URL)|指定された(?:ページ|記事|URL|\
      アドレス)|エラーが発生|掲載期間が?終了
    (?:記事|ページ|コンテンツ)は(?:、)?(?:すでに|既に|現在)?(?:削除|掲載(?:を|が|期間が)?終了|\
      公開(?:を|が)?終了|存在し|移動|非公開)
    ただいまメンテナンス|メンテナンス(?:中|のため)|サーバー?(?:エラー|が混み合)|しばらく(?:して|\
      経って|たって|時間をおいて).{0,12}(?:再度|もう一度|アクセス)
""")

# A heading or short line of a page that stands before another one.
WALL = any_of(r"""
    just a moment\W|attention required|checking (?:your browser|if the site connection)|\
      one more step
    (?:verify|verifying|confirm|prove)\
      (?: that)? you(?:['’]re| are) (?:not )?(?:an? )?(?:real )?(?:human|person|robot|bot)
    are you (?:an? )?(?:robot|human|bot)|(?:i['’]?m|you are|you['’]re) not a (?:robot|bot)|\
      human verification|verify your (?:browser|identity)
    unusual (?:traffic|activity)|pardon our interruption|press (?:&|and) hold|\
      suspicious activity|automated (?:access|requests|queries|traffic)
    access (?:to this (?:page|site|website|resource) )?(?:has been |is |was )?(?:denied|blocked|\
      forbidden|restricted)|request unsuccessful
    you have been blocked|request (?:has been |was )?(?:blocked|rejected)|\
      requested url was rejected|incident id\b|support id\b
    (?:don['’]t|do not) have permission to access|not authori[sz]ed to (?:access|view)|\
      too many requests|rate limit
    (?:enable|turn on|activate|requires?|needs?|without) (?:javascript|js|cookies)|(?:javascript|\
      cookies) (?:is|are|must be|has been|have been|to be) (?:disabled|required|enabled)
    complete the (?:captcha|security check)|security (?:check|verification)|browser (?:check|\
      verification)
    \bcaptcha\b|ddos protection|web(?:site)? (?:application )?firewall|performance (?:&|\
      and) security by
    before you continue|we (?:value|care about|respect) your privacy|\
      your privacy(?: matters| is important)
    (?:accept|manage|reject|allow|agree to) (?:all |the use of |our )?(?:cookies|consent|\
      preferences)|consent to (?:the use of |our )?cookies
    your (?:privacy|cookie) (?:choices|settings|preferences)|(?:this site|we) uses? cookies
    we(?:,| and) .{0,40}partners (?:store|process|use)
    (?:log|sign) ?in (?:to|or (?:register|subscribe|create an account)|\
      to your account to) (?:continue|read|view|access|keep|see)
    please (?:log|sign) ?in|create (?:a |an |your )?(?:free )?account to (?:continue|read|view|\
      keep)|you (?:must|need to) (?:be logged in|log in|sign in|register)
    register (?:for free |now )?to (?:continue|read|keep|view)|members? only|(?:log|\
      sign) ?in required
    (?:not|un)(?: currently)? ?available (?:in|to|from|for) (?:your|visitors|users|readers|\
      most european)|unavailable for legal reasons
    (?:blocked|restricted|unavailable|not available) in your (?:region|country|location|area)|\
      your (?:region|country|location) (?:is not|isn['’]t) (?:supported|allowed)
    (?:ad ?block(?:er)?s?|ad blocking).{0,40}(?:disable|turn off|whitelist|detected|pause)|\
      (?:disable|turn off|pause) your ad ?block
    ロボット(?:では(?:ありません|ない)|でない)|自動(?:アクセス|化された)|不正な(?:アクセス|\
      リクエスト)|アクセス(?:が|は|を)(?:拒否|集中|制限|遮断|\
      ブロック|許可され)
    人間であること|セキュリティ(?:チェック|確認|検証)|ブラウザー?を?(?:確認して|検証)|画像認証|\
      お待ちください.{0,20}確認|アクセス権限がありません
    (?:JavaScript|Java ?Script|ジャバスクリプト|Cookie|クッキー)(?:の設定)?(?:を|が)(?:有効|オン|\
      無効|使用|許可)|(?:同意する|\
      同意して|同意いただ|同意が必要)
    ログイン(?:して(?:ください|続き|お読み)|が必要|してから|の上)|会員登録(?:\(無料\)|\
      （無料）)?(?:が必要|して|すると)|(?:会員|登録者)(?:専用|限定)\
      (?:ページ|サイト)
    (?:お住まいの|ご利用の|お客様の)(?:地域|国)|(?:海外|国外|日本国外)から(?:の|は|\
      ご)?(?:アクセス|利用|覧)|日本国内(?:から)?のみ|\
      広告ブロック(?:機能|ツール)?を
""")

# A sentence that speaks to the reader rather than of the world.
TO_READER = any_of(r"""
    \b(?:you|your|yours|please|we|our|us|here)\b|^(?:try|click|go|return|check|use|visit|contact|\
      enable|turn|log|sign|register|accept|subscribe|complete|press|search|back)\b
    ください|下さい|お客様|ご利用|ご覧|お(?:探|手数|待|願|問)|当(?:サイト|社)|いただ|(?:する|\
      した)場合
""")

# What a notice on cookies and data speaks of.
CONSENT = any_of(r"""
    \bcookies?\b|\bconsent\b|\bpersonal(?:i[sz]ed)? (?:data|information|ads|content)\b|\
      \bprivacy (?:policy|notice|settings|choices)\b
    \blegitimate interests?\b|\b(?:vendors|partners|third parties)\b|クッキー|Cookie|個人情報|\
      プライバシー|同意
""")

# A heading over the results of a search.
SEARCH = any_of(r"""
    \bsearch results?\b|\bresults for\b|^search\b|\bsearch:|\d+ results?\b|検索(?:結果|一覧)|\
      を検索|の検索
""")

# A short line on a page that sells what it does not show.
SELLING = any_of(r"""
    \bsubscri(?:be|bers?|ption)\b|\b(?:paid|premium) (?:content|members?)\b
    有料会員|会員限定|購読(?:する|者|の方)|有料記事|続きを読むには|残り\s*\d+\s*文字
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
