"""Japanese offices: the words that end a title, those that stand before them, what they mean."""

from __future__ import annotations

from alliance_nlp.tag.japanese_places import CITIES, CITIES_ABROAD, COUNTRIES

# Titles after a name, with what they mean for linking.
MEANINGS = {
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
# The end of a title: what stands before it belongs to the office or is the name.
STRONG = """
首相 総理大臣 総理 大統領 副大統領 国家主席 総書記 総統 国務委員 党首 大臣 副大臣 政務官 長官
副長官 次官 副次官 事務次官 次官補 次官補代理 審議官 局長 局次長 官房長 報道官 副報道官 報道部長
外交部長 国防部長 部長代理 知事 副知事 市長 副市長 町長 副町長 村長 副村長 区長 副区長 郡長 教育長
危機管理監 統括監 公室長 政策監 参事監 技監 統括官 政策統括官 監理官 参事官 書記官 大使 公使
総領事 副総領事 首席領事 領事 特使 特別代表 武官 司令官 副司令官 総司令官 指揮官 司令 副司令 総監
副総監 調整官 幕僚長 幕僚副長 副幕僚長 幕僚監 統幕長 陸幕長 海幕長 空幕長 幕僚 師団長 旅団長
連隊長 大隊長 中隊長 団本部長 艦長 艇長 群長 陸将 海将 空将 陸将補 海将補 空将補 将補 大将 中将
少将 准将 元帥 大佐 中佐 少佐 大尉 中尉 少尉 上級曹長 最上級曹長 先任伍長 上級兵曹長 議員 県議
都議 府議 道議 市議 町議 村議 区議 衆院議員 参院議員 議長 副議長 院内総務 院内幹事 幹事長 政調会長
総務会長 国対委員長 選対委員長 書記局長 補佐官 副補佐官 事務総長 主席 主任 専門官 首席監察官
検事総長 会計官 行政長官 政務次官 監察監 事務局長 外交担当上級代表 上級代表 財務官 国際交渉官
交渉官 補給処長 基地司令 駐屯地司令 群司令 団司令 隊司令 統合参謀本部議長 委員長代理
""".split()
DOUBTFUL = """
代表 副代表 委員長 副委員長 団長 副団長 隊長 副隊長 室長 部長 副部長 課長 次長 総裁 副総裁 本部長
副本部長 所長 院長 管区長 部会長 調査会長 税調会長 小委員長 政権 内閣 会長 顧問 参与 理事官
""".split()
MINISTRIES = """
外務 防衛 国防 経済産業 経産 財務 農林水産 農水 農林 国土交通 国交 環境 総務 法務 文部科学 文科
厚生労働 厚労 復興 デジタル 内閣府 内閣官房 内閣 官房 金融 国家安全保障 国家公安 国家公安委員会
経済安全保障 経済安保 経済再生 経済財政 沖縄北方 沖縄・北方 北方 サイバー安全保障 サイバー
安全保障 安保 消費者 少子化 こども こども政策 地方創生 海洋 科学技術 宇宙 国務 商務 通商 貿易
エネルギー 運輸 司法 国土安全保障 内務 戦争 海軍 陸軍 空軍 海兵隊 宇宙軍 農業 労働 保健 教育 産業
産業通商資源 統一 外交 人道 観光 気候変動 経済 財政 海事 海事庁 新資本主義 規制改革 行政改革
デジタル改革 万博 原子力 原子力防災 防災 国土強靱化 沖縄 日ロ経済 国際 資源 国防産業 防衛産業 鉱業
投資 通信 科学 家族 保健福祉 行政安全 雇用労働 国土 水産 漁業 産業貿易 退役軍人 住宅 公共事業 司法
計画 外
""".split()
MINISTERS = ["外相", "首相", "宰相", "財相", "法相", "農相", "蔵相", "担当相"]
MINISTERS += [f"{ministry}相" for ministry in MINISTRIES if ministry not in ("外", "官房", "内閣")]
ORGANISATIONS = """
海上保安庁 海保 防衛装備庁 資源エネルギー庁 消防庁 警察庁 警視庁 気象庁 水産庁 観光庁 金融庁
特許庁 中小企業庁 林野庁 文化庁 スポーツ庁 宮内庁 国税庁 公安調査庁 出入国在留管理庁 原子力規制庁
通商代表部 国家安全保障局 国家安全保障会議 国家安全保障 防衛局 防衛施設局 外務省 防衛省 経済産業省
経産省 財務省 農林水産省 農水省 国土交通省 国交省 環境省 総務省 法務省 文部科学省 文科省
厚生労働省 厚労省 国防総省 国務省 商務省 国防省 外交部 国防部 戦争省 内務省 司法省 エネルギー省
運輸省 政府 大統領府 統合幕僚 統合 統合作戦 陸上 海上 航空 陸上自衛隊 海上自衛隊 航空自衛隊 自衛隊
陸自 海自 空自 自衛艦隊 護衛艦隊 潜水艦隊 航空集団 航空総隊 航空支援集団 航空教育集団
航空開発実験集団 練習艦隊 水陸機動団 教育航空集団 掃海隊群 護衛隊群 護衛隊 潜水隊群 潜水隊 掃海隊
輸送隊 航空群 航空団 戦闘航空団 空輸航空団 航空方面隊 方面隊 陸上総隊 補給本部 教育訓練研究本部
海上輸送群 情報本部 統合司令部 統合軍 在日米軍 在日米海軍 在日米陸軍 在日米海兵隊 在韓米軍
在沖米軍 在沖縄米軍 在沖海兵隊 在沖米海兵隊 米軍 米陸軍 米海軍 米空軍 米海兵隊 米宇宙軍
米沿岸警備隊 沿岸警備隊 太平洋艦隊 米太平洋艦隊 インド太平洋軍 米インド太平洋軍 太平洋陸軍
太平洋空軍 太平洋海兵隊 米太平洋陸軍 米太平洋空軍 太平洋軍 東部艦隊 北海艦隊 東海艦隊 南海艦隊
黒海艦隊 艦隊 機動艦隊 空母打撃群 空母航空団 遠征打撃群 海兵遠征軍 海兵遠征部隊 海兵航空団
海兵師団 海兵沿岸連隊 空挺師団 軍団 師団 旅団 連隊 大隊 中隊 戦闘団 国連軍 統合任務部隊 統合部隊
機動部隊 任務部隊 艦載機 部隊 戦域 国防軍 王立海軍 王立空軍 軍 海軍作戦 海兵隊総 参謀 参謀本部
統合参謀本部 作戦 作戦部 米下院 米上院 米議会 上院 下院 衆院 参院 衆議院 参議院 国会 議会 県議会
都議会 府議会 道議会 市議会 町議会 村議会 区議会 欧州議会 欧州委員会 欧州委 立法院 全人代
外事弁公室 軍事委員会 公安 自民党 自民 立憲民主党 立民 公明党 公明 国民民主党 国民民主
日本維新の会 維新 共産党 共産 社民党 社民 れいわ 民主党 共和党 与党 野党 党 中央軍事委 党中央
総領事館 大使館 領事館 代表部 裁判所 通商代表部 通商代表
""".split()
DIVISIONS = """
北米 アジア大洋州 欧州 中東アフリカ 中南米 国際法 総合外交政策 国際協力 領事 防衛政策 整備計画
地方協力 人事教育 衛生 大臣官房 通商政策 貿易経済安全保障 貿易管理 製造産業 商務情報政策
産業技術環境 産業政策 貿易経済協力 港湾 海事 航空 鉄道 道路 自動車 水管理 主計 主税 関税 理財 国際
政策統括 国際情報統括 危機管理 基地対策 企画 総合政策 運用政策 運用 防衛計画 装備政策 技術戦略
調達 報道 資源・燃料 資源燃料 省エネルギー 電力 東アジア 太平洋 東アジア・太平洋 インド太平洋
アジア 南西 警備救難 警備 刑事 公共 アジア・太平洋 広報 土木 建築 土木建築 福祉 健康 子ども 商工
労働 観光 文化 教育 水道 都市 整備 農林 農政 農業 漁業 秘書 総務企画 県民生活 生活 知事公室
市長公室 地域 地域振興 振興 経済部 まちづくり 復興 消費 交通 河川 港湾管理 空港 基地政策 渉外
基地渉外 国民保護 安全 防犯 総括 人事 経理 施設 監察 訓練 情報 通信 輸送 補給 技術 地方 東北 東部
西部 中部 北部 中央 南部 東北方面 西部方面 東部方面 中部方面 北部方面 方面 大湊地方 横須賀地方
呉地方 佐世保地方 舞鶴地方 西部航空方面隊 北部航空方面隊 中部航空方面隊 南西航空方面隊
南西航空混成団 基地 駐屯地 分屯地 分屯基地 群 団 隊 隊群 管区 海上保安本部 海上保安部 海上保安監
消防 警察 県警 府警 道警 県 府 都 道 市 町 村 区 郡 州 省 庁 局 部 課 室 院 会 議会 拠点 港 港湾部
知事 市長 町長 村長 首相 大統領 大臣 副大臣 政務官 長官 大使 総領事 司令官 四軍 四軍調整 合同 共同
連合 連邦 人民 民主 共和 最高 上級 上席 筆頭 首席 主席 副 第 代理 担当 臨時 臨時代理 特命全権 特命
全権 特別 統括 総合 常任 常務 政務 事務 専任 兼任 外交 国際 対外 対日 対米 対中 国連 政策 問題
関係 委員会 特別委員会 委員 会派 議運 議院運営 外交防衛 安全保障委員会 軍事 軍司令 多国間 二国間
日米 日米韓 日韓 日豪 日中 日英 米韓 米中 米比 米豪 米英 沿岸 沿岸警備 海域 海峡 基幹 機動 空挺
高射 特科 施設 普通科 戦車 砲兵 歩兵 通信 後方支援 衛生 装備 研究 開発 飛行 飛行隊 飛行群 航空隊
航空基地 航空基地隊 基地隊 警戒 警戒管制 警戒隊 ミサイル 地対艦ミサイル 地対艦 高射特科 水陸機動
偵察 情報 宇宙作戦 サイバー防衛
""".split()
# Words before a title that make its holder no holder of it now.
PAST = frozenset("元 前 故 旧 先代 初代 歴代 次期 前任 後任 元職 先々代 前々 新人 候補".split())
COMMON = """
地元 首長 新任 新 現 現職 当時 同 各 両 全 関係 主要 閣僚 複数 各国 両国 同国 同県 同市 同町 同村
同省 同庁 同局 自国 他国 女性 男性 若手 古参 無所属 超党派 有力 一部 多数 大半 国会 地方 中央 全国
東京 日本政府 米政府 米国防 米国務 米商務 米国 両政府 双方 現地 近隣 周辺 沿線 市民 県民 国民 住民
民間 中堅 幹部 実力 親日 知日 知日派 重鎮 最年少 歴任 在任 同期 交代 後継 責任 権限 組織 担当者
外国 政府系 保守系 革新系 保守 革新 県内 市内 町内 村内 国内 海外 世界 今回 今年 昨年 来年 先月
今月 当日 翌日 本日 今期 来期 毎年 時代 現在 米朝 三役 党内 党役員 役員 陸海空 三軍 全軍 制服組
背広組 軍幹部 政権 内閣改造 空席 不在 第一 第二 第三 大物 元老
""".split()
_FOREIGN_WORDS = [
    lead + place for lead in "駐在訪" for place in COUNTRIES | CITIES_ABROAD | {"日", "京"}
]
_PLACES = [city + end for city in CITIES for end in ("", "県", "府", "都", "市", "町", "村", "区")]
_SMALL_WORDS = "・ 州 島 湾 諸島 半島 側 系 派 人 駐日 駐米 在京 在沖 在沖縄".split()
WORDS = COUNTRIES | PAST.union(
    MINISTRIES,
    ORGANISATIONS,
    DIVISIONS,
    COMMON,
    _PLACES,
    _FOREIGN_WORDS,
    _SMALL_WORDS,
)
# Signs of an institution, hardly ever of a name.
INSTITUTIONAL = frozenset(
    "軍省庁局課室隊艦党署級等各両際議団員官策電機闘戦航駐屯群揮報情貿業係担側席票権臨監統閣企技研税港線駅店社校学館車長"
)
SHARP_PLACE_TITLES = frozenset(
    "市長 副市長 町長 副町長 村長 副村長 区長 知事 副知事 市議 県議 町議 村議".split()
)
NOT_OFFICES = """
社長 副社長 教授 准教授 名誉教授 助教 研究員 研究主幹 理事長 理事 組合長 選手 監督 さん 記者
弁護士 店長 学長 学部長 校長 頭取 専務 常務 取締役 最高経営責任者 編集長 支配人 住職 宮司 俳優
歌手 容疑者 被告 候補 ちゃん 船長 医師 作家 監査役 館長 園長 代表取締役
""".split()
