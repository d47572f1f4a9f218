"""``[digest.style]``: checked when the settings are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliance_nlp.config import load_settings
from alliance_nlp.core.errors import ConfigError


def test_style_is_read_when_in_order(tmp_path: Path) -> None:
    file = tmp_path / "alliance.toml"
    file.write_text(
        '[digest.style]\nbullet_words = [50, 120]\noff = ["digits"]\n'
        '[[digest.style.rules]]\nid = "pm"\nfind = "PM"\nreplace = "Premier"\nreason = "Full."\n',
        encoding="utf-8",
    )
    style = load_settings(file).digest.style
    assert style.bullet_words == (50, 120)
    assert style.rules[0]["replace"] == "Premier"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('off = ["comma"]', "no rule is called 'comma'"),
        ("headline_words = [12, 6]", "no range"),
        ('rules = [{id = "x", find = "(", reason = "r"}]', "no regular expression"),
    ],
)
def test_style_is_refused_when_it_cannot_work(tmp_path: Path, table: str, says: str) -> None:
    file = tmp_path / "alliance.toml"
    file.write_text(f"[digest.style]\n{table}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        load_settings(file)
