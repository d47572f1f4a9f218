"""Archives as other crawlers write them, and small models to sieve them with."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from html import escape
from pathlib import Path

from alliance_nlp.archive import expand_archives
from alliance_nlp.artifacts import load_model
from alliance_nlp.learn import read_items, train_prefilter
from alliance_nlp.learn.train import train
from alliance_nlp.pipeline.backfilling import BackfillTask, Plan, plan_tasks
from alliance_nlp.workspace import packaged_labeled

HTML = "text/html; charset=utf-8"
RELEVANT = (
    "Japan and United States agree on repair of destroyers at Yokosuka",
    "The defense ministers of Japan and the United States agreed in Tokyo that American destroyers "
    "of the Seventh Fleet will be repaired in Japanese yards from next year. The alliance needs "
    "ships that are ready, the Japanese minister said after the talks.\nThe Self-Defense Forces "
    "and the U.S. Navy will share spare parts at the base in Yokosuka under the accord. The "
    "United States welcomed the decision as a step for deterrence in the Indo-Pacific.",
)
ELSEWHERE = (
    "Village fair draws record crowd",
    "The fair in the valley drew more visitors than in any year before, the organisers said on "
    "Sunday. Children rode ponies while a brass band played by the old mill.\nA prize for the "
    "heaviest pumpkin went to a teacher, who said that she had watered it by hand all summer and "
    "would share the seeds with anyone who asked.",
)


def html(title: str, text: str, *, published: str = "2024-04-10T06:00:00Z") -> bytes:
    """Return a news page."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)}</title>'
        f'<meta property="article:published_time" content="{published}"></head><body><article>'
        f"<h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


def response(body: bytes, *, status: str = "200 OK", media: str = HTML) -> bytes:
    """Return an HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n\r\n".encode() + body


def record(
    url: str, block: bytes, *, kind: str = "response", at: str = "2024-04-10T09:00:00Z"
) -> bytes:
    """Return a WARC record, not packed."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_archive(path: Path, records: Sequence[bytes]) -> Path:
    """Write records as a gzip member each."""
    path.write_bytes(b"".join(map(gzip.compress, records)))
    return path


def news(name: str, article: tuple[str, str] = RELEVANT, *, published: str = "") -> bytes:
    """Return the record of an article; each name gives another address and text."""
    title, text = article
    on = published or "2024-04-10T06:00:00Z"
    body = html(f"{title} ({name})", f"{text}\nThis is report {name} of the day.", published=on)
    return record(f"https://outlet.example/news/{name}", response(body))


def make_models(folder: Path) -> tuple[str, str]:
    """Train a small model and its prefilter into a folder; return their ids."""
    items = read_items([packaged_labeled()])[::6]
    card = train(folder, items, measure=False)
    model = load_model(folder, card.id)[0]
    sieve = train_prefilter(folder, items, model, model_id=card.id)
    return card.id, sieve.id


def tasks_of(plan: Plan, *paths: Path | str, task_bytes: int = 1 << 30) -> tuple[BackfillTask, ...]:
    """Return the tasks of these archives."""
    return plan_tasks(expand_archives([str(path) for path in paths]), plan, task_bytes=task_bytes)
