from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from alliance_nlp.core.errors import ModelError
from alliance_nlp.core.types import Label
from alliance_nlp.tag import GeneralTagger, TagInput, general_tagger

PATTERNS = {
    "Dana Quill": "PERSON",
    "Fort Sandgate": "FAC",
    "Gray Heron": "EVENT",
    "Pelican": "PRODUCT",
    "Tokyo": "GPE",
}
TEXT = "🚢 Dana Quill of Tokyo saw the Pelican leave Fort Sandgate for Gray Heron."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny pipeline on disk, with the label scheme of the general models."""
    nlp = spacy.blank("en", meta={"name": "tiny", "version": "1.2.3"})
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in PATTERNS.items()])
    path = tmp_path_factory.mktemp("models") / "en_tiny"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def tagger(folder: Path) -> GeneralTagger:
    return general_tagger(str(folder))


def test_labels_of_a_general_model_are_read_as_ours(tagger: GeneralTagger) -> None:
    [mentions] = tagger.tag([TagInput(article_id="a", text=TEXT)])
    assert [(m.label, TEXT[m.start : m.end]) for m in mentions] == [
        (Label.OFFICIAL, "Dana Quill"),
        (Label.SHIP, "Pelican"),
        (Label.BASE, "Fort Sandgate"),
        (Label.EXERCISE, "Gray Heron"),
    ]
    assert {m.entity_id for m in mentions} == {""}
    assert {m.article_id for m in mentions} == {"a"}
    assert mentions[0].how == "general:PERSON"


def test_texts_come_back_in_order(tagger: GeneralTagger) -> None:
    texts = ["Nothing here.", "Dana Quill left.", ""]
    inputs = [TagInput(article_id=str(n), text=text) for n, text in enumerate(texts)]
    assert [len(mentions) for mentions in tagger.tag(inputs)] == [0, 1, 0]


def test_the_model_tells_its_name_version_and_language(tagger: GeneralTagger) -> None:
    assert tagger.name == "en_tiny 1.2.3"
    assert tagger.language == "en"


@pytest.mark.parametrize("name", ["en_no_such_model", "numpy", "", "../nowhere"])
def test_an_absent_model_tells_how_to_install_one_by_hash(name: str) -> None:
    with pytest.raises(ModelError, match="--require-hashes") as caught:
        general_tagger(name)
    assert repr(name) in str(caught.value)
    assert "never pip install the bare name" in str(caught.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.cfg"):
        general_tagger(str(tmp_path))


@pytest.mark.parametrize("config", ["", "[nlp]\nlang = 7", "not a config"])
def test_a_broken_model_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.cfg").write_text(config)
    (tmp_path / "meta.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot load"):
        general_tagger(str(tmp_path))
