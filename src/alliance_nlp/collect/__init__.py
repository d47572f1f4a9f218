"""Collecting: a polite fetcher on Scrapy. It fetches and parses nothing."""

from alliance_nlp.collect.fetcher import Arrived, Fetch, Fetcher, Finished, Politeness

__all__ = ["Arrived", "Fetch", "Fetcher", "Finished", "Politeness"]
