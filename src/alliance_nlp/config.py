"""Settings: ``alliance.toml``, then ``ALLIANCE_*`` variables on top, all checked."""

from __future__ import annotations

import difflib
import json
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from alliance_nlp import __version__
from alliance_nlp.collect import Politeness
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Source
from alliance_nlp.rank import check_weights
from alliance_nlp.sources import read_sources

Share = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CollectSettings(_Section):
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


class ProcessSettings(_Section):
    """How archived pages are worked on."""

    jobs: int = Field(1, ge=1)
    """Processes that extract and tag."""
    time_limit_s: float = Field(20.0, ge=1)
    """Seconds that one page may take; then it is quarantined."""
    memory_limit_mb: int = Field(2000, ge=100)
    """Megabytes that work on a page may take; then it is quarantined."""


class EmailSettings(_Section):
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


class NotifySettings(_Section):
    """Who is told of a run, besides the report in the workspace."""

    metrics_file: str = ""
    """File for Prometheus' text format, such as /var/lib/node_exporter/alliance.prom."""
    webhook: str = ""
    """Address that gets a POST of JSON."""
    when: Literal["failure", "always"] = "failure"
    """When webhook and e-mail are used."""
    email: EmailSettings | None = None
    """Mail server and addresses."""


class StoreSettings(_Section):
    """Where results are kept."""

    url: str = ""
    """SQLAlchemy URL; empty for SQLite inside the workspace."""


class FoldSettings(_Section):
    """How articles become stories."""

    distance: Share = 0.82
    """Cosine distance up to which average-linked articles are one story."""
    min_relevance: Share = 0.15
    """Articles less likely relevant than this are left out before folding."""
    days: float = Field(5.0, gt=0)
    """Days of quiet after which a story is closed."""
    across_languages: Share = 0.4
    """Likeness of concepts and numbers from which stories in two languages are one."""


class RankSettings(_Section):
    """How stories are ranked."""

    weights: dict[str, float] = Field(default_factory=dict)
    """Weight by feature, over the built-in ones; ``candidates --explain`` names them."""
    learn: bool = True
    """Let decisions move the weights, once there are twenty with five of either kind."""


class DigestSettings(_Section):
    """What an issue looks like."""

    title: str = "US-Japan Alliance Digest"
    """Title of every issue."""
    volume: int = Field(1, ge=1)
    """Volume of the first issue, when none was imported or drafted yet."""
    number: int = Field(1, ge=1)
    """Number of the first issue, likewise."""
    window_days: int = Field(14, ge=1)
    """Days an issue looks back."""
    items: int = Field(5, ge=1, le=20)
    """Headlines and bullets in an issue."""
    footer: str = (
        "The US-Japan Alliance Digest is drafted every two weeks from public sources with "
        "alliance-nlp."
    )
    """Last line of every issue."""


class Settings(BaseSettings):
    """All settings of a workspace; every one has a default."""

    model_config = SettingsConfigDict(
        env_prefix="ALLIANCE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    collect: CollectSettings = CollectSettings()
    process: ProcessSettings = ProcessSettings()
    store: StoreSettings = StoreSettings()
    fold: FoldSettings = FoldSettings()
    rank: RankSettings = RankSettings()
    digest: DigestSettings = DigestSettings()
    notify: NotifySettings = NotifySettings()
    sources: tuple[dict[str, Any], ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment overrule the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    def read_sources(self) -> tuple[Source, ...]:
        """Return the checked sources."""
        return read_sources(self.sources)

    def politeness(self) -> Politeness:
        """Return how the fetcher behaves."""
        collect = self.collect
        contact = f" (+{collect.contact})" if collect.contact else ""
        return Politeness(
            user_agent=f"alliance-nlp/{__version__}{contact}",
            proxy=collect.proxy,
            delay_s=collect.delay_s,
            timeout_s=collect.timeout_s,
            max_bytes=collect.max_bytes,
            concurrency=collect.concurrency,
            concurrency_per_host=collect.concurrency_per_host,
            retries=collect.retries,
            max_wait_s=collect.max_wait_s,
            run_s=collect.run_s,
            allow_inside=collect.allow_inside,
        )


def load_settings(file: Path | None) -> Settings:
    """Read the settings of a workspace; without a file, the defaults and the environment.

    Raises
    ------
    ConfigError
        If the file is no TOML, or a key is unknown or holds what it must not. The message names
        file and key, and what is wanted.
    """

    class _FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = _FromFile()
        settings.read_sources()
        check_weights(settings.rank.weights)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}; mend that line") from error
    except SettingsError as error:
        raise ConfigError(f"an ALLIANCE_ variable cannot be read: {error}") from error
    except ValidationError as error:
        raise ConfigError(_explain(error, file)) from error
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}") from error
    return settings


def append_sources(file: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Append ``[[sources]]`` entries to a configuration; what stands in it stays as it is.

    Raises
    ------
    ConfigError
        If the file would not be in order afterwards; it is left as it was.
    """
    lines = [f"\n[[sources]]\n{_toml(entry)}" for entry in entries]
    kept = file.resolve()  # of a link, what it leads to is replaced
    trial = kept.with_name(f".{kept.name}.new")
    try:
        text = kept.read_text(encoding="utf-8")
        trial.write_text(text.rstrip("\n") + "\n" + "".join(lines), encoding="utf-8")
        shutil.copymode(kept, trial)
        load_settings(trial)
        trial.replace(kept)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror or error}") from error
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(trial), f"{file}, if changed so")) from error
    finally:
        trial.unlink(missing_ok=True)


def _toml(entry: Mapping[str, Any]) -> str:
    # JSON's strings, numbers, booleans and lists are TOML's too; no value here is deeper.
    return "".join(f"{name} = {_toml_value(value)}\n" for name, value in entry.items())


def _toml_value(value: Any) -> str:
    # JSON lets the control character DEL stand, TOML does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _explain(error: ValidationError, file: Path | None) -> str:
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    key = ".".join(path)
    where = str(file) if file else "the settings"
    if first["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        close = difflib.get_close_matches(path[-1], known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
        return f"{where}: unknown key {key!r}; {hint}"
    return f"{where}: {key} = {first['input']!r} will not do: {first['msg']}"


def _known_keys(path: list[str]) -> list[str]:
    model: Any = Settings
    for part in path:
        model = model.model_fields[part].annotation
    return list(model.model_fields)
