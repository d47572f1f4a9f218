"""The analyst's commands: candidates, decisions, issues; and the first steps."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from tests.e2e.conftest import AS_OF, Demo, Run

PLAIN = """Coastline Policy Forum

US-Japan Alliance Digest Vol 4.2

Download US-Japan Alliance Digest Vol 4.2

  • Ministers settle who pays for pier repairs
  • Trilateral radar link goes live

  • Ministers of both countries settled on January 9 how the cost of repairing two piers is shared.
    Work begins in March. The mayor asked for noise limits at night.
  • A link between radars of three countries went live on January 11. It passes warnings within
    seconds. Officials call it a first step.

“US-Japan Alliance Digest” is put together by nobody, for tests.

2031 Coastline Policy Forum | Privacy Policy
"""

MARKDOWN = """# US-Japan Alliance Digest

Vol: 4.3

January 28, 2031

Headlines:

- **Tariff** talks end without date
- Two firms plan [ammonia](https://a.example) terminal

Details:

- Talks on tariffs ended on January 20 **without a date** for the next round. Both sides called them
useful.
- Two firms plan a terminal for ammonia in Kyushu. It would open in 2034.
"""


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Path:
    root = tmp_path / "desk"
    assert run("init", root).code == 0
    return root


def test_init_makes_the_folders_and_refuses_to_do_it_twice(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "fresh"
    assert run("init", root).code == 0
    for name in ("alliance.toml", "data/raw", "data/labeled", "models", "issues"):
        assert (root / name).exists()
    again = run("init", root)
    assert again.code == 1
    assert "is a workspace already" in again.err


def test_a_fresh_workspace_runs_a_night_that_finds_nothing(run: Run, desk: Path) -> None:
    result = run("nightly", "--json", cwd=desk)
    assert result.code == 0, result.err
    assert result.json["adds_up"] is True
    listed = run("candidates", "--format", "table", cwd=desk)
    assert "no candidates yet" in listed.out


def test_outside_a_workspace_the_message_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    result = run("nightly", cwd=tmp_path)
    assert result.code == 1
    assert "alliance-nlp init" in result.err
    assert "Traceback" not in result.err


def test_doctor_finds_everything_in_order(run: Run, demo: Demo) -> None:
    result = run("doctor", "--workspace", demo.root, "--json")
    assert result.code == 0, result.out
    states = {finding["check"]: finding["state"] for finding in result.json}
    for check in ("python", "spacy", "labelled items", "knowledge base", "database", "model"):
        assert states[check] == "ok"


def test_doctor_says_what_to_do_about_an_altered_model(
    run: Run, demo: Demo, workspace: Path
) -> None:
    [model] = (workspace / "models").glob("*.joblib")
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    result = run("doctor", "--workspace", workspace, "--json")
    assert result.code == 1
    [finding] = [f for f in result.json if f["check"] == "model"]
    assert finding["state"] == "wrong"
    assert "alliance-nlp train" in finding["do"]


def test_candidates_come_in_every_format(run: Run, demo: Demo) -> None:
    lines = run("candidates", "-w", demo.root, "-n", "7").lines
    assert [line["rank"] for line in lines] == list(range(1, 8))
    assert [line["score"] for line in lines] == sorted((x["score"] for x in lines), reverse=True)
    for line in lines:
        assert math.fsum(r["contribution"] for r in line["reasons"]) == line["logit"]
    text = run("candidates", "-w", demo.root, "-n", "7", "-f", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["story"] for row in rows] == [line["story"] for line in lines]
    table = run("candidates", "-w", demo.root, "-n", "7", "-f", "table", "--explain").out
    assert "relevance: highest probability" in table
    assert lines[0]["title"].split()[0] in table
    markdown = run("candidates", "-w", demo.root, "-n", "7", "-f", "markdown").out
    assert len(markdown.splitlines()) == 7
    assert run("candidates", "-w", demo.root, "-f", "xml").code == 1


def test_decisions_decide_what_the_draft_holds(run: Run, workspace: Path, demo: Demo) -> None:
    raw = demo.root / "data" / "raw"
    text = (workspace / "alliance.toml").read_text()
    head = text.split("[[sources]]")[0]
    (workspace / "alliance.toml").write_text(
        f'{head}[[sources]]\nid = "old"\nname = "Old"\nkind = "warc"\nurl = "{raw}"\n'
    )
    assert run("nightly", "-w", workspace, "--as-of", AS_OF).code == 0
    lines = run("candidates", "-w", workspace, "-n", "30").lines
    wanted, unwanted = lines[14], lines[0]
    assert run("decide", wanted["story"], "accept", "--note", "ours", "-w", workspace).code == 0
    assert run("decide", unwanted["story"], "reject", "-w", workspace).code == 0
    drafted = run("digest", "draft", "--as-of", AS_OF, "--json", "-w", workspace).json
    assert drafted["id"] == "vol-3.7"
    assert drafted["items"][0]["story"] == wanted["story"]
    assert unwanted["story"] not in [item["story"] for item in drafted["items"]]
    verdicts = {x["story"]: x["verdict"] for x in run("candidates", "-w", workspace).lines}
    assert verdicts[wanted["story"]] == "accept"
    missing = run("decide", "story-none", "accept", "-w", workspace)
    assert missing.code == 1
    assert "story-none" in missing.err


def test_published_digests_are_read_listed_shown_and_exported(run: Run, desk: Path) -> None:
    plain, markdown = desk / "a.txt", desk / "b.md"
    plain.write_text(PLAIN, encoding="utf-8")
    markdown.write_text(MARKDOWN, encoding="utf-8")
    one = run("digest", "import", plain, "--date", "2031-01-14", "--json", cwd=desk).json
    assert (one["volume"], one["number"], one["date"]) == (4, 2, "2031-01-14")
    assert one["headlines"] == [
        "Ministers settle who pays for pier repairs",
        "Trilateral radar link goes live",
    ]
    assert one["bullets"][0].endswith("The mayor asked for noise limits at night.")
    assert len(one["items"][1]["sentences"]) == 3
    two = run("digest", "import", markdown, "--json", cwd=desk).json
    assert two["date"] == "2031-01-28"
    assert two["headlines"] == ["Tariff talks end without date", "Two firms plan ammonia terminal"]
    assert two["bullets"][0].startswith("Talks on tariffs ended on January 20 without a date for")
    listed = run("digest", "list", "--json", cwd=desk).json
    assert [(i["id"], i["state"]) for i in listed] == [
        ("vol-4.2", "published"),
        ("vol-4.3", "published"),
    ]
    assert run("digest", "show", "4.2", "--json", cwd=desk).json["bullets"] == one["bullets"]
    exported = desk / "out.md"
    assert run("digest", "export", "4.3", "--output", exported, cwd=desk).code == 0
    again = run("digest", "import", exported, "--json", cwd=desk).json
    assert again == two
    assert run("digest", "export", "4.3", cwd=desk).out == exported.read_text(encoding="utf-8")
    html = run("digest", "export", "4.3", "--format", "html", cwd=desk).out
    assert "<h1>US-Japan Alliance Digest</h1>" in html


def test_what_is_no_digest_is_refused_with_the_reason(run: Run, desk: Path) -> None:
    file = desk / "not.txt"
    file.write_text("Minutes of a meeting. Nothing was decided.")
    result = run("digest", "import", file, cwd=desk)
    assert result.code == 1
    assert "not.txt" in result.err
    assert "volume" in result.err
    assert run("digest", "show", "9.9", cwd=desk).code == 1


def test_numbers_count_on_from_the_issues_imported(run: Run, demo: Demo, workspace: Path) -> None:
    plain = workspace / "a.txt"
    plain.write_text(PLAIN, encoding="utf-8")
    assert run("digest", "import", plain, "-w", workspace).code == 0
    result = run("digest", "draft", "-w", workspace)
    assert result.code == 1
    assert "alliance-nlp nightly" in result.err


def test_models_are_listed_and_shown(run: Run, demo: Demo) -> None:
    [model] = run("models", "list", "-w", demo.root, "--json").json
    assert model["serves"] is True
    card = run("models", "show", model["id"], "-w", demo.root, "--json").json
    assert len(card["sha256"]) == 64
    assert card["n_items"] >= 200
    assert "scikit-learn" in card["versions"]


@pytest.mark.parametrize(
    "command",
    ["nightly", "collect", "process", "rank", "extract", "tag", "classify", "fold", "candidates",
     "decide", "review", "train", "evaluate", "demo", "init", "doctor", "report"],
)  # fmt: skip
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert "Example: alliance-nlp" in " ".join(result.out.split())


def test_wrong_usage_exits_with_2(run: Run) -> None:
    assert run("nightly", "--no-such-option").code == 2
    assert run("decide", "x", "maybe").code == 2
