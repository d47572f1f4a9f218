"""The single keys of an issue's pages: one table, shown as the sheet.

Those whose action is ``issue`` are the editor's script's own; the others are the desk's.
"""

from __future__ import annotations

from alliance_nlp.web.keys import Group, Key


def _group(title: str, *keys: tuple[str, str, str]) -> Group:
    made = (Key(press=press, action=action, says=says) for press, action, says in keys)
    return Group(title=title, keys=tuple(made))


ISSUE_SHEET = (
    _group(
        "Move",
        ("j", "issue", "next headline or sentence"),
        ("k", "issue", "previous one"),
        ("m", "issue", "next one that is flagged"),
        ("s", "issue", "to the states: review, sign off, publish"),
        ("o", "issue", "to the exports"),
        ("r", "issue", "to the runners-up"),
        ("g c", "go:candidates", "go to the candidates"),
        ("g i", "go:issues", "go to the issues"),
        ("g n", "go:night", "go to the night"),
    ),
    _group(
        "Edit",
        ("e", "issue", "edit it; Escape leaves it"),
        ("p", "issue", "pick its source passages"),
        ("n", "issue", "new sentence below"),
        ("x", "issue", "split the sentence at its middle, or at the cursor by the button"),
        ("d", "issue", "delete the sentence"),
        ("f", "issue", "make the fix in focus, else its first one"),
        ("F", "issue", "make all fixes of style"),
    ),
    _group(
        "Order and save",
        ("Alt+ArrowUp", "issue", "item up"),
        ("Alt+ArrowDown", "issue", "item down"),
        ("Alt+Shift+ArrowUp", "issue", "sentence up"),
        ("Alt+Shift+ArrowDown", "issue", "sentence down"),
        ("Ctrl+Enter", "issue", "save"),
    ),
    _group("Help", ("?", "sheet", "this sheet"), ("Escape", "leave", "leave a field")),
)
