"""How well bytes read in a charset: the share of characters that people write often.

Multi-byte charsets overlap: most bytes of one decode in another without an error. What tells them
apart is the result, since a wrong decoding scatters over rare characters.
"""

from __future__ import annotations

import re

# Kana and punctuation, then the most frequent characters of Japanese, simplified Chinese and
# traditional Chinese news, then the most frequent syllables of Korean.
_COMMON = frozenset(
    "、。「」『』・ー，！？：；（）　〜～…％①②③④⑤㈱㎡"
    "日一国年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女"
    "北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業"
    "方新場員立開手力問代明動京目通言理体田主題意不作用度強公野以思家世多正安院心界教文元重近"
    "考画海売知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病"
    "質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅"
    "洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢相部政党米軍防衛首対議定決合約調経済市場"
    "選挙大臣両府県基協議支援関税"
    "的是了我不人在他有这上们来到时说就个和地要出也你对生能而子那得于着下自之过发后作里用道行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心现开从前她本无日"
    "两国与为中长将实新机关会议部美军海防电"
    "這們來時說個對過發後裡經麼現當沒動還進樣開從無兩國與為長將實機關會議電區號萬門書車東馬見"
    "話語讓給問間點爭聯計畫總統灣"
    "이다는을의에가고하한를은지로기사도인어리시대정서자있나일전해수부스그제장들과국주보아상공니으"
    "만소구원성적여동안것라선위년관경오조거미계방했면였화명비원무중연마세진행신생우당실유내합군및"
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_NO_TEXT = re.compile("[\ue000-\uf8ff\u0080-\u009f\uff61-\uff9f\ufffd]")
_WESTERN = re.compile(
    "[\u00a0£§©«®°±²³·»½¿ÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÙÚÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŠšŸŽž€™‘’“”–—…•†‹›]"
)
EAST_ASIAN = (
    "cp932", "euc_jp", "euc_jis_2004", "gb18030", "big5hkscs", "cp950", "cp949",
)  # fmt: skip
# A plausible reading scores about 0.4 to 0.9, a wrong one below 0.15.
PLAUSIBLE = 0.22
_SAMPLE = 20_000


def plausibility(text: str) -> float:
    """Return the share, at most 1, of frequent characters among those beyond ASCII.

    Characters that no text holds count against it, so it may be negative; 0 where all is ASCII.
    """
    wide = [char for char in text if char > "\x7f"][:_SAMPLE]
    if not wide:
        return 0.0
    sample = "".join(wide)
    kana, odd = len(_KANA.findall(sample)), len(_NO_TEXT.findall(sample))
    common = sum(1 for char in wide if char in _COMMON)
    return (common + kana - 2 * odd) / len(wide)


def reads_western(text: str) -> bool:
    """Tell whether all that is beyond ASCII is letters and signs of Western European text."""
    wide = [char for char in text if char > "\x7f"]
    return len(_WESTERN.findall("".join(wide))) == len(wide) and len(wide) < 0.25 * len(text)
