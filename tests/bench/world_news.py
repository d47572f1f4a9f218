"""News of the world that has nothing to do with Japan: what archives mostly hold."""

from __future__ import annotations

from random import Random

_TITLES = (
    "{Town} {team} beat {rival} after extra time",
    "Council in {Town} approves {thing} despite objections",
    "Police in {Town} seek witnesses after {mishap}",
    "{Firm} shares fall as {thing} disappoints",
    "How to choose {thing} that lasts",
    "Storm leaves {n} homes without power near {Town}",
    "{Firm} to close its {Town} plant, {n} jobs at risk",
    "School in {Town} opens {thing} for {n} pupils",
    "Nurses in {Town} vote on pay offer",
    "Film festival in {Town} opens with {n} premieres",
)
_SENTENCES = (
    "The club from {Town} had lost {n} of its last games against {rival}.",
    "Residents told a meeting that {thing} would bring more traffic to the old quarter.",
    "A spokeswoman for {Firm} said the decision was taken after {n} months of talks.",
    "Officers were called shortly after midnight, following reports of {mishap}.",
    "The hospital said that {n} patients were waiting longer than eighteen weeks.",
    "Analysts had expected sales of {n} million in the quarter, up on a year earlier.",
    "Volunteers spent the weekend clearing branches from the road to {Town}.",
    "The coach praised the defence, and said the {team} would learn from the second half.",
    "Ministers in the capital are to debate the bill on pensions before the summer recess.",
    "Her second novel, set in {Town}, has been sold to {n} publishers abroad.",
    "Farmers warn that a dry spring has cut the yield of wheat by {n} per cent.",
    "The American company said its new phone would cost the same as last year's.",
    "The president told reporters in Washington that the budget would be sent to Congress.",
    "A court in {Town} fined the driver and took away the licence for {n} weeks.",
    "Rain is expected until Thursday, with gusts of up to {n} kilometres an hour.",
    "Scientists counted {n} seals on the sandbanks, more than in any year since counting began.",
    "The bank left its rate unchanged, and said that inflation was easing slowly.",
    "Parents asked why {thing} had cost so much more than planned.",
)
_WORDS = {
    "Town": (
        "Almsbury",
        "Port Gellan",
        "Nordvik",
        "Castello",
        "Brackwater",
        "Saint-Aubry",
        "Otley",
    ),
    "team": ("Rovers", "Falcons", "Harriers", "Athletic", "Wanderers"),
    "rival": ("City", "United", "Dynamo", "the Bears", "the league leaders"),
    "thing": ("a new bypass", "the tram line", "a garden centre", "an indoor pool", "a kettle"),
    "mishap": ("a crash on the ring road", "a break-in", "a fire in a flat", "a stolen van"),
    "Firm": ("Harlow Foods", "Medilink", "Crestline Motors", "Blue Anchor", "Torvald Energy"),
}


def world_news(draw: Random) -> tuple[str, str]:
    """Return a title and a text of several paragraphs."""
    sentences = draw.sample(_SENTENCES, 12)
    text = "\n".join(
        " ".join(_filled(sentence, draw) for sentence in sentences[at : at + 3])
        for at in range(0, 12, 3)
    )
    return _filled(draw.choice(_TITLES), draw), text


def _filled(pattern: str, draw: Random) -> str:
    words = {name: draw.choice(choices) for name, choices in _WORDS.items()}
    return pattern.format(n=draw.randint(3, 980), **words)
