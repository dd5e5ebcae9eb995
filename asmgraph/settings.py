"""One frozen set of settings, read from ``ASMGRAPH_*`` variables and passed in wherever it is needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic import ValidationError as PydanticError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from asmgraph.errors import ConfigurationError

PREFIX = "ASMGRAPH_"


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Everything that can be set from outside; each field is the variable ``ASMGRAPH_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Field(Path(".asmgraph"), description="folder of store, snapshots and staging")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the server listens on")
    query_workers: int = Field(2, ge=1, le=64, description="processes that evaluate SPARQL queries")
    query_timeout_s: float = Field(10.0, gt=0, description="a query is stopped after this many seconds")
    query_queue: int = Field(64, ge=0, description="queries that may wait for a worker")
    query_max_bytes: int = Field(65_536, gt=0, description="longest query text, in bytes")
    query_max_nesting: int = Field(64, gt=0, description="deepest nesting of brackets in a query")
    worker_memory_mb: int = Field(1024, ge=128, description="memory a query worker may take, in MiB")
    result_max_rows: int = Field(100_000, gt=0, description="longest result, in rows or triples")
    result_max_bytes: int = Field(50_000_000, gt=0, description="longest result, in bytes")
    source_max_bytes: int = Field(500_000_000, gt=0, description="largest source file, in bytes")
    sparql_endpoints: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = Field(
        (), description="SPARQL endpoints that sources may be fetched from, separated by spaces"
    )
    sparql_timeout_s: float = Field(
        60.0, gt=0, description="an endpoint must have answered after so many seconds"
    )
    versions_kept: int = Field(5, ge=1, description="how many published versions of a source are kept whole")
    publisher: str = Field(
        "not stated",
        min_length=1,
        description="who publishes the data, as citations and the catalogue name it",
    )
    gap_runs_kept: int = Field(
        20, ge=1, description="how many runs of the gap analyses are kept for each question"
    )
    snapshots_kept: int = Field(5, ge=2, description="how many published snapshots are kept")


def load(**given: object) -> Settings:
    """Read the settings from the environment.

    Parameters
    ----------
    **given
        Values that win over the environment; ``None`` counts as not given.

    Raises
    ------
    ConfigurationError
        For an unknown ``ASMGRAPH_`` variable or a value out of bounds, naming it.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    if unknown:
        raise ConfigurationError(
            f"Unknown setting {', '.join(unknown)}.", f"Known settings: {', '.join(sorted(known))}."
        )
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except PydanticError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']} (given: {first['input']!r}).") from None
