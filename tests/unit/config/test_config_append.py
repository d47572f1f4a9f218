"""Sources appended to alliance.toml: what stood there stays, and nothing broken is written."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_nlp.config import append_sources, load_settings
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.sources import catalogue_entries

OWN = {"id": "harbor", "name": "Harbor", "kind": "feed", "url": "https://harbor.example/rss"}
BEFORE = """\
# Kept by the night desk.
[collect]
delay_s = 2.5   # they asked for it

[[sources]]   # the oldest
id = "pier"
name = "Pier"
kind = "feed"
url = "https://pier.example/rss"
# the end
"""


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ALLIANCE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "alliance.toml"
    path.write_text(BEFORE, encoding="utf-8")
    return path


def test_what_stood_there_stays_with_its_comments(file: Path) -> None:
    append_sources(file, [OWN])
    assert file.read_text(encoding="utf-8").startswith(BEFORE)


def test_what_is_appended_is_read_as_a_source(file: Path) -> None:
    append_sources(file, [OWN])
    sources = load_settings(file).read_sources()
    assert [(one.id, one.url) for one in sources][1:] == [("harbor", OWN["url"])]


def test_an_id_of_the_catalogue_is_enough(file: Path) -> None:
    entry = catalogue_entries()[0]
    append_sources(file, [{"id": entry["id"]}])
    source = load_settings(file).read_sources()[-1]
    assert (source.url, source.name) == (entry["url"], entry["name"])
    assert entry["url"] not in file.read_text(encoding="utf-8")


def test_a_file_without_a_last_line_end_is_appended_to(file: Path) -> None:
    file.write_text(BEFORE.rstrip("\n"), encoding="utf-8")
    append_sources(file, [OWN])
    assert len(load_settings(file).read_sources()) == 2


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({**OWN, "id": "pier"}, "two sources have the id 'pier'"),
        ({**OWN, "kind": "fed"}, "'fed' is none of"),
        ({**OWN, "url": "harbor.example"}, "no web address"),
        ({**OWN, "colour": "blue"}, "colour"),
    ],
)
def test_what_would_not_do_is_refused_and_the_file_left_as_it_was(
    file: Path, entry: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        append_sources(file, [OWN, entry])
    assert file.read_text(encoding="utf-8") == BEFORE
    assert str(file) in str(caught.value)
    assert list(file.parent.iterdir()) == [file]


def test_a_broken_file_is_left_as_it_was(file: Path) -> None:
    file.write_text("[collect\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not TOML"):
        append_sources(file, [OWN])
    assert file.read_text(encoding="utf-8") == "[collect\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be"):
        append_sources(tmp_path / "nowhere.toml", [OWN])


def test_the_files_rights_stay_as_they_were(file: Path) -> None:
    file.chmod(0o640)
    append_sources(file, [OWN])
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_linked_file_stays_a_link_and_its_target_is_written(file: Path) -> None:
    kept = file.with_name("kept.toml")
    file.rename(kept)
    file.symlink_to(kept.name)
    append_sources(file, [OWN])
    assert file.is_symlink()
    assert 'id = "harbor"' in kept.read_text(encoding="utf-8")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    file = tmp_path / "alliance.toml"
    file.write_text(BEFORE, encoding="utf-8")
    append_sources(file, [{**OWN, "name": name}])
    assert tomllib.loads(file.read_text(encoding="utf-8"))["sources"][-1]["name"] == name
