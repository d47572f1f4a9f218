"""The one tree of errors.

::

    AllianceError                 anything this package raises on purpose
    ├── ConfigError               alliance.toml, a source entry or an option is wrong
    ├── WorkspaceError            the workspace is missing, locked or not writable
    ├── InputError                a file or a line handed to us cannot be read
    ├── CollectError              the collector itself (not one source) could not work
    ├── ArchiveError              an archive record is missing, torn or not what was recorded
    ├── ExtractError              a page broke the extractor
    ├── KnowledgeBaseError        a knowledge-base table breaks its schema
    ├── ModelError                a model is missing, altered or of other versions
    ├── StoreError                the database cannot be reached, migrated or written
    ├── DigestError               an issue cannot be drafted, read or exported
    └── DrafterError              the optional drafter gave no reply that can be used

A message says what happened, to what, and what to do next. Exceptions of other libraries are
translated in the room that owns the library. What is wrong with one item of many is not an
exception but a :class:`~alliance_nlp.core.types.Rejected`.
"""

from __future__ import annotations


class AllianceError(Exception):
    """Anything this package raises on purpose; the command line prints it as one line."""


class ConfigError(AllianceError):
    """``alliance.toml``, a source entry or an option is wrong."""


class WorkspaceError(AllianceError):
    """The workspace is missing, locked or not writable."""


class InputError(AllianceError):
    """A file or a line handed to us cannot be read."""


class CollectError(AllianceError):
    """The collector itself, not one source, could not work."""


class ArchiveError(AllianceError):
    """An archive record is missing, torn or not what was recorded."""


class ExtractError(AllianceError):
    """A page broke the extractor."""


class KnowledgeBaseError(AllianceError):
    """A knowledge-base table breaks its schema."""


class ModelError(AllianceError):
    """A model is missing, altered or made by other versions."""


class StoreError(AllianceError):
    """The database cannot be reached, migrated or written."""


class DigestError(AllianceError):
    """An issue cannot be drafted, read or exported."""


class DrafterError(AllianceError):
    """The optional drafter gave no reply that can be used.

    Attributes
    ----------
    trouble
        Which of the drafter's troubles it was, such as ``"deadline"``.
    """

    def __init__(self, message: str, *, trouble: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
