"""The drafter's settings: off unless given, and only to where text may go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alliance_nlp.config import Settings, load_settings
from alliance_nlp.core.errors import ConfigError


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ALLIANCE_")]:
        monkeypatch.delenv(name)


def load(folder: Path, **values: str) -> Settings:
    file = folder / "alliance.toml"
    lines = "".join(f"{key} = {value}\n" for key, value in values.items())
    file.write_text(f"[digest.drafter]\n{lines}", encoding="utf-8")
    return load_settings(file)


def test_drafter_is_off_by_default() -> None:
    assert load_settings(None).digest.drafter is None


def test_drafter_is_on_when_address_and_model_are_given(tmp_path: Path) -> None:
    drafter = load(tmp_path, url='"http://127.0.0.1:8080/v1"', model='"m"').digest.drafter
    assert drafter is not None
    assert (drafter.url, drafter.timeout_s) == ("http://127.0.0.1:8080/v1", 60.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": '"http://models.example/v1"'}, "use https"),
        ({"url": '"https://me:pw@models.example/v1"'}, "a name or a password"),
        ({"url": '"models.example"'}, "no http or https address"),
        ({"proxy": '"socks5://127.0.0.1:1080"'}, "http://HOST:PORT"),
        ({"model": '""'}, "digest.drafter.model"),
        ({"timeout_s": "0"}, "digest.drafter.timeout_s"),
        ({"modle": '"m"'}, "did you mean model"),
    ],
)
def test_slip_is_named_when_the_settings_are_read(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    good = {"url": '"https://models.example/v1"', "model": '"m"'}
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, **(good | changes))


def test_password_in_the_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, url='"https://me:hunter2@models.example/v1"', model='"m"')
    assert "hunter2" not in str(caught.value)
