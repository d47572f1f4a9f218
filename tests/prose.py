"""Made-up news in two languages: facts put into sentences, no two articles alike."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

# Per subject: what may head a piece, and what may stand in it. Every slot has its words below.
_ENGLISH: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "ships": (
        (
            "{Place} yard wins repair order {n} for American {vessel}",
            "American {vessel} enters dock {n} at {Place} for {work}",
            "Japan and United States settle terms of ship repair plan {n}",
        ),
        (
            "The United States Navy and Japan agreed on {day} that the yard in {Place} will carry "
            "out {work} on an American {vessel}.",
            "The alliance wants warships to be mended closer to where they sail, an official of "
            "the defense ministry in Tokyo said, because {reason}.",
            "The order is worth {n} million yen and employs {m} workers until {month}.",
            "It is the {m}th order of this kind since both governments opened Japanese yards to "
            "the Seventh Fleet.",
            "A union of dock workers in {Place} asked for a written promise that {promise}.",
            "Engineers found that {m} of the {n} pumps needed new seals before sea trials could "
            "begin.",
        ),
    ),
    "exercise": (
        (
            "Allied exercise {n} near {Place} tests {skill}",
            "Forces of Japan and United States practise {skill} in drill {n}",
            "{Place} hosts joint drill {n} with {m} aircraft",
        ),
        (
            "About {n} members of the Self-Defense Forces and American troops began a joint "
            "exercise near {Place} on {day}.",
            "The drill lasts until {month} and is meant to improve {skill} between the allies.",
            "The prefecture was told {m} days ahead, and asked that flights end before nine in the "
            "evening because {reason}.",
            "Commanders plan to fly {m} sorties a day, weather permitting.",
            "Observers from {m} partner countries follow the exercise from a ship off {Place}.",
            "A spokesman said that what is learned will go into the alliance's next defense plan.",
        ),
    ),
    "bases": (
        (
            "{Place} council debates noise report {n} on the base",
            "Residents near {Place} base file petition {n} over {worry}",
            "Base at {Place} returns {n} hectares to local owners",
        ),
        (
            "The council of {Place} voted {m} to {k} on {day} to ask the United States forces for "
            "{demand}.",
            "Residents near the base have complained about {worry} for {m} years.",
            "The status of forces agreement leaves the matter to a joint committee, which met for "
            "the {n}th time.",
            "The governor said that the burden of the bases must be shared more fairly, since "
            "{reason}.",
            "The defense bureau measured {n} flights over the town in {month}.",
            "A relocation of {m} hangars is planned once the two governments have agreed on costs.",
        ),
    ),
    "minerals": (
        (
            "Tokyo and Washington fund {mineral} project {n}",
            "{Place} plant to refine {n} tons of {mineral} a year",
            "Allies sign {mineral} supply accord number {n}",
        ),
        (
            "Japan and the United States will lend {n} million dollars to a plant in {Place} that "
            "refines {mineral}.",
            "Both governments want to depend less on a single supplier of critical minerals, "
            "because {reason}.",
            "The plant is to turn out {m} tons of {mineral} a month from {month} on.",
            "A trading house in Tokyo takes {m} percent of the output under a ten-year contract.",
            "The trade ministry expects prices of {mineral} to rise by {k} percent this year.",
            "Makers of magnets and batteries had asked for {promise}.",
        ),
    ),
    "energy": (
        (
            "Terminal at {Place} takes gas cargo {n} from Alaska",
            "Utility in {Place} buys {n} cargoes of American gas",
            "Talks on Alaska gas enter round {n} with price open",
        ),
        (
            "A utility in {Place} will buy {n} cargoes of liquefied natural gas from the United "
            "States over {m} years.",
            "The ministry of economy, trade and industry said the deal makes supply safer, since "
            "{reason}.",
            "The first tanker is due at the terminal in {month}, the company said on {day}.",
            "The price follows an American index, with a cap {k} percent above it.",
            "Lenders of both countries carry {m} percent of the cost of the pipeline.",
            "Environmental groups asked for {promise} before the terminal is enlarged.",
        ),
    ),
    "town": (
        (
            "{Place} festival draws {n} visitors to {event}",
            "School in {Place} wins {event} with {n} points",
            "Bakery number {n} opens beside {Place} station",
        ),
        (
            "About {n} people came to {Place} on {day} for {event}, more than in any year before.",
            "The organisers had prepared {m} stalls and ran out of noodles by noon.",
            "Heavy rain in {month} had put the event in doubt, because {reason}.",
            "A class of {m} pupils painted the posters that hang along the river.",
            "The mayor thanked {k} clubs whose members cleaned the park afterwards.",
            "Next year's date will be set once the town has heard {promise}.",
        ),
    ),
}
_WORDS: Mapping[str, Sequence[str]] = {
    "Place": "Yokosuka Sasebo Kure Maizuru Iwakuni Misawa Nago Kadena Hakodate Niigata Muroran "
    "Tsuruga Kagoshima Shimonoseki Sakata Kushiro Matsuyama Toyama".split(),
    "vessel": "destroyer|cruiser|supply ship|amphibious ship|command ship".split("|"),
    "work": "hull repairs|engine work|a full overhaul|the change of a radar mast".split("|"),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday".split(),
    "month": "January March April June September October December".split(),
    "skill": (
        "air defense|submarine hunting|medical care at sea|the defense of remote islands"
    ).split("|"),
    "mineral": "gallium|graphite|neodymium|cobalt|nickel|antimony".split("|"),
    "worry": "night flights|firefighting foam in wells|noise|traffic at the gates".split("|"),
    "demand": "fewer night flights|tests of the ground water|a new crash barrier".split("|"),
    "event": "the lantern race|the kite contest|the harbour run|the choir day".split("|"),
    "reason": (
        "the way home takes weeks|stocks last for three months only|the last plan came too late|"
        "the season is short|costs have doubled in ten years|few other places are left"
    ).split("|"),
    "promise": (
        "overtime is paid in full|a public hearing|a yearly report on accidents|firm dates|"
        "the views of those who live nearby"
    ).split("|"),
}
_JAPANESE_TITLES = (
    "{place}の造船所、米{vessel}の修理を受注 第{n}号",
    "日米共同訓練、{place}沖で始まる 第{n}回",
    "{place}市議会、基地の騒音で意見書 第{n}号",
    "{place}の祭りに{n}人、雨でも盛況",
)
_JAPANESE = (
    "防衛省は{day}、{place}の造船所が米海軍の{vessel}の修理を引き受けると発表した。",
    "日米両政府は、艦艇を前方で修理できる態勢を整えることが同盟の強化につながるとしている。",
    "契約額は{n}百万円で、{m}人の作業員が携わる見通しだ。",
    "{place}の市長は、{reason}として、国に丁寧な説明を求めた。",
    "自衛隊と米軍は{m}機の航空機を使い、{month}まで訓練を続ける予定である。",
    "地元の住民団体は、夜間の飛行を減らすよう求める署名を{n}人分集めたという。",
    "経済産業省は、重要鉱物の調達先を広げるため{m}億円の支援を決めた。",
    "県は{k}か所で地下水を調べ、結果を{month}に公表する。",
)
_JAPANESE_WORDS: Mapping[str, Sequence[str]] = {
    "place": "横須賀 佐世保 呉 舞鶴 岩国 三沢 名護 函館 新潟 室蘭 敦賀 下関".split(),
    "vessel": "駆逐艦 巡洋艦 補給艦 揚陸艦".split(),
    "day": "月曜日 火曜日 水曜日 木曜日 金曜日".split(),
    "month": "一月 三月 四月 六月 九月 十月".split(),
    "reason": "生活への影響が大きい 費用が十年で倍になった 事前の連絡が遅れた".split(),
}
_N_PARAGRAPHS = 6


def compose(serial: int, *, language: str = "en", seed: int = 0) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs of the article with this number; no two titles are equal."""
    chance = random.Random(f"{seed} {language} {serial}")
    if language == "ja":
        titles, sentences, words = _JAPANESE_TITLES, _JAPANESE, _JAPANESE_WORDS
    else:
        titles, sentences = chance.choice(list(_ENGLISH.values()))
        words = _WORDS
    # The serial stands in every title; the other figures are as they come.
    title = _fill(chance.choice(titles), words, chance, n=serial + 100)
    joint = "" if language == "ja" else " "
    paragraphs = []
    for start in range(_N_PARAGRAPHS):
        chosen = [sentences[(start + k) % len(sentences)] for k in range(3)]
        paragraphs.append(
            joint.join(_fill(s, words, chance, n=chance.randint(100, 9000)) for s in chosen)
        )
    return title, tuple(paragraphs)


def _fill(
    sentence: str, words: Mapping[str, Sequence[str]], chance: random.Random, *, n: int
) -> str:
    chosen = {slot: chance.choice(values) for slot, values in words.items()}
    return sentence.format(**chosen, n=n, m=chance.randint(11, 99), k=chance.randint(2, 9))
