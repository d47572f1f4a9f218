"""URLs: which ones name the same article, and which ones we go to at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a click came from, never what is shown.
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_[ce]id|igshid|yclid|_ga|_gl|cmpid"
    r"|ocid|ncid|smid|sr_share|ref_src|ref|rss|cid_source|at_medium|at_campaign|output|amp"
    r"|guccounter|guce_\w+|__twitter_impression|taid|spm|share)$",
    re.IGNORECASE,
)
_AMP_TAIL = re.compile(r"(?:(?:/amp)+/?$|\.amp(?=\.html?$|$)|/amp\.html?$)", re.IGNORECASE)
_INDEX_TAIL = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_DEFAULT_PORT = {"http": 80, "https": 443}


def is_web_url(url: str) -> bool:
    """Tell whether ``url`` is an absolute http or https URL with a host."""
    try:
        url.encode()  # a lone surrogate has no bytes to send
        return urlsplit(url).scheme.lower() in _DEFAULT_PORT and bool(host(url)) and _port_ok(url)
    except ValueError:
        return False


def _port_ok(url: str) -> bool:
    port = urlsplit(url).port  # raises ValueError when out of range
    return port is None or port > 0


def host(url: str) -> str:
    """Return the lower-case host name of a URL without a leading ``www.``; ``""`` if none."""
    try:
        name = (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    return name.removeprefix("www.")


def host_and_port(url: str) -> str:
    """Return ``"host:port"`` of a web URL, the port always stated."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port or _DEFAULT_PORT.get(parts.scheme.lower(), 0)}"


def absolute(base: str, link: str) -> str:
    """Resolve a link against its page; ``""`` when it leads to no web page."""
    try:
        url = urljoin(base, link.strip())
    except ValueError:
        return ""
    return url.split("#", 1)[0] if is_web_url(url) else ""


def canonical(url: str) -> str:
    """Return one spelling for all URLs that name the same article.

    http and https, host case and ``www.``, default ports, fragments, tracking parameters, the
    order of parameters, a trailing slash, index files, AMP paths and hosts make no difference.
    The function is idempotent. It makes a key and a citation, never a URL to request.

    Raises
    ------
    ValueError
        If ``url`` is no absolute web URL.
    """
    if not is_web_url(url):
        raise ValueError(f"no absolute web URL: {url!r}")
    parts = urlsplit(url.strip())
    name = _until_stable(lambda name: re.sub(r"^(?:www|amp)\.(?=.)", "", name), host(url))
    name = f"[{name}]" if ":" in name else name
    if parts.port and parts.port not in _DEFAULT_PORT.values():
        name = f"{name}:{parts.port}"
    path = quote(
        unquote(parts.path, errors="surrogateescape"),
        safe="/:@!$&'()*+,;=~-._",
        errors="surrogateescape",
    )
    path = _until_stable(_without_tail, re.sub(r"/{2,}", "/", path)) or "/"
    query = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(key)
    )
    return urlunsplit(("https", name, path, urlencode(query), ""))


def _without_tail(path: str) -> str:
    return _INDEX_TAIL.sub("/", _AMP_TAIL.sub("", path.rstrip("/")))


def _until_stable(change: Callable[[str], str], text: str) -> str:
    while (changed := change(text)) != text:
        text = changed
    return text


def without_tracking(url: str) -> str:
    """Return a URL to open, without the parameters and the fragment that name the way to it."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if not _TRACKING.match(pair.split("=", 1)[0])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def url_key(url: str) -> str:
    """Return what identifies a page's address: its canonical URL, or a local one as it is."""
    return url if url.startswith("file:") else canonical(url)
