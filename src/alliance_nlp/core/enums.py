"""The closed lists: kinds, roles, stages, labels, verdicts and reasons."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """How a source tells what it has."""

    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"
    FOLDER = "folder"
    WARC = "warc"


class Sector(StrEnum):
    """Who speaks in a source."""

    GOVERNMENT = "government"
    MILITARY = "military"
    PARLIAMENT = "parliament"
    LOCAL_GOVERNMENT = "local-government"
    EMBASSY = "embassy"
    PRESS = "press"
    TRADE_PRESS = "trade-press"
    THINK_TANK = "think-tank"
    STATISTICS = "statistics"
    INDUSTRY = "industry"
    INTERNATIONAL = "international"
    OTHER = "other"


class Paywall(StrEnum):
    """How much of a source can be read without paying."""

    NONE = "none"
    METERED = "metered"
    HARD = "hard"


class Role(StrEnum):
    """What a page was fetched for."""

    ROBOTS = "robots"
    LISTING = "listing"
    ARTICLE = "article"
    PART = "part"


class Stage(StrEnum):
    """The stages a run's ledger accounts for, in order."""

    COLLECT = "collect"
    EXTRACT = "extract"
    TAG = "tag"
    CLASSIFY = "classify"
    FOLD = "fold"
    RANK = "rank"


class Label(StrEnum):
    """Entity labels."""

    OFFICIAL = "OFFICIAL"
    EXERCISE = "EXERCISE"
    SHIP = "SHIP"
    MINERAL = "MINERAL"
    BASE = "BASE"


class TopicLabel(StrEnum):
    """Topic labels, in the order in which ties are broken."""

    TRADE = "trade"
    DEFENSE = "defense"
    ENERGY = "energy"
    BASE_POLITICS = "base-politics"


class Novelty(StrEnum):
    """How a story stands to what was published before."""

    NEW = "new"
    FOLLOW_UP = "follow-up"
    REPEAT = "repeat"


class Verdict(StrEnum):
    """What an analyst said of a story."""

    ACCEPT = "accept"
    REJECT = "reject"
    LATER = "later"
    UNSURE = "unsure"
    RETOPIC = "retopic"
    NOTE = "note"
    UNDO = "undo"


class IssueState(StrEnum):
    """How far an issue is, in order."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    SIGNED_OFF = "signed-off"
    PUBLISHED = "published"


class Right(StrEnum):
    """What an account may do; each includes those before it."""

    READER = "reader"
    ANALYST = "analyst"
    EDITOR = "editor"
    ADMIN = "admin"


class EditKind(StrEnum):
    """What an analyst did to stories by hand."""

    MERGE = "merge"
    SPLIT = "split"
    ADD = "add"
    UNDO = "undo"


class Outcome(StrEnum):
    """What a run's visit to a source came to."""

    NEW = "new"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    FAILED = "failed"
    PUT_OFF = "put-off"
    RESTING = "resting"


class Reason(StrEnum):
    """Why a stage rejected or failed on a subject."""

    # collect
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    HTTP_STATUS = "http-status"
    ROBOTS_DENIED = "robots-denied"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    CUT_OFF = "cut-off"
    BAD_URL = "bad-url"
    BAD_LISTING = "bad-listing"
    UNREADABLE = "unreadable"
    ADDRESS_DENIED = "address-denied"
    RATE_LIMITED = "rate-limited"
    PUT_OFF = "put-off"
    RESTING = "resting"
    # extract
    EMPTY_PAGE = "empty-page"
    NOT_HTML = "not-html"
    ERROR_PAGE = "error-page"
    WALL = "wall"
    PAYWALL_STUB = "paywall-stub"
    NO_MAIN_TEXT = "no-main-text"
    TOO_SHORT = "too-short"
    DUPLICATE = "duplicate"
    INDEX_PAGE = "index-page"
    WITHDRAWN = "withdrawn"
    # any stage that works in a process of its own
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    # after extract
    NOT_RELEVANT = "not-relevant"
    SUPERSEDED = "superseded"
    CRASHED = "crashed"
