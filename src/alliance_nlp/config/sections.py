"""The sections on collecting, working on and ranking articles, and on telling of runs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A table of ``alliance.toml``: unknown keys are refused, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CollectSettings(Section):
    """How we fetch."""

    contact: str = ""
    """Address or page of whoever runs this, sent in the User-Agent."""
    proxy: str = ""
    """``http://HOST:PORT``; empty for none."""
    delay_s: float = Field(1.0, ge=0)
    """Least seconds between two requests to one host."""
    timeout_s: float = Field(30.0, gt=0)
    """Seconds for one response."""
    max_bytes: int = Field(10_000_000, gt=0)
    """Largest page, in bytes, as received and decoded."""
    concurrency: int = Field(16, ge=1)
    """Requests under way at once."""
    concurrency_per_host: int = Field(2, ge=1)
    """Requests under way at once to one host."""
    retries: int = Field(2, ge=0, le=10)
    """Further tries after a failure that may pass."""
    max_articles_per_source: int = Field(1000, ge=1)
    """Most new articles taken from one source in one run; the rest waits for the next."""
    nights_per_lead: int = Field(3, ge=1)
    """Runs in which a page that fails is tried before it is given up."""
    recheck_days: float = Field(3.0, ge=0)
    """Days in which an article that may matter is looked at again for edits; 0 for never."""
    max_wait_s: float = Field(120.0, ge=0)
    """Seconds that a host may ask us to wait (Retry-After); one that asks for more is put off."""
    run_s: float = Field(0.0, ge=0)
    """Seconds after which a run begins no further request; 0 for no end."""
    budget_requests: int = Field(0, ge=0)
    """Requests that a run may plan for; the sources beyond come first next time. 0 for no end."""
    allow_inside: tuple[str, ...] = ()
    """Networks such as 10.20.0.0/16 that may be connected to though they are not public."""


class ProcessSettings(Section):
    """How archived pages are worked on."""

    jobs: int = Field(1, ge=1)
    """Processes that extract and tag."""
    time_limit_s: float = Field(20.0, ge=1)
    """Seconds that one page may take; then it is quarantined."""
    memory_limit_mb: int = Field(2000, ge=100)
    """Megabytes that work on a page may take; then it is quarantined."""


class EmailSettings(Section):
    """Where and how mail goes out."""

    host: str
    """The mail server."""
    sender: str
    """Address in From."""
    to: tuple[str, ...]
    """Addresses in To."""
    port: int = Field(25, ge=1, le=65_535)
    """The mail server's port."""
    user: str = ""
    """User name for the server; empty for none."""
    password_env: str = ""
    """Name of the environment variable that holds the password."""


class NotifySettings(Section):
    """Who is told of a run, besides the report in the workspace."""

    metrics_file: str = ""
    """File for Prometheus' text format, such as /var/lib/node_exporter/alliance.prom."""
    webhook: str = ""
    """Address that gets a POST of JSON."""
    when: Literal["failure", "always"] = "failure"
    """When webhook and e-mail are used."""
    email: EmailSettings | None = None
    """Mail server and addresses."""


class StoreSettings(Section):
    """Where results are kept."""

    url: str = ""
    """SQLAlchemy URL; empty for SQLite inside the workspace."""


class FoldSettings(Section):
    """How articles become stories."""

    distance: Share = 0.8
    """Cosine distance up to which average-linked articles are one story."""
    min_relevance: Share = 0.15
    """Articles less likely relevant than this are left out before folding."""
    days: float = Field(5.0, gt=0)
    """Days of quiet after which a story is closed."""
    across_languages: Share = 0.4
    """Likeness of concepts and numbers from which stories in two languages are one."""


class RankSettings(Section):
    """How stories are ranked."""

    weights: dict[str, float] = Field(default_factory=dict)
    """Weight by feature, over the built-in ones; ``candidates --explain`` names them."""
    learn: bool = True
    """Let decisions move the weights, once there are twenty with five of either kind."""
