"""The configuration that ``init`` and ``demo`` write."""

from __future__ import annotations

TEMPLATE = """\
# alliance.toml: the settings of this workspace. What is commented out shows the default.
# Any of them can also be set from outside, such as ALLIANCE_COLLECT__DELAY_S=2.

[collect]
# Who runs this: an address or a page, sent to every site with our name.
contact = ""
# delay_s = 1.0            # least seconds between two requests to one host
# timeout_s = 30.0
# max_bytes = 10000000
# proxy = ""               # http://HOST:PORT
# recheck_days = 3.0       # days in which articles that may matter are looked at again for edits
# max_wait_s = 120.0       # longest wait that a host may ask for in one run
# run_s = 0.0              # seconds after which a run begins no further request; 0 for no end
# budget_requests = 0      # requests that a run may plan for; 0 for no end
# allow_inside = []        # networks such as "10.20.0.0/16" that may be connected to

[process]
# jobs = 1                 # processes that extract and tag
# time_limit_s = 20.0      # for one page; then it is quarantined
# memory_limit_mb = 2000

[store]
# url = ""                 # empty: SQLite in this workspace; or postgresql+psycopg://USER@HOST/NAME

[notify]
# metrics_file = ""        # for Prometheus; must end in .prom
# webhook = ""             # gets a POST of JSON
# when = "failure"         # or "always"
# email = { host = "mail.example", sender = "us@news.example", to = ["desk@news.example"] }

[digest]
# title = "US-Japan Alliance Digest"
# volume = 1               # of the first issue; later ones count on from what was imported
# number = 1
# window_days = 14
# items = 5
# footer = "…"

# [rank.weights]           # over the built-in ones; alliance-nlp candidates --explain names them
# outlets = 1.2

# One entry for each source. Kinds: feed, sitemap, index, folder, warc. Of a source in the
# catalogue the id is enough: alliance-nlp sources list --catalogue
[[sources]]
id = "inbox"
name = "Inbox"
kind = "folder"
url = "inbox"

# [[sources]]
# id = "example-news"
# name = "Example News"
# kind = "feed"
# url = "https://news.example/feed.xml"
# language = "en"
# country = "US"
# weight = 0.7             # 0 to 1
# rights = "quote up to 50 words"
# expected = [5, 60]       # articles a run, least and most
# zone = "America/New_York"
#
# [[sources]]
# id = "example-index"
# name = "Example Releases"
# kind = "index"
# url = "https://agency.example/news/"
# link_pattern = "/news/20[0-9]{2}/"
"""


def demo_config(*, volume: int, number: int, sources: str) -> str:
    """Return the demo's configuration: loopback needs no courtesy delay."""
    return (
        "# The demo's settings; its sources are a sample site on loopback.\n\n"
        '[collect]\ndelay_s = 0.0\ncontact = "demo"\nconcurrency_per_host = 4\n\n'
        f"[digest]\nvolume = {volume}\nnumber = {number}\n\n{sources}"
    )
