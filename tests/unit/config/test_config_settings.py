from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import BaseModel

from alliance_nlp.config import Settings, load_settings
from alliance_nlp.core.errors import ConfigError


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ALLIANCE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "alliance.toml"


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_hold_without_a_file() -> None:
    settings = load_settings(None)
    assert settings.collect.delay_s == 1.0
    assert settings.digest.items == 5
    assert settings.read_sources() == ()


def test_file_overrules_defaults_and_leaves_the_rest(file: Path) -> None:
    settings = load_settings(write(file, "[collect]\ndelay_s = 2.5\n[rank.weights]\noutlets = 1\n"))
    assert (settings.collect.delay_s, settings.collect.timeout_s) == (2.5, 30.0)
    assert settings.rank.weights == {"outlets": 1.0}


def test_environment_overrules_the_file_key_by_key(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_COLLECT__DELAY_S", "0.5")
    monkeypatch.setenv("ALLIANCE_STORE__URL", "sqlite:///other.db")
    settings = load_settings(write(file, "[collect]\ndelay_s = 2.5\ntimeout_s = 9\n"))
    assert (settings.collect.delay_s, settings.collect.timeout_s) == (0.5, 9.0)
    assert settings.store.url == "sqlite:///other.db"


def test_sources_are_read_and_checked(file: Path) -> None:
    text = '[[sources]]\nid = "a"\nname = "A"\nkind = "feed"\nurl = "https://a.example/rss"\n'
    (source,) = load_settings(write(file, text)).read_sources()
    assert source.id == "a"
    with pytest.raises(ConfigError, match=r"alliance\.toml: two sources have the id 'a'"):
        load_settings(write(file, text * 2))


def test_politeness_names_program_and_contact(file: Path) -> None:
    text = '[collect]\ncontact = "https://desk.example/bot"\nproxy = "http://127.0.0.1:1"\n'
    politeness = load_settings(write(file, text)).politeness()
    assert politeness.user_agent.startswith("alliance-nlp/")
    assert politeness.user_agent.endswith(" (+https://desk.example/bot)")
    assert politeness.proxy == "http://127.0.0.1:1"


def test_politeness_has_no_empty_contact() -> None:
    assert "(" not in load_settings(None).politeness().user_agent


BAD = {
    "misspelt key": ("[collect]\ndelai_s = 1\n", "unknown key 'collect.delai_s'; did you mean del"),
    "misspelt table": ("[colect]\n", "unknown key 'colect'; did you mean collect?"),
    "strange key": ("[store]\nzzz = 1\n", "unknown key 'store.zzz'; known here: url"),
    "wrong type": ('[collect]\ndelay_s = "soon"\n', "collect.delay_s = 'soon' will not do: "),
    "out of range": ("[fold]\ndistance = 2\n", "fold.distance = 2 will not do: "),
    "no table": ("collect = 3\n", "collect = 3 will not do: "),
    "unknown weight": ("[rank.weights]\noutlet = 1\n", "did you mean outlets?"),
    "wrong weight": ('[rank.weights]\na = "x"\n', "rank.weights.a = 'x' will not do: "),
    "sources": ("sources = 3\n", "sources = 3 will not do: "),
    "source": ('[[sources]]\nid = "a"\n', "source 'a': name, kind, url must be given"),
    "no TOML": ("[collect\n", "is not TOML: "),
    "cut off": ('[store]\nurl = "x', "is not TOML: "),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_naming_file_and_key(file: Path, name: str) -> None:
    text, message = BAD[name]
    with pytest.raises(ConfigError) as caught:
        load_settings(write(file, text))
    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)


def test_file_in_another_charset_is_refused_naming_it(file: Path) -> None:
    file.write_bytes('[digest]\ntitle = "日米"\n'.encode("shift_jis"))
    with pytest.raises(ConfigError, match=r"alliance\.toml is not TOML: .*UTF-8"):
        load_settings(file)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ALLIANCE_COLLECT__DELAY_S", "soon", "collect.delay_s = 'soon' will not do"),
        ("ALLIANCE_COLLECT__DELAI_S", "1", "unknown key 'collect.delai_s'; did you mean delay_s?"),
        ("ALLIANCE_COLLECT", "{no json", "ALLIANCE_ variable"),
    ],
)
def test_bad_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings(None)
    assert message in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(None).collect.delay_s = 0


def test_every_setting_is_documented() -> None:
    for section in Settings.model_fields.values():
        if isinstance(section.annotation, type) and issubclass(section.annotation, BaseModel):
            for name, setting in section.annotation.model_fields.items():
                assert setting.description, name
