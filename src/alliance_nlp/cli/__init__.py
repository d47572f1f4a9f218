"""The command line. Each command is a thin wrapper of a plain function elsewhere.

Importing this loads neither spaCy nor scikit-learn: commands import what they need when called.
"""

from alliance_nlp.cli.app import main

__all__ = ["main"]
