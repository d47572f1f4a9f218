"""The desk's single keys: one table, shown as the sheet that the script reads its keys from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, or two pressed one after the other.

    Attributes
    ----------
    press
        As ``KeyboardEvent.key`` says it; two with a space between.
    action
        What the script does, such as ``"next"`` or ``"decide:accept"``.
    says
        What the sheet says of it.
    """

    press: str
    action: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Keys that belong together, under a heading of the sheet."""

    title: str
    keys: tuple[Key, ...]


def _group(title: str, *keys: tuple[str, str, str]) -> Group:
    made = (Key(press=press, action=action, says=says) for press, action, says in keys)
    return Group(title=title, keys=tuple(made))


SHEET = (
    _group(
        "Move",
        ("j", "next", "next story"),
        ("k", "previous", "previous story"),
        ("o", "open", "open the story; on its page, the original"),
        ("b", "back", "back to the list"),
        ("/", "search", "search"),
        ("f", "filter", "filter"),
        ("g c", "go:candidates", "go to the candidates"),
        ("g i", "go:issues", "go to the issues"),
        ("g n", "go:night", "go to the night"),
    ),
    _group(
        "Decide",
        ("a", "decide:accept", "accept"),
        ("r", "decide:reject", "reject"),
        ("l", "decide:later", "later"),
        ("u", "decide:unsure", "unsure"),
        ("t", "retopic", "set the topics"),
        ("n", "note", "write a note"),
        ("z", "undo", "undo what you did last"),
    ),
    _group(
        "Several at once",
        ("x", "select", "select, or not; a verdict then goes to all selected"),
        ("X", "range", "select from the last selected to here"),
        ("m", "merge", "merge the selected stories into one"),
        ("s", "split", "split articles off (on a story's page)"),
    ),
    _group(
        "Help", ("?", "sheet", "this sheet"), ("Escape", "leave", "leave a field or the selection")
    ),
)

# On the buttons, where the sheet is not at hand: a verdict's key.
KEY_OF = {key.action: key.press for group in SHEET for key in group.keys}
