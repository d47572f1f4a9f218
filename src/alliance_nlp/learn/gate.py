"""Champion and challenger: who would serve must not be worse than who serves.

A challenger meets the champion in trials that both have not seen: the frozen test here, and others
that keep to :class:`Trial`. It passes a trial when it is not worse in any figure.

*Not worse* in a figure means that the challenger's value is at least the champion's, or that the
95 % interval of the paired difference lies above ``-margin``. Two ways, because a test of some
hundred stories cannot show that two equally good models are within a hundredth of one another:
asking that of a challenger that is ahead would refuse nearly every improvement. One that is behind,
though, has to show that it is behind by less than the margin. McNemar's exact test on the primary
decisions is told beside it and decides nothing: it asks whether there is a difference, the margin
says how much of one is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from alliance_nlp.artifacts import Event, champion_id, load_model, read_card, save_card
from alliance_nlp.core.errors import InputError, ModelError
from alliance_nlp.learn import corpus
from alliance_nlp.learn.champion import promote, record
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.paired import Difference, McNemar, Predictions, differences, mcnemar
from alliance_nlp.learn.recipes import Recipe, recipe_of

MARGIN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one trial measured.

    Attributes
    ----------
    trial
        Its name.
    n_items, n_stories
        What both models were asked about.
    differences
        The figures, all of which must not be worse.
    mcnemar
        The exact test on the primary decisions, where the trial asks for them; for reading.
    notes
        What a reader should know of the comparison.
    """

    trial: str
    n_items: int
    n_stories: int
    differences: tuple[Difference, ...]
    mcnemar: McNemar | None = None
    notes: tuple[str, ...] = ()


class Trial(Protocol):
    """Questions that neither side has seen; it fits both again where they have."""

    def compare(self, champion: Recipe, challenger: Recipe) -> Result:
        """Return both sides' figures over the same questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenTest:
    """The labelled items of the stories that ``splits.json`` keeps for the test.

    Models that serve are fitted on all items, these stories among them, so the stored files say
    nothing here: both recipes are fitted again on their items of all other stories. That costs
    two fits, some ten seconds.
    """

    items: Sequence[LabeledItem]
    stories: frozenset[str]

    def compare(self, champion: Recipe, challenger: Recipe) -> Result:
        """Return both sides' figures on the frozen test.

        Raises
        ------
        InputError
            If no labelled item is of the test, or too few are left to learn from.
        ModelError
            If a recipe cannot be repeated.
        """
        questions = [item for item in self.items if item.story in self.stories]
        if not questions:
            raise InputError(
                "there is no frozen test: no labelled item is of a story that splits.json keeps "
                "for it; name some there, or promote with --force --reason TEXT"
            )
        before, after = (self._answers(side, questions) for side in (champion, challenger))
        return Result(
            trial="frozen-test",
            n_items=len(questions),
            n_stories=len({item.story for item in questions}),
            differences=differences(questions, before, after),
            mcnemar=mcnemar(questions, before, after),
            notes=tuple(_gone(side) for side in (champion, challenger) if side.n_gone),
        )

    def _answers(self, recipe: Recipe, questions: Sequence[LabeledItem]) -> Predictions:
        model = recipe.fit_without(self.stories)
        texts = corpus.texts(questions)
        return Predictions(proba=model.predict_proba(texts), decided=model.predict(texts))


def _gone(recipe: Recipe) -> str:
    return (
        f"{recipe.model_id} was fitted without {recipe.n_gone} of its items, which were changed or "
        "taken away since"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the challenger may serve, and why.

    ``champion`` is ``None`` where nobody served, ``results`` is empty then and where no trial was
    held. ``forced`` tells that it serves whatever the trials said.
    """

    challenger: str
    champion: str | None
    passed: bool
    forced: bool
    margin: float
    why: str
    results: tuple[Result, ...]

    @property
    def serves(self) -> bool:
        """Whether the challenger serves now."""
        return self.passed or self.forced

    def as_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        told = asdict(self)
        told["results"] = [
            {
                **asdict(result),
                "differences": [
                    {**asdict(one), "is_not_worse": one.is_not_worse(self.margin)}
                    for one in result.differences
                ],
                "notes": list(result.notes),
            }
            for result in self.results
        ]
        return told


def hold_trials(
    champion: Recipe, challenger: Recipe, trials: Sequence[Trial], *, margin: float = MARGIN
) -> Verdict:
    """Return whether the challenger is not worse than the champion in any trial.

    Parameters
    ----------
    champion, challenger
        The two sides.
    trials
        At least one.
    margin
        How far behind counts as not worse, in units of the figures, 0 or more.

    Raises
    ------
    InputError
        If a trial cannot be held.
    ModelError
        If a recipe cannot be repeated.
    """
    results = tuple(trial.compare(champion, challenger) for trial in trials)
    worse = [
        f"{one.figure} {one.champion:.3f} to {one.challenger:.3f} "
        f"({one.low:+.3f} to {one.high:+.3f}) on the {result.trial}"
        for result in results
        for one in result.differences
        if not one.is_not_worse(margin)
    ]
    names = " and the ".join(result.trial for result in results)
    passed = bool(results) and not worse
    why = f"not worse on the {names}" if passed else f"worse: {'; '.join(worse)}"
    return Verdict(
        challenger=challenger.model_id,
        champion=champion.model_id,
        passed=passed,
        forced=False,
        margin=margin,
        why=why if results else "no trial was held",
        results=results,
    )


def challenge(
    folder: Path,
    challenger: str,
    *,
    items: Sequence[LabeledItem],
    trials: Sequence[Trial],
    margin: float = MARGIN,
    reason: str = "",
    force: bool = False,
) -> Verdict:
    """Let a stored model challenge the champion; promote it if it passes, and keep the verdict.

    The verdict goes into the challenger's card and the history, also when it is refused. Where
    nobody serves there is nobody to be worse than. With ``force`` it serves whatever comes out, and
    also where no trial can be held.

    Raises
    ------
    ModelError
        If a model is not whole, serves already, or cannot be compared.
    InputError
        If a trial cannot be held, the margin is negative, or ``force`` comes without a reason.
    """
    serving = champion_id(folder)
    _, card = load_model(folder, challenger)
    if challenger == serving:
        raise ModelError(f"{challenger} serves already")
    if force and not reason.strip():
        raise InputError("--force needs a reason, which is kept; add: --reason TEXT")
    if not margin >= 0:
        raise InputError(f"the margin must be 0 or more, not {margin}; 0.01 is usual")
    try:
        verdict = _verdict(folder, challenger, serving, items=items, trials=trials, margin=margin)
    except (ModelError, InputError) as error:
        if not force:
            raise
        verdict = _unheld(challenger, serving, margin=margin, why=f"not compared: {error}")
    verdict = replace(verdict, forced=force and not verdict.passed)
    told = verdict.as_dict()
    why = f"{reason.strip()}; {verdict.why}" if reason.strip() else verdict.why
    if verdict.serves:
        promote(folder, challenger, reason=why, verdict=told)
    else:
        record(folder, Event.REFUSED, challenger, reason=why, verdict=told)
    save_card(folder, replace(card, verdict=told))
    return verdict


def _verdict(
    folder: Path,
    challenger: str,
    serving: str | None,
    *,
    items: Sequence[LabeledItem],
    trials: Sequence[Trial],
    margin: float,
) -> Verdict:
    if serving is None:
        unopposed = _unheld(challenger, None, margin=margin, why="nobody served before it")
        return replace(unopposed, passed=True)
    champion = recipe_of(read_card(folder, serving), items)
    opponent = recipe_of(read_card(folder, challenger), items)
    return hold_trials(champion, opponent, trials, margin=margin)


def _unheld(challenger: str, champion: str | None, *, margin: float, why: str) -> Verdict:
    return Verdict(
        challenger=challenger,
        champion=champion,
        passed=False,
        forced=False,
        margin=margin,
        why=why,
        results=(),
    )
