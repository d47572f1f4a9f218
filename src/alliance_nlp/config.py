"""Settings: ``alliance.toml``, then ``ALLIANCE_*`` variables on top, all checked."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any

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


class RankSettings(_Section):
    """How stories are ranked."""

    weights: dict[str, float] = Field(default_factory=dict)
    """Weight by feature, over the built-in ones; ``candidates --explain`` names them."""


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
    store: StoreSettings = StoreSettings()
    fold: FoldSettings = FoldSettings()
    rank: RankSettings = RankSettings()
    digest: DigestSettings = DigestSettings()
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
