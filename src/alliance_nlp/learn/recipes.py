"""How a stored model was made, so that it can be made again of some of its items."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from alliance_nlp.artifacts import ModelCard
from alliance_nlp.core.errors import ModelError
from alliance_nlp.learn import corpus
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.train import fit, make_model, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A model's settings, and those of its items that still are as they were.

    ``n_gone`` items were changed or taken away since: nobody can fit on them again.
    """

    model_id: str
    parameters: Mapping[str, str]
    items: tuple[LabeledItem, ...]
    n_gone: int

    def fit_without(self, stories: Collection[str]) -> Pipeline:
        """Return the model fitted again, without its items of these stories.

        Raises
        ------
        ModelError
            If it has settings that today's code does not know.
        InputError
            If what is left is too little to learn from.
        """
        kept = [item for item in self.items if item.story not in stories]
        return fit(kept, model=self._model())

    def _model(self) -> Pipeline:
        model = make_model()
        today = settings_of(model)
        other = {name: text for name, text in self.parameters.items() if today.get(name) != text}
        try:
            # What the card does not name takes today's value, for it had none then.
            return model.set_params(**{name: literal_eval(text) for name, text in other.items()})
        except (ValueError, SyntaxError) as error:
            raise ModelError(
                f"{self.model_id} has settings that cannot be repeated ({', '.join(other)}), so it "
                "cannot be compared; retrain with: alliance-nlp train"
            ) from error


def recipe_of(card: ModelCard, items: Sequence[LabeledItem]) -> Recipe:
    """Return the recipe of a stored model, out of its card and the items there are today.

    Raises
    ------
    ModelError
        If its card does not tell which items it was fitted on.
    """
    if not card.items:
        raise ModelError(
            f"the card of {card.id} does not tell its items, so it cannot be compared; retrain "
            "with: alliance-nlp train, or promote with --force --reason TEXT"
        )
    wanted = set(card.items)
    kept = tuple(item for item in items if corpus.item_hash(item) in wanted)
    return Recipe(
        model_id=card.id,
        parameters=card.parameters,
        items=kept,
        n_gone=len(wanted) - len(kept),
    )
