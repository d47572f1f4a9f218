"""Collecting: a polite fetcher on Scrapy. It fetches and parses nothing."""

from alliance_nlp.collect.fetcher import Arrived, Fetcher, Finished
from alliance_nlp.collect.messages import Fetch, Politeness

__all__ = ["Arrived", "Fetch", "Fetcher", "Finished", "Politeness"]
