"""English rules one by one: what surrounds a name decides; the names are made up where they can."""

from __future__ import annotations

from datetime import date

import pytest

from alliance_nlp.tag import Tagger, TagInput


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def found(tagger: Tagger, text: str, label: str) -> list[str]:
    """Return the surfaces of one label in a text of 2023."""
    item = TagInput(article_id="a", text=text, published_on=date(2023, 6, 1), language="en")
    [mentions] = tagger.tag([item])
    return [text[m.start : m.end] for m in mentions if m.label == label]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The destroyer USS Milius returned to Yokosuka on Friday.", ["Yokosuka"]),
        ("YOKOSUKA, Japan -- The mayor opened a library.", []),
        ("Yokosuka's mayor met residents after the destroyer USS Milius arrived.", []),
        ("Four F-35s from Misawa joined the flight.", ["Misawa"]),
        ("F-2 jets flew from Tsuiki, Komatsu and Naha Air Base.", ["Tsuiki", "Komatsu"]),
        ("Students from Misawa won a prize for a film.", []),
        ("Soldiers moved to Wendle Military Reservation.", ["Wendle Military Reservation"]),
        ("Crew members live at Base Honolulu.", ["Base Honolulu"]),
        ("The Base Realignment and Closure round was the fifth.", []),
        ("Marines landed near the Tolvan base at dawn.", ["Tolvan base"]),
        ("The party tried to please the Republican base.", []),
        ("Two boats are kept at HMAS Quellby for repairs.", ["HMAS Quellby"]),
        ("Aircraft used the runway at Orwick Field again.", ["Orwick Field"]),
        ("The Norfolk Ford plant made trucks.", []),
    ],
)
def test_a_base_is_told_from_a_town(tagger: Tagger, text: str, wanted: list[str]) -> None:
    assert [b for b in found(tagger, text, "BASE") if b != "Naha Air Base"] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The bulk carrier Amber Artemis sank. The Liaoning sailed past.", 2),
        ("Jets took off in the Philippine Sea from a carrier.", 0),
        ("The patrol ship RSIPV Taro (06) and ITS Vento (F 594) met.", 2),
        ("BRP Gen. Mariano Tolosa (PS-99) sailed. Gen. Oban saw it.", 1),
        ("USS Sampson is new. Admiral Sampson is remembered.", 1),
        ("JS Izumo left. Izumo is also a town with a shrine.", 1),
        ("The street is named after Milius. USS Milius is in port.", 1),
        ("THE DEAL IS GOOD BECAUSE ITS CLEAR TERMS HOLD.", 0),
        ("The Chief of Navy spoke aboard HMAS Sydney.", 1),
    ],
)
def test_a_ship_is_told_from_its_namesake(tagger: Tagger, text: str, wanted: int) -> None:
    assert len(found(tagger, text, "SHIP")) == wanted


def test_a_hull_in_brackets_belongs_to_a_ship_with_a_prefix(tagger: Tagger) -> None:
    text = "HMCS Brandon (MM 710) and FS Teriatoa (P780) sailed."
    assert found(tagger, text, "SHIP") == ["HMCS Brandon (MM 710)", "FS Teriatoa (P780)"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Marines finished Ember Fury 21.1 on Oahu.", ["Ember Fury 21.1"]),
        ("The drill ended and Polar Anvil 24-6 began.", ["Polar Anvil 24-6"]),
        ("Ships met for QUOLEX 22, a mine-hunting exercise.", ["QUOLEX 22"]),
        ("The navy held Ice Exercise 2022 in March.", ["Ice Exercise 2022"]),
        (
            "The drills Arden Thunder and Garnet Storm share a range.",
            ["Arden Thunder", "Garnet Storm"],
        ),
        ("Exercise Oxbow began. Planners want Oxbow every year.", ["Oxbow", "Oxbow"]),
        ("Tuvalu has its own drill, Kavamoa, and a patrol boat.", ["Kavamoa"]),
        ("Michael Logan, the exercise's spokesman, agreed.", []),
        ("The Ravens won 24-20 in Super Bowl 2024.", []),
        ("Expo 2025 opened; soldiers of a brigade kept order.", []),
        ("Drydock Support Shed     17 9 million for marines.", []),
    ],
)
def test_an_unknown_exercise_is_found(tagger: Tagger, text: str, wanted: list[str]) -> None:
    assert found(tagger, text, "EXERCISE") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lt. Gen. David Orben, commander of the corps, spoke.", ["David Orben"]),
        ("Ambassador Jean-Pierre Tallet left.", ["Jean-Pierre Tallet"]),
        ("Second Vice Minister Kang In-bae will lead talks.", ["Kang In-bae"]),
        ("Rear Admiral Guy d'Arvieux, who commands a force, came.", ["Guy d'Arvieux"]),
        ("Masao Ishigaki, mayor of Nemuro, waited.", ["Masao Ishigaki"]),
        ("Air Marshal Robert Tindle flew in.", ["Robert Tindle"]),
        ("Strike group commander Rear Adm. Ben Ashgrove agreed.", ["Ben Ashgrove"]),
        ("State Sen. Ron Kettle and Lt. Gen. Joel Marr met.", ["Ron Kettle", "Joel Marr"]),
        (
            "Foreign Minister Ana Tovik met Senator Lee Orrin and Bo Tamblin.",
            ["Ana Tovik", "Lee Orrin", "Bo Tamblin"],
        ),
        (
            "Finance Minister Ana Tovik sat beside Italy's Carlo Vestri.",
            ["Ana Tovik", "Carlo Vestri"],
        ),
        ("Foreign Minister Ana Tovik watched as Japan's Jun Tada won gold medals.", ["Ana Tovik"]),
        ("In May 2017 an English translation appeared; 700 sites closed by May.", []),
        ("The letter on U S beef was read by Senator Wayne Allgood.", ["Wayne Allgood"]),
    ],
)
def test_an_unknown_official_is_found(tagger: Tagger, text: str, wanted: list[str]) -> None:
    assert found(tagger, text, "OFFICIAL") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Shares of Core Lithium fell while lithium rose.", ["lithium"]),
        ("China Bans Gallium Exports", ["Gallium"]),
        ("They signed a critical minerals agreement.", ["critical minerals"]),
        ("The Critical Minerals Agreement was read aloud.", []),
        ("Tin prices rose after the mine closed.", ["Tin"]),
        ("He kept his coins in a tin box.", []),
    ],
)
def test_a_mineral_is_told_from_a_company(tagger: Tagger, text: str, wanted: list[str]) -> None:
    assert found(tagger, text, "MINERAL") == wanted
