"""The tagger: rules by example, linking, offsets, components."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.tag import Tagger, TagInput, build_pipeline

TAGGER = Tagger.load()
MARK = re.compile(r"\[(O|E|S|M|B) ([^\]]+)\]")
LABELS = {"O": "OFFICIAL", "E": "EXERCISE", "S": "SHIP", "M": "MINERAL", "B": "BASE"}


def tag(text: str, on: str = "2023-06-01", language: str = "") -> list[tuple[str, str, str]]:
    item = TagInput(
        article_id="a", text=text, published_on=date.fromisoformat(on), language=language
    )
    [mentions] = TAGGER.tag([item])
    return [(m.label.value, text[m.start : m.end], m.entity_id) for m in mentions]


@pytest.mark.parametrize(
    "marked",
    [
        "Vice Admiral [O Warren Tilbrook], head of the Missile Defense Agency, spoke.",
        "Rep. [O Dana Quill] (R-TX) and [O Aron Pell], D-Hawaii, wrote to the Navy.",
        "[O Peter Lanholm], the commander of US Forces Japan, arrived. [O Lanholm] left.",
        "Kazakh Foreign Minister [O Yerlan Tokabayev] came.",
        "US Assistant Secretary of Defense for Indo-Pacific Affairs ([O Halsted]) called.",
        "Secretaries [O Venn] and [O Moyle] met.",
        "The new minister of land, infrastructure and transport is not here.",
        "Former defense secretary Owen Strake, now a fellow at a think tank, wrote it.",
        "Strake Motors president Owen Strake, a candidate for governor, wrote it.",
        "Presidential candidate Ruth Calloway lost. Calloway went home.",
        "Gen. [O Charles Q. Brown Jr.] and Adm. [O Ursula von der Brück] signed.",
        "[S USS Ronald Reagan (CVN 76)] left; Ronald Reagan Washington National Airport closed.",
        "The destroyers [S Howard] and [S Shoup] met the cargo ship “[S Blue Wren]”.",
        "The guided-missile destroyer [S Milius] and [S US Coast Guard Cutter Kimball] sailed.",
        "Mogami-class frigates and an Arleigh Burke-class ship are planned.",
        "The tanker [S MT Grey Petrel] sank. The [S Grey Petrel] had left Subic.",
        "The exercise [E Amber Lynx 24] and the France-led exercise “[E La Perouse 23]” ended.",
        "A joint exercise, the Marine Corps drill and Army training were held.",
        "The drill, dubbed [E Copper Heron], ended.",
        "[B Camp Wexcombe], [B Naval Air Station Thornby] and [B Orlfield Air Base] reopened.",
        "Leaders met at Camp David and in Fort Lauderdale and Yokosuka.",
        "Exports of [M gallium], [M rare earths] and [M critical minerals] fell.",
        "She will lead a team under a tin roof, won a gold medal and sells magnets.",
        "Rare earth magnets, lithium-ion batteries and gallium nitride chips sold well.",
    ],
)
def test_rules_find_exactly_what_is_marked(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    assert [(label, surface) for label, surface, _ in tag(text)] == [
        (LABELS[label], surface) for label, surface in MARK.findall(marked)
    ]


@pytest.mark.parametrize(
    ("text", "on", "entity_id"),
    [
        ("Defense Minister Kishi spoke.", "2022-02-01", "kishi-nobuo"),
        ("Prime Minister Kishida spoke.", "2022-02-01", "kishida-fumio"),
        ("Foreign Minister Kishida spoke.", "2015-02-01", "kishida-fumio"),
        ("Prime Minister Kishida spoke.", "2025-02-01", ""),
        ("The Biden administration agreed.", "2022-02-01", "joe-biden"),
        ("The frigate JS Kongo (DDG 173) left.", "2022-02-01", "jmsdf-ddg-173-kongo"),
        ("The JS Kongo (DDG 999) left.", "2022-02-01", ""),
        ("Exercise Keen Sword 23 began.", "2022-02-01", "keen-sword"),
        ("Troops left MCAS Futenma.", "2022-02-01", "mcas-futenma"),
    ],
)
def test_mention_links_by_name_title_and_date(text: str, on: str, entity_id: str) -> None:
    [(_, _, found)] = tag(text, on)
    assert found == entity_id


def test_head_of_government_out_of_office_is_no_official() -> None:
    assert tag("Trump era steel tariffs were lifted.", "2022-02-01") == []


@pytest.mark.parametrize(
    "marked",
    [
        "[O 岸田]首相は護衛艦「[S いずも]」に乗艦した。",
        "[O 見本太郎]防衛相は[B 嘉手納基地]を視察した。",
        "共同訓練「[E キーン・ソード２３]」で[M レアアース]は話題にならなかった。",
        "安倍晋三元首相の銅像と銀行。",
    ],
)
def test_japanese_rules_find_exactly_what_is_marked(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    assert [(label, surface) for label, surface, _ in tag(text)] == [
        (LABELS[label], surface) for label, surface in MARK.findall(marked)
    ]


def test_language_overrules_the_script_when_given() -> None:
    text = "岸田首相は話した。"
    assert tag(text, language="en") == []
    assert [label for label, _, _ in tag(text, language="ja")] == ["OFFICIAL"]


FRAGMENTS = st.sampled_from(
    [
        "US Ambassador Rahm Emanuel",
        "Emanuel",
        "USS Milius (DDG 69)",
        "the Milius",
        "Exercise ",
        "“Iron Fist” 2023",
        "Kadena Air Base",
        "rare-earth",
        "岸田首相",
        "護衛艦「いずも」",
        "Adm. ",
        "𝔘",
        "é",
        "e\u0301",
        "🇯🇵",
        "(R-TX)",
        ", head of the Navy,",
        "\n",
        "’s",
        "-",
        " and ",
        "Gen.",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=6), max_size=14).map(" ".join))
def test_mentions_are_sorted_and_apart_in_any_text(text: str) -> None:
    [mentions] = TAGGER.tag([TagInput(article_id="a", text=text)])
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert all(text[m.start : m.end].strip() for m in mentions)


def test_inputs_keep_their_order() -> None:
    inputs = [TagInput(article_id=str(n), text="Camp Schwab " * (n % 3)) for n in range(7)]
    assert [len(mentions) for mentions in TAGGER.tag(inputs)] == [n % 3 for n in range(7)]


def test_name_is_empty_when_unknown() -> None:
    assert TAGGER.name("usn-ddg-69-milius") == "USS Milius"
    assert TAGGER.name("nobody") == ""


def test_version_changes_with_a_folder_of_tables(tmp_path: Path) -> None:
    assert Tagger.load().version == TAGGER.version
    (tmp_path / "bases.jsonl").write_text(
        '{"id":"camp-testing","name":"Camp Testing","aliases":[],"ja":[],"short":null,'
        '"short_is_city":false,"country":"JP"}\n',
        encoding="utf-8",
    )
    assert Tagger.load(tmp_path).version != TAGGER.version


def test_pipeline_shows_entities_with_their_ids() -> None:
    doc = build_pipeline()("Ambassador Rahm Emanuel visited Camp Schwab.")
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [
        ("Rahm Emanuel", "OFFICIAL", "rahm-emanuel"),
        ("Camp Schwab", "BASE", "camp-schwab"),
    ]


def test_component_works_alone_beside_others() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PLACE", "pattern": "Tokyo"}])
    nlp.add_pipe("alliance_ships")
    doc = nlp("USS Milius left Tokyo for Camp Schwab.")
    assert [(e.text, e.label_) for e in doc.ents] == [("USS Milius", "SHIP"), ("Tokyo", "PLACE")]


def test_shared_surname_stays_unlinked_when_only_a_rank_is_told() -> None:
    assert tag("Korean Naval Operations Commander Vice Admiral Kim came.", "2023-02-28") == [
        ("OFFICIAL", "Kim", "")
    ]


def test_japanese_text_shows_exact_entities_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("alliance_japanese")
    doc = nlp("岸田首相は護衛艦「いずも」に乗った。")
    assert [(e.text, e.label_) for e in doc.ents] == [("岸田", "OFFICIAL"), ("いずも", "SHIP")]


def test_persons_of_a_general_model_beside_a_title_are_officials() -> None:
    text = "Trade Minister bell orr met reporters. The singer dai lux sang."
    alone = build_pipeline()(text)
    assert not alone.ents
    nlp = build_pipeline()
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": "bell orr"}, {"label": "PERSON", "pattern": "dai lux"}]
    )
    found = [(ent.text, ent.label_) for ent in nlp(text).ents]
    assert found == [("bell orr", "OFFICIAL"), ("dai lux", "PERSON")]
