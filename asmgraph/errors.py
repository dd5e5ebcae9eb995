"""Every error that asmgraph raises on purpose.

::

    AsmgraphError
    ├── ConfigurationError      a setting or a catalogue entry is wrong
    ├── SourceError             a source file cannot be read at all
    ├── MappingError            a mapping asks for what is not supported, or contradicts its source
    ├── ValidationError         staged statements break a rule that stops the whole file
    ├── StoreError
    │   ├── HomeNotFoundError   no published data under this home
    │   ├── StoreLockedError    another process is writing
    │   └── SnapshotDamagedError  a snapshot is not what its manifest says
    ├── QueryError
    │   ├── QuerySyntaxError    the text is not SPARQL 1.1
    │   ├── QueryRefusedError   the text asks for what is not allowed (SERVICE, nesting, size ...)
    │   ├── NotAcceptableError  the answer exists in none of the formats asked for
    │   ├── QueryBusyError      too many queries wait already
    │   ├── QueryTimeoutError   stopped at the time limit
    │   └── QueryFailedError    the worker died or ran out of memory
    ├── AnalysisError           numbers given to an analysis contradict each other
    └── NotFoundError           a thing, place or page that is not recorded
        └── GoneError           a thing that was taken down

Each carries a stable ``code`` for programs, a ``message`` for a person and a ``hint`` that says what to do.
What they mean in HTTP is said in ``api/errors.py`` alone.
"""

from __future__ import annotations

from typing import ClassVar


class AsmgraphError(Exception):
    """Base of every deliberate error.

    Parameters
    ----------
    message
        What is wrong, in words for a person; names the file, row, column and value where there are such.
    hint
        What to do about it; empty where the message says it all.
    """

    code: ClassVar[str] = "asmgraph-error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[type[AsmgraphError], tuple[str, str]]:
        """Cross process borders whole."""
        return (type(self), (self.message, self.hint))


class ConfigurationError(AsmgraphError):
    """A setting or a catalogue entry is wrong."""

    code = "configuration-error"


class SourceError(AsmgraphError):
    """A source file cannot be read at all."""

    code = "source-error"


class MappingError(AsmgraphError):
    """A mapping asks for what is not supported, or contradicts its source description."""

    code = "mapping-error"


class ValidationError(AsmgraphError):
    """Statements break a rule that stops the whole file."""

    code = "validation-error"


class StoreError(AsmgraphError):
    """The triple store or its files are not in order."""

    code = "store-error"


class HomeNotFoundError(StoreError):
    """There is no published data under this home."""

    code = "home-not-found"


class StoreLockedError(StoreError):
    """Another process is writing to this home."""

    code = "store-locked"


class SnapshotDamagedError(StoreError):
    """A snapshot is not what its manifest says."""

    code = "snapshot-damaged"


class QueryError(AsmgraphError):
    """A query cannot be answered."""

    code = "query-error"


class QuerySyntaxError(QueryError):
    """The text is not SPARQL 1.1."""

    code = "query-syntax"


class QueryRefusedError(QueryError):
    """The text asks for what is not allowed here."""

    code = "query-refused"


class NotAcceptableError(QueryError):
    """The answer exists in none of the formats asked for."""

    code = "not-acceptable"


class QueryBusyError(QueryError):
    """Too many queries wait for a worker already."""

    code = "query-busy"


class QueryTimeoutError(QueryError):
    """The query was stopped at the time limit."""

    code = "query-timeout"


class QueryFailedError(QueryError):
    """The worker that evaluated the query died or ran out of memory."""

    code = "query-failed"


class AnalysisError(AsmgraphError):
    """Numbers given to an analysis contradict each other."""

    code = "analysis-error"


class NotFoundError(AsmgraphError):
    """What was asked for is not recorded."""

    code = "not-found"


class GoneError(NotFoundError):
    """What was asked for was here, and was taken down."""

    code = "gone"
