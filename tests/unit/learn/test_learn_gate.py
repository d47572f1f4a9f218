"""Champion and challenger: who may serve, what is recorded, and the way back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from topic_items import topic_item

from alliance_nlp.artifacts import Event, ModelCard, read_card, save_card
from alliance_nlp.classify import TOPICS
from alliance_nlp.cli.models import DEFAULT_MARGIN
from alliance_nlp.core.errors import InputError, ModelError
from alliance_nlp.learn import (
    FrozenTest,
    LabeledItem,
    Verdict,
    challenge,
    champion_id,
    promote,
    read_history,
    roll_back,
    train,
)
from alliance_nlp.learn.corpus import item_hash
from alliance_nlp.learn.gate import MARGIN, Result
from alliance_nlp.learn.paired import Difference, McNemar
from alliance_nlp.learn.recipes import Recipe, recipe_of

# The last stories are the test; the wrong labels all lie before them.
ITEMS = tuple(topic_item(n) for n in range(144))
TEST = frozenset(f"story-{n}" for n in range(48, 72))
KNOWN = ITEMS[:48] + ITEMS[96:]
FROZEN = FrozenTest(items=ITEMS, stories=TEST)


def _turned(item: LabeledItem) -> LabeledItem:
    topic = TOPICS[(TOPICS.index(item.topics[0]) + 1) % len(TOPICS)]
    return replace(item, topics=(topic,), relevant=not item.relevant, annotator="careless")


WRONG = tuple(_turned(i) if n % 3 and n < 96 else i for n, i in enumerate(ITEMS))


@dataclass(frozen=True)
class Trained:
    folder: Path
    some: str  # of fewer items
    all: str
    wrong: str  # of careless labels


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("models")
    ids = [train(folder, items, measure=False).id for items in (KNOWN, ITEMS, WRONG)]
    return Trained(folder, *ids)


@pytest.fixture
def models(trained: Trained, tmp_path: Path) -> Path:
    """A folder of one's own with all models, the one of fewer items serving."""
    folder = Path(shutil.copytree(trained.folder, tmp_path / "models"))
    promote(folder, trained.some, reason="the first")
    return folder


@dataclass(frozen=True)
class Says:
    """A trial with its mind made up, quick, and as another issue may bring it."""

    difference: float
    name: str = "back-test"

    def compare(self, champion: Recipe, challenger: Recipe) -> Result:
        assert champion.items
        assert challenger.items
        one = Difference(
            figure="recall_at_20",
            champion=0.9,
            challenger=round(0.9 + self.difference, 4),
            difference=self.difference,
            low=self.difference - 0.1,
            high=self.difference + 0.1,
        )
        even = McNemar(only_champion=0, only_challenger=0, p=1.0)
        return Result(trial=self.name, n_items=9, n_stories=9, differences=(one,), mcnemar=even)


BETTER, WORSE = Says(0.05), Says(-0.3)


def _challenge(folder: Path, model_id: str, **changes: Any) -> Verdict:
    given: dict[str, Any] = {"items": (*ITEMS, *_only_in(WRONG)), "trials": [BETTER]}
    return challenge(folder, model_id, **{**given, **changes})


def _only_in(items: Sequence[LabeledItem]) -> list[LabeledItem]:
    return [item for item in items if item.annotator == "careless"]


def test_a_challenger_that_is_not_worse_serves(models: Path, trained: Trained) -> None:
    verdict = _challenge(models, trained.all, trials=[FROZEN], reason="more labels")
    assert (verdict.passed, verdict.forced, verdict.serves) == (True, False, True)
    assert champion_id(models) == trained.all
    [result] = verdict.results
    assert (result.trial, result.n_items, result.n_stories) == ("frozen-test", 48, 24)


def test_a_worse_challenger_is_refused(models: Path, trained: Trained) -> None:
    verdict = _challenge(models, trained.wrong, trials=[FROZEN])
    assert not verdict.serves
    assert champion_id(models) == trained.some
    assert verdict.why.startswith("worse: ")
    assert "primary_accuracy" in verdict.why
    [result] = verdict.results
    assert result.mcnemar.only_champion > result.mcnemar.only_challenger
    assert result.mcnemar.p < 0.05


@pytest.mark.parametrize(("trial", "event"), [(BETTER, "promoted"), (WORSE, "refused")])
def test_verdict_and_figures_are_kept_in_history_and_card(
    models: Path, trained: Trained, trial: Says, event: str
) -> None:
    model_id = trained.all
    verdict = _challenge(models, model_id, trials=[trial], reason="tried it")
    last = json.loads((models / "champion.jsonl").read_text().splitlines()[-1])
    assert (last["event"], last["model"]) == (event, model_id)
    assert last["reason"] == f"tried it; {verdict.why}"
    told = json.loads(json.dumps(verdict.as_dict()))
    assert last["verdict"] == told
    assert read_card(models, model_id).verdict == told
    figures = told["results"][0]["differences"]
    assert all(one["is_not_worse"] for one in figures) is verdict.passed


def test_the_first_model_has_nobody_to_beat(trained: Trained, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(trained.folder, tmp_path / "models"))
    verdict = _challenge(folder, trained.wrong, trials=[])
    assert (verdict.passed, verdict.champion, verdict.results) == (True, None, ())
    assert champion_id(folder) == trained.wrong


def test_force_lets_a_worse_one_serve_and_says_so(models: Path, trained: Trained) -> None:
    verdict = _challenge(
        models, trained.wrong, trials=[WORSE], force=True, reason="the labels changed sides"
    )
    assert (verdict.passed, verdict.forced) == (False, True)
    assert champion_id(models) == trained.wrong
    last = read_history(models)[-1]
    assert last.reason.startswith("the labels changed sides; worse: ")
    assert last.verdict["forced"] is True


def test_force_that_was_not_needed_is_none(models: Path, trained: Trained) -> None:
    verdict = _challenge(models, trained.all, force=True, reason="to be sure")
    assert (verdict.passed, verdict.forced) == (True, False)


@pytest.mark.parametrize("reason", ["", "  "])
def test_force_needs_a_reason(models: Path, trained: Trained, reason: str) -> None:
    with pytest.raises(InputError, match="--reason TEXT"):
        _challenge(models, trained.wrong, force=True, reason=reason)
    assert len(read_history(models)) == 1


def test_without_a_frozen_test_nobody_is_promoted(models: Path, trained: Trained) -> None:
    none = FrozenTest(items=ITEMS, stories=frozenset({"no-such-story"}))
    with pytest.raises(InputError, match=r"no frozen test.*splits\.json.*--force"):
        _challenge(models, trained.all, trials=[none])
    assert champion_id(models) == trained.some
    forced = _challenge(models, trained.all, trials=[none], force=True, reason="no test yet")
    assert forced.why.startswith("not compared: there is no frozen test")
    assert champion_id(models) == trained.all


def test_without_any_trial_nobody_is_promoted(models: Path, trained: Trained) -> None:
    assert not _challenge(models, trained.all, trials=[]).serves
    assert champion_id(models) == trained.some


def test_who_serves_already_cannot_challenge(models: Path, trained: Trained) -> None:
    with pytest.raises(ModelError, match="serves already"):
        _challenge(models, trained.some)


@pytest.mark.parametrize("margin", [-0.01, float("nan")])
def test_a_margin_below_nought_is_an_error(models: Path, trained: Trained, margin: float) -> None:
    with pytest.raises(InputError, match="the margin must be 0 or more"):
        _challenge(models, trained.all, margin=margin)


def test_a_wide_margin_lets_a_worse_one_pass(models: Path, trained: Trained) -> None:
    assert _challenge(models, trained.wrong, trials=[WORSE], margin=0.5).passed


def test_an_altered_challenger_is_not_even_compared(models: Path, trained: Trained) -> None:
    (models / f"{trained.all}.joblib").write_bytes(b"altered")
    with pytest.raises(ModelError, match="vouches"):
        _challenge(models, trained.all, force=True, reason="by mistake")
    assert len(read_history(models)) == 1


def test_every_trial_must_be_passed(models: Path, trained: Trained) -> None:
    verdict = _challenge(models, trained.all, trials=[Says(0.0, name="first"), WORSE])
    assert not verdict.serves
    assert [result.trial for result in verdict.results] == ["first", "back-test"]
    assert verdict.why == "worse: recall_at_20 0.900 to 0.600 (-0.400 to -0.200) on the back-test"


def _card(items: Sequence[LabeledItem], **changes: Any) -> ModelCard:
    values: dict[str, Any] = {
        "id": "articles-1",
        "task": "topics-and-relevance",
        "trained_at": "2024-04-14T06:00:00+00:00",
        "data_sha256": "ab" * 32,
        "n_items": len(items),
        "seed": 0,
        "versions": {},
        "items": [item_hash(item) for item in items],
    }
    return ModelCard(**{**values, **changes})


def test_what_is_fitted_for_the_trial_never_saw_the_test() -> None:
    marked = [
        replace(item, text=f"{item.text} zirconium") if item.story in TEST else item
        for item in ITEMS
    ]
    recipe = recipe_of(_card(marked), marked)
    assert "zirconium" in recipe.fit_without(frozenset())[0].get_feature_names_out()
    assert "zirconium" not in recipe.fit_without(TEST)[0].get_feature_names_out()


def test_a_recipe_keeps_to_the_items_of_its_own_time() -> None:
    changed = [replace(ITEMS[0], note="read again"), *ITEMS[1:]]
    recipe = recipe_of(_card(ITEMS[:60]), changed)
    assert recipe.items == ITEMS[1:60]
    assert recipe.n_gone == 1


def test_items_that_are_gone_are_told(models: Path, trained: Trained) -> None:
    fewer = [item for item in ITEMS if item.id != "item-000"]
    sides = (recipe_of(read_card(models, i), fewer) for i in (trained.some, trained.all))
    result = FrozenTest(items=fewer, stories=TEST).compare(*sides)
    assert len(result.notes) == 2
    assert f"{trained.some} was fitted without 1 of its items" in result.notes[0]


def test_a_recipe_keeps_its_settings() -> None:
    parameters = {
        "articleclassifier__C": "0.25",
        "articlevectorizer__max_features": "30",
        "articlevectorizer__char_weight": "0",
        "articlevectorizer__concept_weight": "0",
    }
    model = recipe_of(_card(ITEMS, parameters=parameters), ITEMS).fit_without(TEST)
    assert model[-1].C == 0.25
    assert len(model[0].get_feature_names_out()) == 30


@pytest.mark.parametrize("setting", [{"old__depth": "3"}, {"articleclassifier__C": "<made up>"}])
def test_settings_that_cannot_be_repeated_are_an_error(setting: dict[str, str]) -> None:
    with pytest.raises(ModelError, match=r"settings that cannot be repeated.*retrain"):
        recipe_of(_card(ITEMS, parameters=setting), ITEMS).fit_without(TEST)


def test_a_card_that_does_not_tell_its_items_cannot_be_compared(
    models: Path, trained: Trained
) -> None:
    save_card(models, replace(read_card(models, trained.some), items=()))
    with pytest.raises(ModelError, match=r"does not tell its items.*retrain.*--force"):
        _challenge(models, trained.all)


def test_a_champion_of_other_versions_is_compared_by_its_recipe(
    models: Path, trained: Trained
) -> None:
    old = read_card(models, trained.some)
    save_card(models, replace(old, versions={**old.versions, "scikit-learn": "0.1.0"}))
    assert _challenge(models, trained.all).champion == trained.some
    assert champion_id(models) == trained.all
    with pytest.raises(ModelError, match=r"scikit-learn 0\.1\.0 \(here .*retrain"):
        roll_back(models, reason="x")


def test_training_again_keeps_the_verdict(models: Path, trained: Trained) -> None:
    verdict = _challenge(models, trained.all)
    again = train(models, ITEMS, measure=False)
    assert again.id == trained.all
    assert again.verdict["why"] == verdict.why


# --- the way back


def test_rollback_returns_to_the_champion_before(models: Path, trained: Trained) -> None:
    promote(models, trained.all, reason="better")
    assert roll_back(models, reason="it misses bases") == trained.some
    assert champion_id(models) == trained.some
    last = read_history(models)[-1]
    assert (last.event, last.model) == (Event.ROLLED_BACK, trained.some)
    assert last.reason == "it misses bases"


def test_rollbacks_go_back_one_by_one(models: Path, trained: Trained) -> None:
    for model_id in (trained.all, trained.wrong):
        promote(models, model_id, reason="x")
    assert roll_back(models, reason="x") == trained.all
    assert roll_back(models, reason="x") == trained.some
    promote(models, trained.wrong, reason="x")
    assert roll_back(models, reason="x") == trained.some


def test_refusals_do_not_count_as_champions(models: Path, trained: Trained) -> None:
    promote(models, trained.all, reason="x")
    _challenge(models, trained.wrong, trials=[WORSE])
    assert champion_id(models) == trained.all
    assert roll_back(models, reason="x") == trained.some


def test_without_an_earlier_champion_there_is_no_way_back(models: Path, trained: Trained) -> None:
    with pytest.raises(ModelError, match="no earlier champion"):
        roll_back(models, reason="x")
    promote(models, trained.some, reason="once more")
    with pytest.raises(ModelError, match="no earlier champion"):
        roll_back(models, reason="x")


def test_an_altered_earlier_champion_is_not_returned_to(models: Path, trained: Trained) -> None:
    promote(models, trained.all, reason="x")
    (models / f"{trained.some}.joblib").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        roll_back(models, reason="x")
    assert champion_id(models) == trained.all


def test_a_history_of_before_there_were_events_is_read(models: Path, trained: Trained) -> None:
    at = "2024-04-14T06:00:00+00:00"
    lines = [
        {"model": model_id, "reason": "x", "promoted_at": at}
        for model_id in (trained.some, trained.all)
    ]
    (models / "champion.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert champion_id(models) == trained.all
    assert {change.at for change in read_history(models)} == {at}
    assert roll_back(models, reason="x") == trained.some


def test_the_margin_that_the_command_names_is_the_gates() -> None:
    assert DEFAULT_MARGIN == MARGIN
