from __future__ import annotations

from pathlib import Path

import pytest

from alliance_nlp.core.errors import WorkspaceError
from alliance_nlp.workspace import (
    CONFIG_NAME,
    find_workspace,
    make_workspace,
    packaged_labeled,
    user_cache,
)


def test_make_writes_the_configuration_and_the_folders(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "new" / "desk", config="# 設定\n")
    assert workspace.config_file.read_text(encoding="utf-8") == "# 設定\n"
    for folder in (workspace.raw, workspace.labeled, workspace.models, workspace.issues):
        assert folder.is_dir()
    assert workspace.reports.is_dir()


def test_make_leaves_what_exists_alone(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "kept.warc.gz").write_bytes(b"x")
    workspace = make_workspace(tmp_path, config="")
    assert (workspace.raw / "kept.warc.gz").read_bytes() == b"x"


def test_make_refuses_a_workspace_that_is_there_already(tmp_path: Path) -> None:
    make_workspace(tmp_path, config="first")
    with pytest.raises(WorkspaceError, match="is a workspace already; edit"):
        make_workspace(tmp_path, config="second")
    assert (tmp_path / CONFIG_NAME).read_text() == "first"


def test_make_names_a_place_it_cannot_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match=r"cannot make the workspace .*file"):
        make_workspace(tmp_path / "file" / "desk", config="")


def test_find_takes_the_named_folder_and_no_other(tmp_path: Path) -> None:
    make_workspace(tmp_path, config="")
    assert find_workspace(tmp_path).root == tmp_path.resolve()
    with pytest.raises(WorkspaceError, match=r"raw is no workspace .*alliance-nlp init"):
        find_workspace(tmp_path / "data" / "raw")


def test_find_goes_up_from_the_working_folder_to_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, config="")
    inner = make_workspace(tmp_path / "inner", config="")
    monkeypatch.chdir(tmp_path / "data" / "raw")
    assert find_workspace(None).root == tmp_path.resolve()
    monkeypatch.chdir(inner.raw)
    assert find_workspace(None) == inner


def test_find_says_how_to_make_one_when_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match="alliance-nlp init DIR"):
        find_workspace(None)


def test_database_lies_inside_the_workspace(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, config="")
    assert workspace.database_url == f"sqlite:///{tmp_path.resolve()}/data/alliance.db"


def test_user_cache_follows_the_xdg_convention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/desk")
    assert user_cache() == Path("/var/cache/desk/alliance-nlp")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert user_cache() == Path.home() / ".cache" / "alliance-nlp"


def test_packaged_labeled_holds_items() -> None:
    assert list(packaged_labeled().glob("*.jsonl"))
