import re
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.tag import Tagger, TagInput

MARK = re.compile(r"\[([OESMB]) ([^\]]+)\]")
LABELS = {"O": "OFFICIAL", "E": "EXERCISE", "S": "SHIP", "M": "MINERAL", "B": "BASE"}
TAGGER = Tagger.load()


def spans(text: str, on: str = "2024-06-01") -> list[tuple[str, str]]:
    item = TagInput(
        article_id="a" * 16, text=text, language="ja", published_on=date.fromisoformat(on)
    )
    [found] = TAGGER.tag([item])
    assert all(0 <= mention.start < mention.end <= len(text) for mention in found)
    return [(mention.label.value, text[mention.start : mention.end]) for mention in found]


def check(marked: str) -> None:
    expected = [(LABELS[label], surface) for label, surface in MARK.findall(marked)]
    assert spans(MARK.sub(r"\2", marked)) == expected


@pytest.mark.parametrize(
    "marked",
    [
        "県の[O 藤代見介]副知事は会見した。",
        "町議会の[O 神代見三]議長が質疑を打ち切った。",
        "[O 小林見八]戸市長は退席した。".replace("見八]戸", "見]八戸"),
        "[O 中谷健作]経済産業副大臣が答弁した。",
        "[O 有村保]北米局長、[O 赤木隆]外務審議官が調整した。",
        "[O 遠山和男]駐フィリピン大使と[O 大川洋]在ホノルル総領事が会った。",
        "外務省の[O 橋爪尚史]沖縄担当大使に会った。",
        "[O 坂井見一]・防衛政策局長が説明した。",
        "さつま町の[O 上原俊市]町長とむつ市の[O 見山透]市長が訪ねた。",
        "[O 山本みほん]防衛副大臣が視察した。",
        "駐屯地司令の[O 井口雄次郎]1佐と[O 馬場公平]海将補が迎えた。",
        "在日米軍の[O ランドン・メイフィールド]司令官が来た。",
        "司令官[O レン・ソールター]大佐は無言だった。",
        "司令官は[O ジェド・フリーマントル]大佐から[O マイロ・ハーグリーブ]大佐に代わる。",
        "[O ヒルデ・ラムゼイフォード]駐日英大使が着任した。",
        "[O 習仮平](シーカリピン)国家主席が演説した。",
    ],
)
def test_name_ends_where_its_office_begins(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "知事公室長の[O 溝端政人]氏が答えた。",
        "防衛政務官の[O 金沢容介]氏と[O 佐山啓]氏が同席した。",
        "石垣市議の[O 花村史人]氏は反対した。",
        "国防次官補の[O レドモンド]氏が文書を調整した。",
        "在沖米総領事の[O アンドリス・オウル]氏が同行した。",
    ],
)
def test_name_after_a_title_is_found_when_an_honorific_follows(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "県の[O 池畑見州]副知事が訪ねた。[O 池畑]氏は懸念を示した。",
        "新司令官の[O マイロ・フォンタナ]大佐が着いた。[O フォンタナ]氏は応じた。",
        "[O 宮川大介]市長、[O 山根竹人]市長が会った。[O 宮川]、[O 山根]両氏は黙った。",
        "[O 鈴木見朗]市長が来た。工場の鈴木見宏社長は去った。鈴木氏は急いだ。",
    ],
)
def test_later_surname_means_whoever_came_last(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "元見本市長の井原見介氏が批判した。",
        "稲垣進・前名護市長は集会に来た。",
        "田村富男前市長は出席しない。",
        "前外務次官の見本太郎氏が寄稿した。",
        "半導体大手の鈴木見宏社長と東京大の加藤見浩教授が講演した。",
        "漁協の見本一郎組合長、商店主の佐藤見男さん(71)が話した。",
        "住民団体の山田見夫代表は抗議した。",
        "フィリピン国防相と駐日英大使、東北方面総監が会った。",
        "経産政務官と陸自西部方面総監は欠席した。",
        "地元首長と女性議員が知事選を話した。",
        "沖縄県知事と那覇市長は会わなかった。",
    ],
)
def test_no_official_is_found_when_nobody_in_office_is_named(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    "marked",
    [
        "護衛艦「[S みほんなみ]」「[S しるしかぜ]」と「[S たとえゆき]」が出港した。",
        "僚艇「[S みほんじま]」を点検した。",
        "作業船「[S 見本丸]」とSEP船「[S ブルーサンプル]」を使う。",
        "中国海警局の船「[S 海警9302]」が侵入した。[S 海警9302]は砲を備える。",
        "米原潜「[S サンプルビル]」が寄港した。",
        "巡視船「[S みほん]」が来た。沖では「[S ためし]」も加わった。",
        "比海軍の「[S アントニオ・ミホン]」が艦隊に加わった。",
        "空母[S サンプル・レイク]が入港した。[S サンプル・レイク]は5日に出る。",
        "ルーヤン級「[S 見本]」、駆逐艦「[S 例示]」が通った。",
        "輸送艇2隻が並ぶ。3隻目の「[S みほんぞら]」は艤装中だ。",
    ],
)
def test_ship_is_found_when_its_kind_stands_near(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "「いずも」型護衛艦の改修は続く。",
        "艦艇の話の後、新幹線「はやぶさ」で帰った。",
        "ジョージ・ワシントン大学とリビアの首都トリポリの話だ。",
        "宇宙船「みほん」が打ち上がった。護衛艦は無い。",
    ],
)
def test_no_ship_is_found_when_a_name_means_something_else(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    "marked",
    [
        "演習「[E サンプル・ドラゴン25]」が始まった。",
        "サイバー競技「[E サイバーミホン2025]」を終えた。",
        "続く海兵隊の「[E サンプラグ7]」で訓練した。",
        "訓練は「[E MIHONIRE22]」の一環。",
        "指揮所演習([E ミホンザクラ85])は駐屯地で行われた。",
        "演習では「[E サンプル・パック2024]」のほか、「[E ミホンクラ]」が候補だ。",
        "部隊は[E 陸上自衛隊演習]と[E 自衛隊統合演習]に加わる。",
        "米軍は秋の「[E サンプル・ソード25]」で島を使う。",
    ],
)
def test_exercise_is_found_with_its_edition(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "訓練でミサイル「サンプルフォン」を撃った。",
        "部隊は日米共同訓練と防災訓練をした。",
        "軍の話の後で「防衛白書2021」と「見本展2025」を見た。",
    ],
)
def test_no_exercise_is_found_in_products_and_papers(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    "marked",
    [
        "海上自衛隊[B 見本湊基地]と海自[B 例示基地]を訪ねた。",
        "無人機が昨年[B 見本納基地]へ移った。",
        "[B 見本基地隊]で点検した。",
        "[B 六見対空射場]と[B 見本試験場]で陸自が撃った。",
        "京都府の[B 見桂駐屯地]、えびの市の[B えびの駐屯地]を使う。",
        "[B 伊丹駐屯地]と[B 新田原基地]、[B 米子駐屯地]が会場だ。",
        "グアムの[B サンプルセン空軍基地]、米軍[B キャンプ・ミホン]へ進んだ。",
    ],
)
def test_base_is_found_without_what_stands_before_its_name(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "海兵隊の遠征前進基地作戦と敵基地攻撃能力を論じた。",
        "市議会基地政策特別委員会は米軍基地の負担を訴えた。",
        "農業試験場と運転免許試験場、LNG基地を造る。",
        "同基地の司令官は留守だ。\n基地前で抗議があった。",
    ],
)
def test_no_base_is_found_when_it_bears_no_name(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    "marked",
    [
        "負極材用[M 黒鉛]と[M 天然黒鉛]、[M 人造黒鉛]の審査を厳しくする。",
        "[M ニッケル]権益の売却を検討。",
        "難燃剤に使う[M 三酸化アンチモン]と[M パラタングステン酸アンモニウム]が上がった。",
        "[M 炭酸リチウム]と[M 硫酸ニッケル]の調達。",
        "[M 銅]、[M 亜鉛]、[M 鉛]の製錬が続く。",
    ],
)
def test_mineral_is_found_with_its_compound(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "窒化ガリウムの素子とリチウムイオン電池を使う。",
        "日本タングステン、東邦亜鉛、日本チタン協会が集まった。",
        "米リチウム・アメリカズの幹部は資源の調達を話した。",
        "銅メダルと銀行、プラチナチケット、鉛筆の話。",
        "ネオジム磁石とチタン合金、チタン製の眼鏡。",
    ],
)
def test_no_mineral_is_found_in_things_and_companies(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "on", "entity_id"),
    [
        ("輸送艦「おおすみ」が出た。", "2024-06-01", "jmsdf-lst-4001-osumi"),
        ("巡視船「おおすみ」が出た。", "2024-06-01", "jcg-pl-202-osumi"),
        ("岸防衛相が来た。", "2021-06-01", "kishi-nobuo"),
    ],
)
def test_shared_name_links_by_what_stands_beside_it(text: str, on: str, entity_id: str) -> None:
    item = TagInput(
        article_id="a" * 16, text=text, language="ja", published_on=date.fromisoformat(on)
    )
    [[mention]] = TAGGER.tag([item])
    assert mention.entity_id == entity_id


PIECES = st.sampled_from(
    [
        *"元 前 の 氏 両氏 と 、 。 「 」 ・ ( ) 首相 市長 司令官 1佐".split(),
        *"小林 眞 八戸 太郎 むつ えびの タイ 米 ア・イ 護衛艦 海警1 丸".split(),
        *"演習 訓練 25 基地 駐屯地 キャンプ リチウム 三酸化 鉛 𠮷 が゛".split(),
        "\n",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=30))
def test_any_order_of_pieces_gives_spans_in_order_that_do_not_overlap(pieces: list[str]) -> None:
    text = "".join(pieces)
    [found] = TAGGER.tag([TagInput(article_id="a" * 16, text=text, language="ja")])
    ends = [0]
    for mention in found:
        assert mention.start >= ends[-1]
        assert text[mention.start : mention.end].strip()
        ends.append(mention.end)


@pytest.mark.parametrize(
    "piece", ["小林", "ア・", "「い」", "第1護衛隊群司令", "基地", "氏の", "三酸化"]
)
def test_long_repetition_takes_time_in_proportion_to_its_length(piece: str) -> None:
    started = time.process_time()
    spans(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 10
