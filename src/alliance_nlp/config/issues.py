"""The sections on the issue: what it looks like, who drafts, where it goes."""

from __future__ import annotations

from pydantic import Field, field_validator

from alliance_nlp.config.sections import Section
from alliance_nlp.drafter import proxy_problem, url_problem


class DrafterSettings(Section):
    """A model that may rewrite the drafts; without this section none is asked."""

    url: str
    """Its server, OpenAI-compatible: https, or on this machine such as http://127.0.0.1:8080/v1."""
    model: str = Field(min_length=1)
    """The model's name as the server knows it."""
    key_env: str = ""
    """Name of the environment variable that holds the key; empty for none."""
    timeout_s: float = Field(60.0, gt=0)
    """Seconds for one item of the issue, further tries included."""
    max_tokens: int = Field(1200, ge=1)
    """Longest reply, in the model's tokens."""
    ca_file: str = ""
    """PEM file of the authorities to trust instead of the system's."""
    proxy: str = ""
    """``http://HOST:PORT`` for a server behind https; the environment's proxies are not used."""

    @field_validator("url")
    @classmethod
    def _check_url(cls, value: str) -> str:
        if problem := url_problem(value):
            raise ValueError(f"it {problem}")
        return value

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, value: str) -> str:
        if value and (problem := proxy_problem(value)):
            raise ValueError(f"it {problem}")
        return value


class MailingSettings(Section):
    """How issues go out by e-mail."""

    host: str
    """The mail server."""
    sender: str
    """Who sends: ``desk@example.org`` or ``The Desk <desk@example.org>``."""
    to: tuple[str, ...] = ()
    """Who gets it unless ``digest send --to`` says; each gets a letter of their own."""
    port: int = Field(25, ge=1, le=65_535)
    """The mail server's port; 465 speaks TLS from the start."""
    user: str = ""
    """User name for the server; empty for none."""
    password_env: str = ""
    """Name of the environment variable that holds the password."""
    starttls: bool = True
    """Go on encrypted, and refuse a server elsewhere that cannot; false to send in the clear."""
    unsubscribe: str = ""
    """https or mailto address for ``List-Unsubscribe``."""


class FeedSettings(Section):
    """What the feed of published issues says of itself."""

    authority: str = "digest.invalid,2024"
    """A host of yours and a year in which it was, such as ``example.org,2024``: names the issues
    in feed readers, so it never changes."""
    author: str = ""
    """Who publishes; empty for the title."""
    link: str = ""
    """Where the feed will be found."""


class StyleSettings(Section):
    """The house style of headlines and bullets."""

    bullet_words: tuple[int, int] = (67, 142)
    """Fewest and most words of a bullet."""
    headline_words: tuple[int, int] = (6, 12)
    """Fewest and most words of a headline."""
    off: tuple[str, ...] = ()
    """Rules that do not hold here, by id."""
    banned: tuple[str, ...] = ()
    """Words and phrases that shall not stand."""
    rules: tuple[dict[str, str], ...] = ()
    """Own rules: id, find (a regular expression), reason, and replace where a fix is known."""


class DigestSettings(Section):
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
    email: MailingSettings | None = None
    """Mail server and addresses for ``digest send``."""
    feed: FeedSettings = FeedSettings()
    """The Atom feed."""
    style: StyleSettings = StyleSettings()
    """The house style."""
    drafter: DrafterSettings | None = None
    """A model that may rewrite the drafts; off unless given."""
