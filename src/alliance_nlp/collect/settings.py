"""Scrapy's settings for the child: what it does itself, and what stands in for its parts."""

from __future__ import annotations

from typing import Any

from alliance_nlp.collect.messages import POLITENESS, Politeness

_HERE = "alliance_nlp.collect"
_BASE = "scrapy.downloadermiddlewares"


def settings(politeness: Politeness) -> dict[str, Any]:
    """Return Scrapy's settings for a politeness."""
    return {
        POLITENESS: politeness,
        "USER_AGENT": politeness.user_agent,
        **_LIMITS,
        "DOWNLOAD_TIMEOUT": politeness.timeout_s,
        "DOWNLOAD_MAXSIZE": politeness.max_bytes,
        # The gate decides when a request begins; what is behind it must not wait again.
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency,
        # A name server that does not answer holds a thread until its own timeout.
        "REACTOR_THREADPOOL_MAXSIZE": 2 * politeness.concurrency + 10,
        **_OFF,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), f"{_HERE}.connecting.Handler"),
        "TWISTED_DNS_RESOLVER": f"{_HERE}.connecting.JudgingResolver",
        "DOWNLOADER_MIDDLEWARES": {
            f"{_BASE}.retry.RetryMiddleware": None,
            f"{_HERE}.robots.Robots": 100,
            f"{_HERE}.retries.Retries": 550,
            f"{_HERE}.spider.Proxy": 740,
            f"{_HERE}.gate.Gate": 980,
            f"{_HERE}.tap.Tap": 990,  # nearest to the network: before redirects
        },
    }


_LIMITS: dict[str, Any] = {
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "en",
        "Accept-Encoding": "gzip, deflate, br, zstd",
    },
    "CONCURRENT_ITEMS": 1,  # nothing is scraped; by default each answer starts 100 tasks
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "REDIRECT_MAX_TIMES": 5,
    "URLLENGTH_LIMIT": 0,  # drops a request without a word, and the parent waits for ever
    "HTTPERROR_ALLOW_ALL": True,
}

_OFF: dict[str, Any] = {
    "ROBOTSTXT_OBEY": False,  # Robots obeys it instead, see there
    "AUTOTHROTTLE_ENABLED": False,  # the turns follow the latency, see there
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_DELAY_JITTER": 0,
    "COMPRESSION_ENABLED": False,  # bodies are kept as received; see unpacking
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,  # where a redirect came from is no one's business
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,  # by default it listens and executes what it is sent
    "LOG_LEVEL": "CRITICAL",  # what fails is reported as a value, once
    "LOGSTATS_INTERVAL": 0,
}
