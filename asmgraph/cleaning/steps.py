"""The steps of a clean-up: written down once in ``steps.yml``, replayed on every file of the source.

Enters: batches of rows as read. Leaves: the same rows with other texts, and how many cells each step changed. Rows are
neither added nor dropped, so their numbers still lead back to the file. The three kinds of step are what stewards do in
OpenRefine (https://openrefine.org/docs/manual/cellediting): merge the values of a cluster, edit a column in bulk, split
cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic import ValidationError as PydanticError

from asmgraph import tallies
from asmgraph.cleaning.clusters import fingerprint
from asmgraph.descriptions import Source, regular_expression
from asmgraph.errors import ConfigurationError
from asmgraph.records import ROW, Batch

FILE = "steps.yml"


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    column: str


class Cluster(_Step):
    """Write several spellings of one value alike: ``values`` gives for each text what it becomes."""

    step: Literal["cluster"]
    values: Mapping[str, str] = Field(min_length=1)

    def changed(self, cells: pl.Expr, separator: str | None) -> pl.Expr:
        """Return the cells with each text of ``values`` replaced: whole cells, or whole items of a list."""
        if separator is None:
            return cells.replace(dict(self.values))
        items = cells.str.split(separator).list.eval(pl.element().str.strip_chars())
        merged = items.list.eval(pl.element().replace(dict(self.values)))
        return pl.when(items != merged).then(merged.list.join(separator)).otherwise(cells)

    def describe(self) -> str:
        """Return the step in words."""
        targets = len(set(self.values.values()))
        return f"{self.table}.{self.column}: write {len(self.values)} texts as {targets}"


class Edit(_Step):
    """Replace a text wherever it stands in the column, or what a regular expression finds (``$1`` for a group)."""

    step: Literal["edit"]
    find: str = Field(min_length=1)
    replace: str
    regex: bool = False

    def changed(self, cells: pl.Expr, separator: str | None) -> pl.Expr:
        """Return the cells edited; a cell that is left blank is empty."""
        edited = cells.str.replace_all(self.find, self.replace, literal=not self.regex)
        return edited.str.strip_chars().replace("", None)

    def describe(self) -> str:
        """Return the step in words."""
        # Between plain quotes, not as Python writes it, so that a pattern can be copied as it was given.
        what = f"what '{self.find}' finds" if self.regex else f"'{self.find}'"
        return f"{self.table}.{self.column}: replace {what} by '{self.replace}'"

    @model_validator(mode="after")
    def _is_regular(self) -> Self:
        if self.regex:
            regular_expression(self.find)
        return self


class Split(_Step):
    """Read the cells of a column as lists, cut at ``separator``."""

    step: Literal["split"]
    separator: str = Field(min_length=1)

    def changed(self, cells: pl.Expr, separator: str | None) -> pl.Expr:
        """Return the cells as they are: the description says how they are cut, see :func:`described`."""
        return cells

    def describe(self) -> str:
        """Return the step in words."""
        return f"{self.table}.{self.column}: cut at {self.separator!r}"


Step: TypeAlias = Cluster | Edit | Split
_STEPS: TypeAdapter[list[Step]] = TypeAdapter(list[Annotated[Step, Field(discriminator="step")]])


def load(*folders: Path) -> list[Step]:
    """Read the steps saved in ``folders``, one folder after the other; none where there is no file.

    Raises
    ------
    ConfigurationError
        If a file is no list of steps, naming what is wrong.
    """
    return [step for folder in dict.fromkeys(folders) for step in _read(folder / FILE)]


def save(folder: Path, steps: Sequence[Step]) -> None:
    """Write ``steps`` into ``folder``, whole or not at all; without steps there is no file."""
    file = folder / FILE
    if not steps:
        file.unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    content = [step.model_dump(exclude_defaults=True, mode="json") for step in steps]
    draft = folder / f".{FILE}"
    draft.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    draft.replace(file)


def described(source: Source, steps: Iterable[Step]) -> Source:
    """Return the description as the steps make it: the columns that they split hold lists.

    Raises
    ------
    ConfigurationError
        If a step names a table or a column that the source does not have.
    """
    tables = dict(source.tables)
    for number, step in enumerate(steps, start=1):
        table = tables.get(step.table)
        if table is None or step.column not in table.columns:
            raise ConfigurationError(
                f"Step {number} of {source.name} is about the column {step.column!r} of {step.table!r}, which "
                "source.yml does not list.",
                f"Correct {FILE}, or take the step back with 'asmgraph clean undo {source.name} {number}'.",
            )
        if isinstance(step, Split):
            column = table.columns[step.column].model_copy(update={"split": step.separator})
            tables[step.table] = table.model_copy(update={"columns": {**table.columns, step.column: column}})
    return source.model_copy(update={"tables": tables})


class Replay:
    """Applies steps to the batches of one run.

    ``changed`` counts the cells that each step changed or cuts, by its number from 0; ``variants``, by that number and
    the value, the cells with a value that looks like those of a cluster and is not among them; ``first`` has the first
    rows of each such value.
    """

    def __init__(self, steps: Sequence[Step], source: Source) -> None:
        self.steps = steps
        self.source = source
        self.changed = Counter[int]()
        self.variants = Counter[tuple[int, str]]()
        self.first: dict[tuple[int, str], tuple[int, ...]] = {}
        self._keys = {
            number: {fingerprint(text) for text in (*step.values, *step.values.values())}
            for number, step in enumerate(steps)
            if isinstance(step, Cluster)
        }

    def apply(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield every batch with its cells after all steps, in their order."""
        for batch in batches:
            frame = batch.frame
            for number, step in enumerate(self.steps):
                if step.table == batch.table and step.column in frame.columns:
                    before = frame[step.column]
                    separator = self.source.tables[step.table].columns[step.column].split
                    frame = frame.with_columns(step.changed(pl.col(step.column), separator))
                    changed = before.ne_missing(frame[step.column])
                    if isinstance(step, Split):
                        changed = before.str.contains(step.separator, literal=True)
                    self.changed[number] += int(changed.sum())
                    if isinstance(step, Cluster):
                        cells = frame.select(ROW, item=step.column).drop_nulls()
                        if separator:
                            cells = cells.with_columns(pl.col("item").str.split(separator)).explode("item")
                        self._look_for_variants(number, step, cells)
            yield Batch(batch.table, frame)

    def _look_for_variants(self, number: int, step: Cluster, cells: pl.DataFrame) -> None:
        known = set(step.values.values())
        items = cells.with_columns(pl.col("item").str.strip_chars())
        for value, count, rows in tallies.counted(items, "item").iter_rows():
            if value not in known and fingerprint(value) in self._keys[number]:
                self.variants[number, value] += count
                self.first[number, value] = tallies.first(self.first.get((number, value), ()), rows)


def _read(file: Path) -> list[Step]:
    if not file.is_file():
        return []
    try:
        return _STEPS.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")) or [])
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} is not YAML: {error}.") from None
    except PydanticError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"{file}: {place}: {first['msg']}.", "A step is a cluster, an edit or a split; see the reference."
        ) from None
