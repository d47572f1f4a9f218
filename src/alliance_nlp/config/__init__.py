"""Settings: ``alliance.toml``, then ``ALLIANCE_*`` variables on top, all checked."""

from alliance_nlp.config.issues import (
    DigestSettings,
    DrafterSettings,
    FeedSettings,
    MailingSettings,
    StyleSettings,
)
from alliance_nlp.config.loading import append_sources, load_settings
from alliance_nlp.config.sections import (
    CollectSettings,
    EmailSettings,
    FoldSettings,
    NotifySettings,
    ProcessSettings,
    RankSettings,
    StoreSettings,
)
from alliance_nlp.config.settings import Settings

__all__ = [
    "CollectSettings",
    "DigestSettings",
    "DrafterSettings",
    "EmailSettings",
    "FeedSettings",
    "FoldSettings",
    "MailingSettings",
    "NotifySettings",
    "ProcessSettings",
    "RankSettings",
    "Settings",
    "StoreSettings",
    "StyleSettings",
    "append_sources",
    "load_settings",
]
