"""Where the drafter is, and the limits within which it is asked."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.urls import host_and_port, is_web_url

_PATH = "/chat/completions"
# What may stand in a header's value without ending it; a key of anything else is a slip.
_KEY = re.compile(r"[!-~]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server that speaks OpenAI's chat completions, on this machine or behind https.

    Attributes
    ----------
    url
        Its base such as ``http://127.0.0.1:8080/v1``, or the whole address of its chat completions.
    model
        The model's name as the server knows it.
    api_key
        Sent as a bearer token; ``""`` for none. It is in no repr and no message.
    timeout_s
        Seconds for the whole of one :func:`ask`, waits and further tries included.
    max_bytes
        Largest answer, in bytes.
    temperature
        0 for the likeliest words, so that asking again gives the same as far as the server can.
    max_tokens
        Longest reply, in the model's tokens.
    ca_file
        PEM file of the authorities to trust instead of the system's; ``""`` for the system's.
    proxy
        ``http://HOST:PORT`` for https endpoints; ``""`` for none, whatever the environment says.

    Raises
    ------
    ConfigError
        If the address, the key, the proxy or a limit will not do.
    """

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    max_bytes: int = 1_000_000
    temperature: float = 0.0
    max_tokens: int = 1200
    ca_file: str = ""
    proxy: str = ""

    def __post_init__(self) -> None:
        if problem := url_problem(self.url):
            raise ConfigError(f"the drafter's url {problem}; mend digest.drafter.url")
        if self.proxy and (problem := proxy_problem(self.proxy)):
            raise ConfigError(f"the drafter's proxy {problem}; mend digest.drafter.proxy")
        if not self.model.strip():
            raise ConfigError("the drafter has no model; name one in digest.drafter.model")
        if not _KEY.match(self.api_key):
            raise ConfigError(
                "the drafter's key holds a space, a line break or a letter that no key has; "
                "look at the environment variable that digest.drafter.key_env names"
            )
        if min(self.timeout_s, self.max_bytes, self.max_tokens) <= 0 or self.temperature < 0:
            raise ConfigError("the drafter's limits must be above 0; mend digest.drafter")

    @property
    def completions_url(self) -> str:
        """The address that is posted to."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        path = path if path.endswith(_PATH) else path + _PATH
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    @property
    def site(self) -> str:
        """``"host:port"``: all that a message says of the address."""
        return host_and_port(self.url)


def url_problem(url: str) -> str:
    """Return why an address cannot be the drafter's, or ``""``: https, or http on this machine."""
    if not is_web_url(url) or any(c.isspace() or not c.isprintable() for c in url):
        return "is no http or https address"
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        return "holds a name or a password; give a key by digest.drafter.key_env"
    if parts.scheme.lower() == "http" and not _is_loopback(parts.hostname or ""):
        return "is http to another machine, where all could read along; use https"
    return ""


def proxy_problem(proxy: str) -> str:
    """Return why an address cannot be a proxy's, or ``""``."""
    if not is_web_url(proxy) or urlsplit(proxy).scheme.lower() != "http":
        return "is not of the form http://HOST:PORT"
    if "@" in urlsplit(proxy).netloc:
        return "holds a name or a password, which is not supported"
    return ""


def _is_loopback(name: str) -> bool:
    if name.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
