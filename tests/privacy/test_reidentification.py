"""Try to find the sites of a restricted source again, with its open original at hand.

The real visits are treated as if they were restricted. The attacker has the file that they were made from and
the public dataset, and joins them on everything that both tell: area, minerals, year, band of workers and each
answer. Five sites alike mean that no record leads to fewer than five sites, so that nobody is found with
certainty, and a guess is right once in five times at most.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import yaml
from pyoxigraph import NamedNode

from asmgraph import pipeline, settings
from asmgraph.catalogue import REFERENCE
from asmgraph.privacy.generalisation import ALIKE, BANDS
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.resources import catalogue
from asmgraph.store import snapshots

pytestmark = pytest.mark.external
SERVICES = [f"state_service{n}" for n in range(1, 5)]
MINERALS = [f"mineral{n}" for n in range(1, 4)]
ANSWERS = {"1": "yes", "true": "yes", "0": "no", "false": "no"}


@dataclass(frozen=True)
class Attack:
    """What the attacker has: public records, and the sites that fit each of them."""

    records: pl.DataFrame
    candidates: pl.DataFrame
    text: str
    original: pl.DataFrame


@pytest.fixture(scope="module")
def attack(
    external_data: Path, starter_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Attack]:
    home = tmp_path_factory.mktemp("reidentification") / "home"
    for source in REFERENCE:
        shutil.copytree(starter_home / "staging" / source, home / "staging" / source)
    folder = home / "sources" / "closed-visits"
    folder.mkdir(parents=True)
    described = yaml.safe_load((catalogue() / "ipis" / "source.yml").read_text(encoding="utf-8"))
    described |= {"name": "closed-visits", "sensitivity": "restricted"}
    (folder / "source.yml").write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    shutil.copy(catalogue() / "ipis" / "mapping.yml", folder)
    file = external_data / "ipis-drc-mines" / "ipis_cod_mines.csv"
    chosen = settings.load(home=home)
    pipeline.ingest(chosen, "closed-visits", file)
    pipeline.publish(chosen)
    snapshot = snapshots.current(home)
    quads = [
        quad
        for graph in snapshot.graphs
        if "/closed-visits/" in graph
        for quad in snapshot.reading.store.quads_for_pattern(None, None, None, NamedNode(graph))
    ]
    records = _records([(quad.subject.value, quad.predicate.value, _value(quad.object)) for quad in quads])  # type: ignore[union-attr]
    original = _original(file, described["lookups"])
    text = "\n".join(str(quad) for quad in quads)
    yield Attack(records, _joined(records, original), text, original)


def _value(term: object) -> str:
    return str(term.value)  # type: ignore[attr-defined]


def _records(statements: list[tuple[str, str, str]]) -> pl.DataFrame:
    """Return the generalised visits as anybody can read them: what is not told is null."""
    told: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, value in statements:
        told.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    rows = []
    for visit, said in told.items():
        if f"{ID}visit/" not in visit:
            continue
        (site,) = said[f"{ASM}site"]
        rows.append(
            {
                "record": visit,
                "area": min(told[site][f"{ASM}within"]).removeprefix(ID),
                "year": min(said[f"{ASM}date"]),
                "minerals": _short(said.get(f"{ASM}mineral")) or "",
                "band": min(said.get(f"{ASM}lower", {None}), key=str),
                "mercury": _short(said.get(f"{ASM}mercuryObserved")),
                "women": _short(said.get(f"{ASM}womenPresent")),
                "mode": _short(said.get(f"{ASM}visitMode")),
                "traceability": _short(said.get(f"{ASM}traceability")),
                "services": _short(said.get(f"{ASM}stateService")),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _short(values: set[str] | None) -> str | None:
    return " ".join(sorted(value.removeprefix(VOCAB) for value in values)) if values else None


def _original(file: Path, lookups: dict[str, dict[str, str]]) -> pl.DataFrame:
    """Return the open original in the same words: one row a site and year, from its last visit in that year."""
    frame = pl.read_csv(file, infer_schema=False).with_columns(year=pl.col("visit_date").str.slice(0, 4))
    last = frame.sort("visit_date", pl.format("visit/ipis-{}", "vid")).group_by("pcode", "year").last()

    def words(columns: list[str], *tables: str) -> pl.Expr:
        known = {key: value for table in tables for key, value in lookups[table].items()}
        cells = [
            pl.col(column).replace_strict(known, default=None, return_dtype=pl.String) for column in columns
        ]
        return pl.concat_list(cells).list.drop_nulls().list.unique().list.sort().list.join(" ")

    answer = {key: f"observation/{value}" for key, value in ANSWERS.items()}
    number, band = pl.col("workers_numb").cast(pl.Int64, strict=False), pl.lit(None, pl.Int64)
    for least in BANDS:
        band = pl.when(number >= least).then(least).otherwise(band)
    province, former = (
        pl.col(column).replace_strict(lookups[table], default=None, return_dtype=pl.String)
        for column, table in (("province", "province"), ("province_old", "province-old"))
    )
    mode = pl.col("visit_onsite").replace_strict(lookups["visit-mode"], default=None, return_dtype=pl.String)
    return last.select(
        "pcode", "workers_numb", "name", "village", "year", "vid", "visit_date",
        province.alias("province"),
        former.alias("former"),  # some rows have the two columns the wrong way round
        words(MINERALS, "mineral").alias("minerals"),
        band.cast(pl.String).alias("band"),
        *(
            pl.col(column).replace_strict(answer, default="observation/not-asked").alias(alias)
            for column, alias in (("mercury", "mercury"), ("women", "women"))
        ),
        mode.alias("mode"),
        words(["traceability", "itsci"], "traceability", "itsci").alias("traceability"),
        words(SERVICES, "state-service").alias("services"),
    )  # fmt: skip


def _joined(records: pl.DataFrame, original: pl.DataFrame) -> pl.DataFrame:
    """Return every pair of record and site that nothing told contradicts."""
    pairs = records.join(original, on=["year", "minerals"], suffix="_site")
    fits = (pl.col("area") == "place/COD") | pl.any_horizontal(
        pl.col("area").eq_missing(pl.col(column)) for column in ("province", "former")
    )
    for told in ("band", "mercury", "women", "mode", "traceability", "services"):
        fits &= pl.col(told).is_null() | (pl.col(told) == pl.col(f"{told}_site").fill_null(""))
    return pairs.filter(fits)


def test_nobody_is_found_with_certainty_and_a_guess_is_right_once_in_five(
    attack: Attack, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = attack.candidates.group_by("record").agg(pl.col("pcode").n_unique().alias("sites"))
    unprotected = attack.original.select(
        pl.struct("province", "minerals", "year", "workers_numb", "mercury", "women", "mode").is_unique()
    )
    open_to_it = sum(unprotected.to_series()) / attack.original.height
    told = attack.records.join(counts, on="record", how="left").with_columns(pl.col("sites").fill_null(0))
    fewest = min(told["sites"].to_list())
    certain = told.filter(pl.col("sites") == 1).height / told.height
    expected = sum(1 / sites for sites in told["sites"].to_list() if sites) / told.height
    with capsys.disabled():
        print(
            f"\nre-identification: {told.height:,} records of {attack.original.height:,} sites and years; "
            f"found with certainty {certain:.1%}; a guess is right {expected:.1%} of the time (bound {1 / ALIKE:.0%}); "
            f"fewest candidates {fewest}; without protection {open_to_it:.0%} would be found with certainty"
        )
    assert open_to_it > 0.2  # the attack is worth its name
    assert told.height > 1000  # what is safe because nothing is published proves nothing
    assert certain == 0
    assert fewest >= ALIKE
    assert expected <= 1 / ALIKE


def test_one_who_knows_the_method_gains_nothing(attack: Attack) -> None:
    """Records that look the same are as many as the sites they hide, five or more: none can be told from another."""
    alike = attack.records.group_by(pl.exclude("record")).len()
    assert (alike["len"] >= ALIKE).all()


def test_records_of_one_site_cannot_be_joined_over_the_years(attack: Attack) -> None:
    addresses = attack.records["record"].str.extract(r"general-([0-9a-f]{20})$")
    assert addresses.null_count() == 0
    assert addresses.n_unique() == attack.records.height


def test_no_name_code_village_or_day_is_published(attack: Attack) -> None:
    for column in ("name", "village", "pcode", "visit_date"):
        words = attack.original[column].drop_nulls().unique()
        found = [word for word in words if len(word) > 5 and word in attack.text]
        assert not found, column
