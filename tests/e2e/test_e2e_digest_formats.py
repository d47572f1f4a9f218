"""The issue in every format it goes out in, as its editors ask for it."""

from __future__ import annotations

import io
import json
import os
import pty
import shutil
import socketserver
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from feedparser import parse
from pypdf import PdfReader

from alliance_nlp.config import load_settings
from alliance_nlp.core.types import Issue, IssueItem, Sentence
from alliance_nlp.pipeline.issuing import save_version
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.workspace import find_workspace
from tests.e2e.conftest import COMMAND, Run, environment
from tests.e2e.in_process import body_of

PUBLISHED = """# US-Japan Alliance Digest

Vol: 4.3

February 9, 2031

## Headlines

- Ministers settle who pays for pier repairs
- Ōita asks for notice of drills

## Details

- Work on two piers at Sasebo begins in March. Each side pays half.
- Ōita asks for thirty days of notice. A committee meets in June.

The US-Japan Alliance Digest is put together by nobody, for tests.
"""
SUFFIXES = {".md", ".html", ".docx", ".pdf", ".eml", ".txt", ".json"}


@pytest.fixture(scope="module")
def kept(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kept") / "desk"
    assert run("init", root).code == 0
    file = root / "published.md"
    file.write_text(PUBLISHED, encoding="utf-8")
    assert run("digest", "import", file, cwd=root).code == 0
    return root


@pytest.fixture
def desk(kept: Path, tmp_path: Path) -> Path:
    """A workspace with one published issue, 4.3."""
    return shutil.copytree(kept, tmp_path / "desk")


def _draft(desk: Path, text: str) -> None:
    """Save a draft 4.4 of one item without sources."""
    space = find_workspace(desk)
    item = IssueItem(headline="Work begins", sentences=(Sentence(text=text),))
    issue = Issue(volume=4, number=4, title="Digest", published_on=None, items=(item,))
    with open_database(space, load_settings(space.config_file)) as database:
        save_version(database, issue, editor="Mori")


def test_imported_issue_is_exported_byte_for_byte(run: Run, desk: Path) -> None:
    assert run("digest", "export", "4.3", cwd=desk).out == PUBLISHED


def test_all_formats_go_into_a_folder_under_the_issues_name(run: Run, desk: Path) -> None:
    done = run("digest", "export", "4.3", "-f", "all", "-o", "out/", cwd=desk)
    assert done.code == 0, done.err
    assert {file.name for file in (desk / "out").iterdir()} == {f"vol-4.3{s}" for s in SUFFIXES}


def test_several_formats_are_named_with_commas(run: Run, desk: Path) -> None:
    assert run("digest", "export", "4.3", "-f", "text,pdf", "-o", "two", cwd=desk).code == 0
    assert {file.suffix for file in (desk / "two").iterdir()} == {".txt", ".pdf"}


def test_documents_go_to_a_pipe(desk: Path) -> None:
    pdf = body_of("digest", "export", "4.3", "-f", "pdf", "-w", desk)
    assert "Ōita asks for notice" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    docx = body_of("digest", "export", "4.3", "-f", "docx", "-w", desk)
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(docx)).namelist()


def test_documents_do_not_go_to_a_terminal(desk: Path) -> None:
    ours, theirs = pty.openpty()
    command = [str(COMMAND), "digest", "export", "4.3", "-f", "pdf"]
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, cwd=desk, env=environment(), check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 1
    assert b"--output" in done.stderr


def test_json_states_its_format_and_version(run: Run, desk: Path) -> None:
    data = json.loads(run("digest", "export", "4.3", "-f", "json", cwd=desk).out)
    assert (data["format"], data["version"], data["articles"]) == ("alliance-nlp-issue", 1, [])


def test_another_file_is_not_written_over(run: Run, desk: Path) -> None:
    mine = desk / "notes.html"
    mine.write_text("mine", encoding="utf-8")
    done = run("digest", "export", "4.3", "-f", "html", "-o", "notes.html", cwd=desk)
    assert (done.code, mine.read_text(encoding="utf-8")) == (1, "mine")
    assert "--force" in done.err


def test_force_writes_over(run: Run, desk: Path) -> None:
    mine = desk / "notes.md"
    mine.write_text("mine", encoding="utf-8")
    assert run("digest", "export", "4.3", "-o", "notes.md", "--force", cwd=desk).code == 0
    assert mine.read_text(encoding="utf-8") == PUBLISHED


def test_same_export_again_changes_nothing(run: Run, desk: Path) -> None:
    for word in ("written", "unchanged"):
        done = run("digest", "export", "4.3", "-f", "docx", "-o", "one.docx", cwd=desk)
        assert (done.code, done.err.split(":")[0]) == (0, word)


@pytest.mark.parametrize("name", ["../../4.3", "vol-4.3/../../x", "9.9", "a\nb"])
def test_what_is_no_issue_is_refused_and_writes_nothing(run: Run, desk: Path, name: str) -> None:
    before = set(desk.parent.rglob("*"))
    done = run("digest", "export", name, "-f", "all", "-o", "out", cwd=desk)
    assert done.code == 1
    assert "digest list" in done.err
    assert {file for file in set(desk.parent.rglob("*")) - before if file.is_file()} == set()


def test_unknown_format_names_those_there_are(run: Run, desk: Path) -> None:
    done = run("digest", "export", "4.3", "-f", "rtf", cwd=desk)
    assert done.code == 1
    assert "markdown, html, docx, pdf, eml, text, json, all" in done.err


def test_draft_with_a_standing_flag_is_not_exported(run: Run, desk: Path) -> None:
    _draft(desk, "Work begins at Sasebo on March 3 with 400 welders.")
    done = run("digest", "export", "4.4", cwd=desk)
    assert done.code == 1
    assert "item 1, sentence 1" in done.err


def test_draft_whose_flag_was_overridden_is_exported(run: Run, desk: Path) -> None:
    _draft(desk, "Work begins with 400 welders.")
    given = run("digest", "override", "4.4", "1", "1", "--reason", "counted there", cwd=desk)
    assert given.code == 0, given.err
    assert "400 welders" in run("digest", "export", "4.4", cwd=desk).out


def test_draft_whose_flags_are_overridden_is_published_and_then_in_the_feed(
    run: Run, desk: Path
) -> None:
    _draft(desk, "Work begins.")
    refused = run("digest", "publish", "4.4", cwd=desk)
    assert (refused.code, "source: Work begins." in refused.err) == (1, True)
    why = ("--reason", "seen by the editor", "--editor", "Mori")
    assert run("digest", "override", "4.4", "1", "1", *why, cwd=desk).code == 0
    done = run("digest", "publish", "4.4", "--date", "2031-02-23", "--json", cwd=desk)
    assert done.code == 0, done.err
    assert (done.json["state"], done.json["date"]) == ("published", "2031-02-23")
    assert run("digest", "feed", "--output", "feed.xml", cwd=desk).code == 0
    feed = parse((desk / "feed.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == [
        "Digest Vol 4.4",
        "US-Japan Alliance Digest Vol 4.3",
    ]


def test_feed_is_written_over_a_feed_and_nothing_else(run: Run, desk: Path) -> None:
    assert [run("digest", "feed", "-o", "f.xml", cwd=desk).code for _ in range(2)] == [0, 0]
    (desk / "notes.xml").write_text("mine", encoding="utf-8")
    assert run("digest", "feed", "-o", "notes.xml", cwd=desk).code == 1


# --- by mail


@dataclass
class Box:
    port: int = 0
    refuses: str = "-"
    breaks_after: int = 99
    letters: list[bytes] = field(default_factory=list)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "RCPT" and box.refuses in rest:
                self._say("550 nobody here")
            elif verb.upper() == "DATA":
                if len(box.letters) >= box.breaks_after:
                    return
                self._say("354 go on")
                data = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    data += line
                box.letters.append(data)
                self._say("250 kept")
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def box(desk: Path) -> Iterator[Box]:
    """A mail server that the workspace names."""
    found = Box()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.box = found  # type: ignore[attr-defined]
    found.port = server.server_address[1]
    with (desk / "alliance.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[digest.email]\nhost = "127.0.0.1"\n'
            f"port = {found.port}\n"
            'sender = "The Desk <desk@example.org>"\n'
            'unsubscribe = "mailto:leave@example.org"\n'
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def _send(run: Run, desk: Path, *more: str, **env: Any) -> Any:
    names = ("a@example.net", "b@example.net", "c@example.net")
    to = [word for name in names for word in ("--to", name)]
    return run("digest", "send", "4.3", *to, *more, "--json", cwd=desk, **env)


def test_each_recipient_gets_a_letter_of_their_own(run: Run, desk: Path, box: Box) -> None:
    done = _send(run, desk)
    assert done.code == 0, done.err
    letters = [message_from_bytes(data, policy=policy.default) for data in box.letters]
    assert [letter["To"] for letter in letters] == [f"{n}@example.net" for n in "abc"]
    assert {letter["List-Unsubscribe"] for letter in letters} == {"<mailto:leave@example.org>"}


def test_one_who_is_refused_is_told_and_the_others_have_it(run: Run, desk: Path, box: Box) -> None:
    box.refuses = "b@example.net"
    done = _send(run, desk)
    assert (done.code, len(box.letters)) == (3, 2)
    assert done.json["refused"] == [{"address": "b@example.net", "said": "550 nobody here"}]


def test_server_that_breaks_off_leaves_word_of_who_has_it(run: Run, desk: Path, box: Box) -> None:
    box.breaks_after = 1
    done = _send(run, desk)
    assert done.code == 1
    assert "these have it already: a@example.net" in done.err


def test_dry_run_sends_nothing(run: Run, desk: Path, box: Box) -> None:
    done = _send(run, desk, "--dry-run")
    assert (done.code, box.letters, done.json["sent"]) == (0, [], False)
    assert len(done.json["to"]) == 3


def test_address_that_would_end_its_header_is_refused(run: Run, desk: Path, box: Box) -> None:
    done = run("digest", "send", "4.3", "--to", "a@x.example\nBcc: b@x.example", cwd=desk)
    assert (done.code, box.letters) == (1, [])
    assert "no mail address" in done.err


def test_password_that_is_not_set_is_named(run: Run, desk: Path, box: Box) -> None:
    settings = {
        "ALLIANCE_DIGEST__EMAIL__USER": "desk",
        "ALLIANCE_DIGEST__EMAIL__PASSWORD_ENV": "DESK_PASSWORD",
    }
    done = _send(run, desk, **settings)
    assert done.code == 1
    assert "'DESK_PASSWORD'" in done.err


def test_sending_without_a_mail_server_says_what_to_set(run: Run, desk: Path) -> None:
    done = run("digest", "send", "4.3", "--to", "a@example.net", cwd=desk)
    assert done.code == 1
    assert "[digest.email]" in done.err


def test_server_that_is_not_there_is_named(run: Run, desk: Path, box: Box) -> None:
    done = _send(run, desk, ALLIANCE_DIGEST__EMAIL__PORT="1")
    assert done.code == 1
    assert "127.0.0.1:1" in done.err
    assert "nobody has it" in done.err
