"""The analyst's desk in the browser: ranked stories, decisions, the night's ledger, the issues."""

from alliance_nlp.web.app import create_app, serve

__all__ = ["create_app", "serve"]
