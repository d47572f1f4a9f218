from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Label, Mention
from alliance_nlp.web.segments import entities, paragraphs


def mention(start: int, end: int, *, entity_id: str = "", label: Label = Label.SHIP) -> Mention:
    return Mention(
        article_id="a", start=start, end=end, label=label, entity_id=entity_id, how="table"
    )


SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=12)


@given(st.text(alphabet="ab \n日😀<", max_size=50), SPANS)
def test_segments_join_to_the_text_whatever_the_mentions(text, spans):
    found = paragraphs(text, [mention(start, end) for start, end in spans])
    joined = "\n".join("".join(part.text for part in line) for line in found)
    assert joined == text


@given(st.text(alphabet="ab \n日😀<", max_size=50), SPANS)
def test_marked_segment_begins_as_its_mention_does(text, spans):
    marked = [
        part
        for line in paragraphs(text, [mention(start, end) for start, end in spans])
        for part in line
        if part.mention
    ]
    for part in marked:
        assert part.text
        assert text[part.mention.start : part.mention.end].startswith(part.text)


def test_longest_is_kept_when_mentions_overlap():
    (line,) = paragraphs(
        "USS Milius sails", [mention(4, 10), mention(0, 3), mention(0, 10), mention(5, 16)]
    )
    assert [part.text for part in line] == ["USS Milius", " sails"]


def test_entities_merge_by_id_and_by_surface_without_one():
    found = entities(
        [
            ("Milius", mention(0, 6, entity_id="ddg-69")),
            ("USS Milius", mention(9, 19, entity_id="ddg-69")),
            ("Gallium", mention(20, 27, label=Label.MINERAL)),
            ("gallium", mention(30, 37, label=Label.MINERAL)),
        ]
    )
    assert [(e.name, e.kind, e.n_mentions) for e in found] == [
        ("Gallium", "mineral", 2),
        ("USS Milius", "ship", 2),
    ]
