"""All settings of a workspace."""

from __future__ import annotations

from typing import Any

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from alliance_nlp import __version__
from alliance_nlp.collect import Politeness
from alliance_nlp.config.issues import DigestSettings
from alliance_nlp.config.sections import (
    CollectSettings,
    FoldSettings,
    NotifySettings,
    ProcessSettings,
    RankSettings,
    StoreSettings,
)
from alliance_nlp.core.types import Source
from alliance_nlp.sources import read_sources


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
