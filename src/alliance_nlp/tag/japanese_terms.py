"""Japanese words that stand beside names: titles, types of ship, exercises and bases."""

from __future__ import annotations

import re

KANJI = "\u4e00-\u9fff々〆ヶ"
KATA = "\u30a1-\u30faー"
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
# Titles after a name, with what they mean for linking.
TITLES = {
    "首相": "prime minister", "総理大臣": "prime minister", "総理": "prime minister",
    "大統領": "president", "副大統領": "vice president", "国家主席": "president",
    "国務委員": "minister", "総統": "president", "主席": "president",
    "総書記": "president", "国務委員長": "leader", "外相": "foreign minister",
    "外務大臣": "foreign minister", "外務相": "foreign minister", "外務次官": "vice minister",
    "外交部長": "foreign minister", "外務省報道官": "spokesperson", "外務報道官": "spokesperson",
    "防衛相": "defense minister", "防衛大臣": "defense minister", "国防相": "defense minister",
    "国防長官": "defense secretary", "国務長官": "secretary of state",
    "戦争長官": "war secretary", "国防部長": "defense minister", "国防次官": "under secretary",
    "国防副長官": "deputy secretary", "国務副長官": "deputy secretary",
    "国務次官補": "assistant secretary", "国防次官補": "assistant secretary",
    "国務次官": "under secretary", "商務長官": "commerce secretary",
    "財務長官": "treasury secretary", "エネルギー長官": "energy secretary",
    "通商代表": "trade representative", "通商代表部代表": "trade representative",
    "官房長官": "chief cabinet secretary", "官房副長官": "deputy secretary",
    "経産相": "industry minister", "経済産業相": "industry minister",
    "経済産業大臣": "industry minister", "財務相": "finance minister",
    "財務大臣": "finance minister", "経済再生相": "minister", "経済再生担当相": "minister",
    "経済安保相": "economic security", "経済安全保障相": "economic security",
    "経済安全保障担当相": "economic security", "環境相": "minister", "国交相": "minister",
    "農相": "minister", "農水相": "minister", "法相": "minister", "総務相": "minister",
    "文科相": "minister", "厚労相": "minister", "デジタル相": "minister",
    "沖縄北方相": "minister", "沖縄担当相": "minister", "担当相": "minister",
    "副大臣": "vice minister", "政務官": "vice minister", "大臣": "minister",
    "事務次官": "vice minister", "次官": "vice minister", "局長": "director-general",
    "審議官": "director-general", "報道官": "spokesperson", "知事": "governor",
    "副知事": "governor", "市長": "mayor", "町長": "mayor", "村長": "mayor", "区長": "mayor",
    "大使": "ambassador", "駐日大使": "ambassador", "駐米大使": "ambassador",
    "駐日米大使": "ambassador", "駐日米国大使": "ambassador", "駐日米国特命全権大使": "ambassador",
    "臨時代理大使": "ambassador", "総領事": "ambassador", "公使": "ambassador",
    "司令官": "commander", "総司令官": "commander", "副司令官": "commander",
    "在日米軍司令官": "commander", "海軍大将": "admiral", "陸軍大将": "general",
    "空軍大将": "general", "大将": "general", "中将": "general", "少将": "general",
    "准将": "general", "大佐": "colonel", "中佐": "colonel", "少佐": "maj", "大尉": "capt",
    "幕僚長": "chief of staff", "統幕長": "joint staff chief", "陸幕長": "army chief",
    "海幕長": "navy chief", "空幕長": "air force chief", "統合幕僚長": "joint staff chief",
    "陸上幕僚長": "army chief", "海上幕僚長": "navy chief", "航空幕僚長": "air force chief",
    "統合作戦司令官": "commander", "自衛艦隊司令官": "commander", "方面総監": "commander",
    "総監": "commander", "艦長": "captain", "陸将": "general", "海将": "admiral",
    "空将": "general", "陸将補": "general", "海将補": "admiral", "空将補": "general",
    "上院議員": "senator", "下院議員": "representative", "下院議長": "speaker",
    "衆院議員": "diet member", "参院議員": "diet member", "衆議院議員": "diet member",
    "参議院議員": "diet member", "国会議員": "diet member", "議員": "lawmaker",
    "院内総務": "majority leader", "委員長": "chair", "事務総長": "secretary general",
    "幹事長": "secretary general", "政調会長": "", "国家安全保障局長": "national security adviser",
    "大統領補佐官": "national security adviser", "首相補佐官": "adviser", "補佐官": "adviser",
    "長官": "secretary", "政権": "administration", "内閣": "cabinet", "報道部長": "spokesperson",
    "特使": "special envoy", "代表": "", "欧州委員長": "president",
}  # fmt: skip
DOUBTFUL_TITLES = frozenset(
    {
        "代表",
        "委員長",
        "局長",
        "審議官",
        "長官",
        "議員",
        "総監",
        "政調会長",
        "内閣",
        "大臣",
        "次官",
        "総理",
        "公使",
        "艦長",
        "補佐官",
        "担当相",
    }
)
TITLE = "|".join(sorted(TITLES, key=len, reverse=True))
# What stands before a title without being a name.
NO_NAME = re.compile(
    "^(?:米|英|仏|独|豪|比|韓|中|露|印|台|伊|加|日|日米|日米韓|日本|米国|中国|韓国|英国|豪州|台湾|北朝鮮|"
    "政府|両国|各国|同国|同|前|元|新|現|副|次期|歴代|当時|関係|外務|防衛|国防|国務|財務|商務|経済|"
    "法務|総務|県|市|町|村|府|都|州|区|党|沖縄|沖縄県|東京都|名護市|地元|駐日|駐米|在日|在韓|"
    "統合|陸上|海上|航空|自衛隊|海軍|陸軍|空軍|海兵隊|連邦|大統領|首相|特命全権|臨時代理|全権|"
    "外務省|防衛省|国防総省|国務省|財務省|内閣|官房|担当|安全保障|国家安全保障|経済安全保障|"
    "第.*|.*(?:省|庁|県|市|軍|隊|艦隊|方面|局|課|室|国|党|会)|民主|共和|自民|与党|野党|"
    "太平洋|インド太平洋|東アジア|トランプ政権|.*(?:担当|関係|問題|政策|総局))$"
)
TOWNS = (
    "名護|宜野湾|嘉手納|北谷|読谷|沖縄|岩国|横須賀|佐世保|三沢|福生|綾瀬|大和|座間|石垣|与那国|金武|恩納|"
    "宜野座|うるま|浦添|那覇|豊見城|西之表|舞鶴|呉|相模原|逗子|長崎|広島|沖縄県|山口県|長崎県|神奈川県|"
    "青森県|佐賀県|鹿児島県|東京都|北海道|宮古島|奄美|木更津|佐賀"
)
FORMER = ("元", "前", "・元", "・前", "(元", "(前")
NAME_BEFORE = re.compile(
    f"(?P<name>[{KANJI}]{{1,3}}[\u3041-\u3096]{{1,3}}|[{KATA}]{{2,}}(?:[・＝=][{KATA}]{{2,}}){{0,3}}"
    f"|[{KANJI}]{{1,5}}(?:[{KATA}]{{2,4}})?)(?P<joint>・?)$"
)
TITLE_AT = re.compile(f"(?P<joint>・?)(?P<pre>(?:[{KANJI}]|[{KATA}]){{0,14}}?)(?P<title>{TITLE})")
SHIP_TYPE = (
    "護衛艦|イージス艦|駆逐艦|巡洋艦|空母|潜水艦|フリゲート艦?|巡視船|巡視艇|補給艦|掃海艇|掃海艦|輸送艦|"
    "強襲揚陸艦|揚陸艦|練習艦|砕氷艦|哨戒艦|哨戒艇|貨物船|タンカー|コンテナ船|調査船|探査船|ミサイル艇|"
    "情報収集艦|沿海域戦闘艦|測量艦|救難艦|旗艦|カッター|ばら積み船|運搬船|客船|フェリー|漁船|艦艇|艦"
)
QUOTED_SHIP = re.compile(f"(?:{SHIP_TYPE})[「『]([^」』\n]{{1,20}})[」』]")
BARE_SHIP = re.compile(f"(?:{SHIP_TYPE})([{KATA}]{{2,}}(?:・[{KATA}]+)*)")
DRILL = "演習|訓練"
QUOTED_DRILL = re.compile(f"(?:{DRILL})[「『]([^」』\n]{{2,30}})[」』]")
DRILL_AFTER = re.compile(
    f"[「『]([^」』\n]{{2,30}})[」』](?:[^。、\n「」がはをとものに]{{0,8}}?)(?:{DRILL})"
)
EDITION_JA = re.compile(
    "(?:[0-9０-９]{4}|[0-9０-９]{2}|[’']?[0-9０-９]{2})(?![0-9０-９]|[年月日カか人隻機])"
)
BASE_AT = re.compile(
    f"(?:(?:キャンプ・?)[{KATA}]{{2,}}|[{KANJI}{KATA}・]{{2,12}}"
    "(?:空軍基地|海軍基地|航空基地|空軍施設|海軍施設|海軍航空基地|基地|駐屯地|分屯地|飛行場|演習場|訓練場|弾薬庫|補給廠|通信所))"
)
BASE_LEAD = re.compile(
    "^(?:在日|在沖|在韓|米軍|米海軍|米空軍|米陸軍|米海兵隊|海兵隊|米国|米|日米|陸上自衛隊|海上自衛隊|航空自衛隊|"
    "陸自|海自|空自|自衛隊|沖縄県|["
    + KANJI
    + "]{2,3}[都道府県]|["
    + KANJI
    + "]{1,4}[市町村]|同|新|軍|"
    "各|全|両|豪|韓国|中国|英|海軍|空軍|陸軍|の)+"
)
US_LEAD = re.compile("在日米軍|米軍|米空軍|米海軍|米海兵隊|米陸軍")
BASE_GENERIC = re.compile(
    "^(?:移設|代替|軍事|ミサイル|共用|専用|使用|返還|補給|航空|前方|作戦|民間|新|空軍|海軍|陸軍|普通|在外|"
    "対象|周辺|主要|海外|戦略|巨大|出撃|訓練|射撃|実弾|陸上|国内|地下|辺野古新)*"
    "(?:空軍基地|海軍基地|航空基地|基地|駐屯地|飛行場|演習場|訓練場|弾薬庫|補給廠|通信所|施設)$"
)
FORMER_BEFORE = re.compile(f"[元前故](?:{TITLE})(?:の|・)?$")
ORG_BEFORE = re.compile("(?:省|庁|局|軍|隊|部|府|院|会議)の$")
LEAD_PLACE = re.compile(
    f"(?:[{KANJI}]{{2,3}}(?:県|府|都|市|町|村)|米国|日本|韓国|中国|台湾|豪州|英国|政府|同県|同市)(?=[{KANJI}]{{2}})"
)
