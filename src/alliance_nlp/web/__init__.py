"""The analyst's desk in the browser: ranked stories, decisions, the night's ledger, the issues."""

from alliance_nlp.web.app import create_app
from alliance_nlp.web.serving import Listening, serve

__all__ = ["Listening", "create_app", "serve"]
