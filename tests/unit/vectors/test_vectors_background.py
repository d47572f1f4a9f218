"""Terms count by how many texts hold them, here and in the packaged corpus."""

from __future__ import annotations

from alliance_nlp.vectors import EventVectorizer, count_background, text_parts, write_background
from alliance_nlp.vectors.background import read_background

PORT = "Minister opens ferry quay in Hachinohe with fireworks"
ROAD = "Minister opens bypass near Tsuruoka after landslide"


def test_counts_are_of_texts_and_leave_out_what_is_rare() -> None:
    read = {"words": str.split}
    found = count_background(["a a b", "a c", "a b", "c"], read)
    assert found.n_texts == 4
    assert found.counts == {"words": {"a": 3}}


def test_table_names_its_size_and_its_counts() -> None:
    table = write_background(count_background(["x", "x y", "x"], {"words": str.split}))
    assert table == "texts\t\t3\nwords\tx\t3\n"


def test_packaged_background_knows_the_words_of_the_field() -> None:
    background = read_background()
    assert background.n_texts > 1_000
    assert background.counts["words"]["minister"] > background.counts["words"]["ferry"]


def test_words_of_the_field_weigh_less_with_a_background() -> None:
    def alike(background: bool) -> float:
        X = EventVectorizer(background=background).fit_transform([PORT, ROAD])
        return float((X @ X.T)[0, 1])

    assert 0 < alike(True) < alike(False)


def test_texts_read_later_weigh_as_those_read_at_first() -> None:
    model = EventVectorizer(background=True)
    X = model.fit_transform([PORT, ROAD])
    assert abs(model.transform([PORT, ROAD]) - X).max() < 1e-12


def test_short_paragraphs_join_the_next() -> None:
    long = " ".join(["word"] * 20)
    assert text_parts(f"Short.\n{long}\n{long}\nEnd.") == (
        (f"Short.\n{long}", 21),
        (f"{long}\nEnd.", 21),
    )


def test_japanese_parts_are_measured_without_spaces() -> None:
    line = "防衛省は二十一日、新しい補給艦の配備を発表した。" * 3
    assert [size for _, size in text_parts(f"{line}\n{line}")] == [29, 29]


def test_text_without_words_has_no_parts() -> None:
    assert text_parts("") == ()
