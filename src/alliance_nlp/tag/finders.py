"""What finds entities, in order: ships come first, since they bear people's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alliance_nlp.tag.bases import find_bases
from alliance_nlp.tag.exercises import find_exercises
from alliance_nlp.tag.japanese import find_japanese
from alliance_nlp.tag.minerals import find_minerals
from alliance_nlp.tag.officials import find_officials
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.ships import find_ships

Finder = Callable[[Reading], None]
# Each is a spaCy component of this name too, see alliance_nlp.tag.components.
FINDERS: Mapping[str, Finder] = {
    "alliance_ships": find_ships,
    "alliance_exercises": find_exercises,
    "alliance_bases": find_bases,
    "alliance_minerals": find_minerals,
    "alliance_officials": find_officials,
    "alliance_japanese": find_japanese,
}
