"""IATI files become tables; what is hostile, damaged or not IATI is refused with words that help."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from lxml import etree

from asmgraph import descriptions, pipeline, resources, settings
from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import Refusal
from asmgraph.sources import iati, iati_xml
from asmgraph.validation import promises

FOLDER = resources.catalogue() / "iati"
ROOT = Path(__file__).resolve().parents[2]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
REAL = Path("aiddata-drc-aims") / "iati_2.03_DRC-AIMS.xml"

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- written for this test -->
<iati-activities version="2.03" generated-datetime="2020-01-01T00:00:00">
  <iati-activity xml:lang="en" default-currency="EUR" last-updated-datetime="2020-01-01T00:00:00">
    <iati-identifier> XM-TEST-1 </iati-identifier>
    <reporting-org ref="XM-TEST" type="40"><narrative>The Testers</narrative></reporting-org>
    <title>
      <narrative xml:lang="fr">Traçabilité de l'or des creuseurs</narrative>
      <narrative xml:lang="en">Traceability of <!-- really -->the diggers' gold</narrative>
    </title>
    <description type="1">
      <narrative xml:lang="pt">Ouro artesanal; e mais</narrative>
    </description>
    <participating-org role="1" type="10"><narrative>Ministère  d'État</narrative></participating-org>
    <participating-org role="1"><narrative>Ministere d'Etat</narrative></participating-org>
    <participating-org role="4"><narrative>Ministère d'État</narrative></participating-org>
    <participating-org role="2" ref="XM-TEST" type="40"><narrative>Testers</narrative></participating-org>
    <activity-status code="3"/>
    <activity-date type="1" iso-date="2019-01-01"/>
    <activity-date type="2" iso-date="2019-02-01Z"/>
    <activity-date type="3" iso-date="2020-12-31"/>
    <recipient-country code="CD" percentage="100"/>
    <location>
      <location-id vocabulary="G2" code="way/12"/>
      <location-id vocabulary="G1" code="206938"/>
      <name><narrative>Nord Kivu</narrative></name>
      <point><pos>-0.66667 28.75</pos></point>
      <exactness code="1"/>
      <location-class code="1"/>
    </location>
    <location>
      <location-id vocabulary="G1" code="204336"/>
      <name><narrative>Walikale</narrative></name>
      <point><pos>-1.41667 28.05</pos></point>
      <exactness code="2"/>
    </location>
    <sector code="32265" percentage="60"/>
    <sector vocabulary="2" code="160" percentage="40"/>
    <sector vocabulary="99" code="3221"/>
    <transaction>
      <transaction-type code="3"/>
      <transaction-date iso-date="2019-03-01"/>
      <value value-date="2019-03-01">100.5</value>
    </transaction>
    <transaction>
      <transaction-type code="3"/>
      <transaction-date iso-date="2019-03-01"/>
      <value currency="USD" value-date="2019-03-02">7</value>
    </transaction>
    <result type="2">
      <title><narrative>More traced gold</narrative></title>
      <indicator measure="2">
        <title><narrative>Share of gold traced</narrative></title>
        <baseline iso-date="2018-12-31" value="5"/>
        <period>
          <period-start iso-date="2019-01-01"/>
          <period-end iso-date="2019-12-31"/>
          <target value="50"/>
          <actual value="about half"/>
        </period>
      </indicator>
    </result>
  </iati-activity>
  <iati-activity xml:lang="fr">
    <iati-identifier>XM-TEST-2</iati-identifier>
    <title><narrative>Pêche artisanale</narrative></title>
    <sector code="31320"/>
  </iati-activity>
  <iati-activity xml:lang="en">
    <iati-identifier/>
    <reporting-org ref="XM-TEST" type="40"><narrative>The Testers</narrative></reporting-org>
    <title><narrative>Orpaillage</narrative></title>
    <description><narrative>Orpaillage</narrative></description>
    <participating-org role="1"><narrative>Somebody</narrative></participating-org>
  </iati-activity>
  <iati-activity>
    <iati-identifier>xm test/4</iati-identifier>
    <title><narrative>Certification des minerais</narrative></title>
  </iati-activity>
</iati-activities>
"""


@pytest.fixture(scope="module")
def source() -> Source:
    return descriptions.load(FOLDER)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return written(tmp_path, SAMPLE)


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "activities.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def tables(file: Path, source: Source, *, everything: bool = False) -> dict[str, pl.DataFrame]:
    frames: dict[str, list[pl.DataFrame]] = {}
    for batch in iati.read(file, source, everything=everything):
        frames.setdefault(batch.table, []).append(batch.frame)
    return {table: pl.concat(parts) for table, parts in frames.items()}


def refused(file: Path, source: Source) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(iati.read(file, source))
    assert file.name in caught.value.message
    assert caught.value.hint
    return caught.value


def statements(file: Path, source: Source) -> tuple[set[str], list[Refusal]]:
    """Take the rows that pass the check through the mapping; shorten what all IRIs share."""
    checker = promises.Checker(source)
    rules = compiler.compile_rules(yarrrml.load(FOLDER / "mapping.yml"), source)
    lines = {
        line.replace("https://w3id.org/asmgraph/", "")
        for part in runner.run(rules, checker.check(iati.read(file, source)))
        for line in part.lines
    }
    return lines, checker.findings.refused


def test_only_what_bears_on_mining_is_read(sample: Path, source: Source) -> None:
    assert tables(sample, source)["activities"]["_row"].to_list() == [1, 3, 4]


def test_everything_is_read_when_asked_for_with_its_relevance(sample: Path, source: Source) -> None:
    found = tables(sample, source, everything=True)["activities"]
    assert found["relevance"].to_list() == ["certain", "unrelated", "certain", "probable"]


def test_every_activity_has_a_verdict(sample: Path) -> None:
    verdicts = list(iati.judge(sample))
    assert [verdict.row for verdict in verdicts] == [1, 2, 3, 4]
    assert verdicts[1].identifier == "XM-TEST-2"
    assert verdicts[1].title == "Pêche artisanale"
    assert verdicts[2].identifier == ""
    assert [verdict.relevance.level for verdict in verdicts] == [
        "certain",
        "unrelated",
        "certain",
        "probable",
    ]


def test_each_column_is_listed_in_the_catalogue(sample: Path, source: Source) -> None:
    assert {name: set(table.columns) for name, table in source.tables.items()} == {
        name: set(columns) for name, columns in iati.TABLES.items()
    }
    for name, frame in tables(sample, source).items():
        assert frame.columns == ["_row", *iati.TABLES[name]]
        assert set(frame.dtypes[1:]) == {pl.String()}


def test_an_activity_is_one_row(sample: Path, source: Source) -> None:
    row = tables(sample, source)["activities"].row(0, named=True)
    assert row["iati_identifier"] == "XM-TEST-1"
    assert row["slug"] == "xm-test-1"
    assert row["status"] == "3"
    assert row["start_planned"] == "2019-01-01"
    assert row["start_actual"] == "2019-02-01"
    assert row["end_planned"] == "2020-12-31"
    assert row["end_actual"] is None
    assert row["reporting_org_slug"] == "iati-xm-test"
    assert row["reporting_org_type"] == "40"
    assert row["recipient_countries"] == "CD"
    assert row["place_scope"] == "locations"
    assert row["themes"] == "traceability"


def test_the_title_is_that_in_the_activitys_own_language(sample: Path, source: Source) -> None:
    row = tables(sample, source)["activities"].row(0, named=True)
    assert row["title"] == row["title_en"] == "Traceability of the diggers' gold"
    assert row["description"] == row["description_pt"] == "Ouro artesanal; e mais"


def test_a_text_is_told_in_each_language_that_it_has(sample: Path, source: Source) -> None:
    row = tables(sample, source)["activities"].row(0, named=True)
    assert row["title_fr"] == "Traçabilité de l'or des creuseurs"
    assert (row["title_es"], row["title_pt"], row["title_plain"]) == (None, None, None)


def test_a_language_that_is_only_the_files_default_is_not_believed(sample: Path, source: Source) -> None:
    row = tables(sample, source, everything=True)["activities"].row(1, named=True)
    assert (row["title"], row["title_fr"], row["title_plain"]) == (
        "Pêche artisanale",
        None,
        "Pêche artisanale",
    )


def test_a_description_that_repeats_the_title_is_empty(sample: Path, source: Source) -> None:
    assert tables(sample, source)["activities"]["description"].to_list()[1] is None


def test_the_verdict_counts_words_in_any_language(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace("Certification des minerais", "Support").replace(
        "<narrative>Support</narrative>",
        '<narrative>Support</narrative><narrative xml:lang="es">Apoyo a los barequeros</narrative>',
    )
    assert [verdict.relevance.level for verdict in iati.judge(written(tmp_path, text))][3] == "certain"


def test_an_organisation_is_told_once_and_its_other_names_after(sample: Path, source: Source) -> None:
    found = tables(sample, source)["organisations"].select("slug", "name", "other_name", "type")
    assert found.rows() == [
        ("iati-xm-test", "The Testers", None, "40"),
        ("iati-ministere-d-etat", "Ministère d'État", None, "10"),
        ("iati-ministere-d-etat", None, "Ministere d'Etat", None),
        ("iati-xm-test", None, "Testers", "40"),
    ]


def test_a_reference_that_is_none_gives_way_to_the_name(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace('role="2" ref="XM-TEST"', 'role="2" ref="0"')
    found = tables(written(tmp_path, text), source)["participations"]
    assert found["org"].to_list()[-1] == "iati-testers"


def test_a_name_without_latin_letters_gets_its_own_address(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace("<narrative>Testers", "<narrative>Горняки").replace('"2" ref="XM-TEST"', '"2"')
    slug = tables(written(tmp_path, text), source)["participations"]["org"].to_list()[-1]
    assert slug.startswith("iati-")
    assert len(slug) == len("iati-") + 8


def test_roles_of_one_organisation_are_one_participation(sample: Path, source: Source) -> None:
    found = tables(sample, source)["participations"].select("slug", "org", "role")
    assert found.rows() == [
        ("xm-test-1-ministere-d-etat", "iati-ministere-d-etat", "1"),
        ("xm-test-1-ministere-d-etat", "iati-ministere-d-etat", "4"),
        ("xm-test-1-xm-test", "iati-xm-test", "2"),
    ]


def test_only_dac_vocabularies_give_dac_codes(sample: Path, source: Source) -> None:
    found = tables(sample, source)["sectors"].select(
        "vocabulary", "code", "percentage", "dac", "dac_category"
    )
    assert found.rows() == [
        ("1", "32265", "60", "32265", "322"),
        ("2", "160", "40", "160", "160"),
        ("99", "3221", None, None, None),
    ]


def test_locations_are_named_by_geonames(sample: Path, source: Source) -> None:
    found = tables(sample, source)["locations"].select("place", "name", "lat", "lon", "exactness", "class")
    assert found.rows() == [
        ("gn-206938", "Nord Kivu", "-0.66667", "28.75", "1", "1"),
        ("gn-204336", "Walikale", "-1.41667", "28.05", "2", None),
    ]


def test_a_location_without_gazetteer_is_the_activitys_own(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace('<location-id vocabulary="G1" code="204336"/>', "")
    text = text.replace('<location-id vocabulary="G1" code="206938"/>', "")
    places = tables(written(tmp_path, text), source)["locations"]["place"].to_list()
    assert places[0].startswith("g2-way-12-")
    assert places[1] == "xm-test-1-location-2"


def test_a_position_that_is_no_pair_is_left_to_the_check(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace("-1.41667 28.05", "S 1 E 28")
    row = tables(written(tmp_path, text), source)["locations"].row(1, named=True)
    assert (row["lat"], row["lon"]) == ("S 1 E 28", None)


def test_transactions_of_one_day_are_numbered_and_take_the_default_currency(
    sample: Path, source: Source
) -> None:
    found = tables(sample, source)["transactions"].select("slug", "value", "currency", "value_date")
    assert found.rows() == [
        ("xm-test-1-3-2019-03-01-1", "100.5", "EUR", "2019-03-01"),
        ("xm-test-1-3-2019-03-01-2", "7", "USD", "2019-03-02"),
    ]


def test_results_have_indicators_and_indicators_have_values(sample: Path, source: Source) -> None:
    found = tables(sample, source)
    assert found["results"].select("slug", "type", "title").rows() == [
        ("xm-test-1-result-1", "2", "More traced gold")
    ]
    assert found["indicators"].select("slug", "title", "unit").rows() == [
        ("xm-test-1-result-1-indicator-1", "Share of gold traced", "percent")
    ]
    assert found["indicator_values"].select("kind", "value", "date", "period_start", "period_end").rows() == [
        ("baseline", "5", "2018-12-31", None, None),
        ("target", "50", None, "2019-01-01", "2019-12-31"),
        ("actual", "about half", None, "2019-01-01", "2019-12-31"),
    ]


def test_an_identifier_that_an_address_cannot_hold_gets_a_hash(sample: Path, source: Source) -> None:
    slug = tables(sample, source)["activities"]["slug"].to_list()[2]
    assert slug is not None
    assert slug.startswith("xm-test-4-")
    assert slug == tables(sample, source)["activities"]["slug"].to_list()[2]


def test_identifiers_that_differ_in_signs_alone_stay_apart(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace("<iati-identifier/>", "<iati-identifier>xm/test 4</iati-identifier>")
    slugs = tables(written(tmp_path, text), source)["activities"]["slug"].to_list()
    assert len(set(slugs)) == 3


def test_an_activity_without_identifier_is_refused_by_the_check_alone(sample: Path, source: Source) -> None:
    found = tables(sample, source)
    assert found["activities"]["iati_identifier"].to_list()[1] is None
    assert all(3 not in frame["_row"] for table, frame in found.items() if table != "activities")
    _, refusals = statements(sample, source)
    assert {(one.table, one.row) for one in refusals} == {("activities", 3)}
    assert "iati_identifier" in {one.column for one in refusals}


@pytest.mark.parametrize(
    "statement",
    [
        '<id/intervention/xm-test-1> <http://www.w3.org/2000/01/rdf-schema#label> "Traceability of the diggers\' gold"@en .',  # noqa: E501
        '<id/intervention/xm-test-1> <http://www.w3.org/2000/01/rdf-schema#label> "Traçabilité de l\'or des creuseurs"@fr .',  # noqa: E501
        "<id/intervention/xm-test-1> <ontology#place> <id/place/COD> .",
        "<id/intervention/xm-test-1> <ontology#place> <id/place/CD-NK> .",
        "<id/intervention/xm-test-1> <ontology#place> <id/place/gn-204336> .",
        "<id/place/gn-204336> <ontology#within> <id/place/COD> .",
        "<id/place/gn-204336> <ontology#exactness> <vocab/exactness/approximate> .",
        "<id/intervention/xm-test-1> <ontology#sector> <vocab/dac-sector/32265> .",
        "<id/intervention/xm-test-1> <ontology#sector> <vocab/dac-sector/160> .",
        '<id/intervention/xm-test-1> <ontology#unmappedText> "sector: 3221, vocabulary 99" .',
        "<id/intervention/xm-test-1> <ontology#theme> <vocab/intervention-type/traceability> .",
        "<id/intervention/xm-test-1> <ontology#relevance> <vocab/relevance/certain> .",
        "<id/intervention/xm-test-1> <ontology#reportedBy> <id/actor/iati-xm-test> .",
        "<id/actor/iati-xm-test> <ontology#actorType> <vocab/actor-type/international-organisation> .",
        "<id/participation/xm-test-1-ministere-d-etat> <ontology#role> <vocab/participation-role/funding> .",
        "<id/participation/xm-test-1-xm-test> <ontology#role> <vocab/participation-role/accountable> .",
        "<id/transaction/xm-test-1-3-2019-03-01-2> <ontology#transactionType> <vocab/transaction-type/3> .",
        "<id/result/xm-test-1-result-1> <rdf:type> <ontology#Outcome> .",
        '<id/result/xm-test-1-result-1> <ontology#unmappedText> "value: about half" .',
    ],
)
def test_the_mapping_states(statement: str, sample: Path, source: Source) -> None:
    assert statement.replace("rdf:", RDF) in statements(sample, source)[0]


def test_a_province_is_not_told_twice(sample: Path, source: Source) -> None:
    lines, _ = statements(sample, source)
    assert not any("gn-206938" in line for line in lines)


def test_a_value_in_words_is_no_figure(sample: Path, source: Source) -> None:
    lines, _ = statements(sample, source)
    values = {line.split()[0] for line in lines if line.startswith("<id/indicator-value/")}
    assert len(values) == 2


def test_an_activity_without_place_is_in_the_registers_country(sample: Path, source: Source) -> None:
    slug = tables(sample, source)["activities"]["slug"].to_list()[2]
    assert f"<id/intervention/{slug}> <ontology#place> <id/place/COD> ." in statements(sample, source)[0]


BOMB = '<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "prolog",
    [
        BOMB,
        OUTSIDE,
        '<!DOCTYPE iati-activities SYSTEM "http://localhost/x.dtd">',
        "<!doctype iati-activities>",
        '<?xml version="1.0"?>\n<!-- <a> --><?pi <b>?>\n<!DOCTYPE iati-activities>',
        "\ufeff<!DOCTYPE iati-activities>",
    ],
)
def test_a_document_type_is_refused_before_parsing(
    prolog: str, tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("lxml.etree.iterparse")
    file = written(tmp_path, f'{prolog}<iati-activities version="2.03">&c;</iati-activities>')
    assert "DOCTYPE" in refused(file, source).message


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16-LE", "UTF-32", "UTF-7"])
def test_a_document_type_cannot_hide_in_another_encoding(
    encoding: str, tmp_path: Path, source: Source
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}<iati-activities version="2.03"/>'
    content = text.encode(encoding)
    if encoding == "UTF-7":
        content = text[: text.index("?>") + 2].encode() + text[text.index("?>") + 2 :].encode("utf-7")
    assert "not in UTF-8" in refused(written(tmp_path, content), source).message


def test_a_comment_that_hides_the_rest_is_refused(tmp_path: Path, source: Source) -> None:
    file = written(tmp_path, f"<!--{' ' * 70_000}-->{BOMB}<iati-activities version='2.03'/>")
    assert "expected an element, found '<!--" in refused(file, source).message


def test_an_entity_nobody_declared_is_refused(tmp_path: Path, source: Source) -> None:
    file = written(tmp_path, SAMPLE.replace("Walikale", "&outside;"))
    error = refused(file, source)
    assert "outside" in error.message
    assert "line 33" in error.message


def test_a_file_cut_off_is_refused_naming_the_line(tmp_path: Path, source: Source) -> None:
    lines = SAMPLE.splitlines(keepends=True)[:50]
    error = refused(written(tmp_path, "".join(lines)), source)
    assert "line 51, column 1" in error.message
    assert "download it again" in error.hint


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, source: Source) -> None:
    whole = SAMPLE.encode()
    for length in range(0, len(whole) - len("</iati-activities>\n"), 13):
        refused(written(tmp_path, whole[:length]), source)


def test_a_tag_that_does_not_match_is_refused_naming_line_and_column(tmp_path: Path, source: Source) -> None:
    error = refused(written(tmp_path, SAMPLE.replace("Walikale</narrative>", "Walikale</narr>")), source)
    assert "activities.xml, line 33, column " in error.message
    assert "narrative" in error.message


@pytest.mark.parametrize(
    ("text", "said"), [("<a>" * 100_000, "nested deeper than"), ("x" * 11_000_000, "not well-formed")]
)
def test_depth_and_length_have_limits(text: str, said: str, tmp_path: Path, source: Source) -> None:
    assert said in refused(written(tmp_path, SAMPLE.replace("Walikale", text)), source).message


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path, source: Source) -> None:
    assert (
        "line 33"
        in refused(written(tmp_path, SAMPLE.encode().replace(b"Walikale", b"\xff\xfe")), source).message
    )


@pytest.mark.parametrize("content", ["", "not XML at all"])
def test_what_is_no_xml_is_refused(content: str, tmp_path: Path, source: Source) -> None:
    assert "expected an element" in refused(written(tmp_path, content), source).message


@pytest.mark.parametrize(
    "content",
    [
        '<iati-organisations version="2.03"/>',
        "<html><body/></html>",
        '<i:iati-activities xmlns:i="urn:x" version="2.03"/>',
    ],
)
def test_what_is_not_an_activities_file_is_refused(content: str, tmp_path: Path, source: Source) -> None:
    assert "expected the element <iati-activities>" in refused(written(tmp_path, content), source).message


@pytest.mark.parametrize(
    ("stated", "named"),
    [('version="1.10"', "1.10"), ('version="3.0"', "3.0"), ('version="2.3"', "2.3"), ("", "not stated")],
)
def test_another_version_is_refused_naming_it(
    stated: str, named: str, tmp_path: Path, source: Source
) -> None:
    file = written(tmp_path, SAMPLE.replace('version="2.03"', stated))
    assert f"version {named}" in refused(file, source).message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, source: Source) -> None:
    assert "cannot be read" in refused(tmp_path / "activities.xml", source).message


def test_a_file_without_activities_has_no_rows(tmp_path: Path, source: Source) -> None:
    assert tables(written(tmp_path, '<iati-activities version="2.01"/>'), source) == {}


def test_activities_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    start, _, rest = SAMPLE.partition("  <iati-activity ")
    activity = "  <iati-activity " + rest.partition("</iati-activities>")[0]
    file = written(tmp_path, start + activity * 50 + "<cut off")
    verdicts = iati.judge(file)
    assert next(verdicts).identifier == "XM-TEST-1"
    with pytest.raises(SourceError):
        list(verdicts)


@pytest.mark.parametrize("version", ["1.05", "2.03"])
def test_an_activity_is_freed_when_the_next_is_read(version: str, tmp_path: Path) -> None:
    start, _, rest = SAMPLE.replace('version="2.03"', f'version="{version}"').partition("  <iati-activity ")
    activity = "  <iati-activity " + rest.partition("</iati-activities>")[0]
    file = written(tmp_path, start + activity * 50 + "</iati-activities>")
    held = []
    for _, element in iati_xml.activities([file]):
        parent = element.getparent()
        assert parent is not None
        held.append(len([one for one in parent if len(one) and one is not element]))
    assert len(held) == 200
    assert max(held) < 50  # what the parser has read ahead, never what was given out before


@pytest.mark.external
def test_the_real_file_has_its_verdicts(external_data: Path) -> None:
    levels = Counter(verdict.relevance.level for verdict in iati.judge(external_data / REAL))
    assert levels == {"certain": 2, "probable": 6, "unrelated": 2281}


@pytest.mark.external
def test_the_known_activities_are_certain(external_data: Path) -> None:
    certain = {v.identifier for v in iati.judge(external_data / REAL) if v.relevance.level == "certain"}
    assert certain == {"US-501c3-522318905-SG-112009892813", "US-501c3-522318905-SG-11200912519019"}


@pytest.mark.external
def test_the_real_file_is_read_whole(external_data: Path, source: Source) -> None:
    found = tables(external_data / REAL, source, everything=True)
    assert {table: frame.height for table, frame in found.items()} == {
        "activities": 2289,
        "organisations": 98,
        "participations": 2406,
        "sectors": 2424,
        "locations": 618,
        "transactions": 5090,
    }
    assert found["activities"]["slug"].n_unique() == 2289
    assert found["transactions"]["slug"].n_unique() == 5090


@pytest.mark.external
def test_no_row_of_the_real_file_is_refused(external_data: Path, source: Source) -> None:
    lines, refusals = statements(external_data / REAL, source)
    assert refusals == []
    assert len([line for line in lines if line.endswith("<ontology#Intervention> .")]) == 8


@pytest.mark.external
def test_the_whole_real_file_gives_these_things_and_refuses_nothing(
    external_data: Path, source: Source
) -> None:
    checker = promises.Checker(source)
    rules = compiler.compile_rules(yarrrml.load(FOLDER / "mapping.yml"), source)
    rows = checker.check(iati.read(external_data / REAL, source, everything=True))
    lines = {line for part in runner.run(rules, rows) for line in part.lines}
    kinds = Counter(line.split()[2] for line in lines if f" <{RDF}type> " in line)
    assert {kind.rpartition("#")[2].rstrip(">"): count for kind, count in kinds.items()} == {
        "Intervention": 2289,
        "Organisation": 98,
        "Participation": 2406,
        "FinancialTransaction": 5090,
        "Place": 281,  # 293 numbers of GeoNames less the twelve that places have under other addresses
        "SourceDocument": 1,
    }
    assert checker.findings.refused == []
    assert sum(checker.findings.rows.values()) == 12_925
    amounts = [line for line in lines if "ontology#amount>" in line]
    assert len(amounts) == 5090


LISTS = {
    "activity-status": "iati-codelists-embedded/ActivityStatus",
    "participation-role": "iati-codelists-embedded/OrganisationRole",
    "transaction-type": "iati-codelists-embedded/TransactionType",
    "result-type": "iati-codelists-nonembedded/ResultType",
    "organisation-type": "iati-codelists-nonembedded/OrganisationType",
}


@pytest.mark.external
@pytest.mark.parametrize("lookup", LISTS)
def test_every_code_of_a_list_has_its_meaning(lookup: str, external_data: Path, source: Source) -> None:
    items = etree.parse(external_data / f"{LISTS[lookup]}.xml").iterfind(".//codelist-item")
    codes = {str(item.findtext("code")) for item in items if item.get("status") != "withdrawn"}
    without_meaning = {"organisation-type": {"30", "90"}}.get(lookup, set())
    assert codes - set(source.lookups[lookup]) == without_meaning
    assert set(source.lookups[lookup]) <= codes


@pytest.mark.parametrize(
    "text", ["0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31Z", "9999-12-31+01:00"]
)
def test_a_date_that_stands_for_never_is_kept_as_text(text: str, tmp_path: Path, source: Source) -> None:
    file = written(tmp_path, SAMPLE.replace("2020-12-31", text))
    lines, refusals = statements(file, source)
    assert not any("plannedEndDate" in line for line in lines)
    assert f'<id/intervention/xm-test-1> <ontology#unmappedText> "end_planned: {text[:10]}" .' in lines
    assert {one.row for one in refusals} == {3}


def test_every_row_of_a_table_has_a_number_of_its_own_that_begins_with_its_activitys(
    sample: Path, source: Source
) -> None:
    found = tables(sample, source)
    assert found["transactions"]["_row"].to_list() == [1_000_001, 1_000_002]
    for table, frame in found.items():
        assert frame["_row"].is_unique().all()
        if table != "activities":
            assert set(frame["_row"] // 1_000_000) <= {1, 3, 4}


BROKEN_TRANSACTION = """
    <transaction>
      <transaction-type code="3"/>
      <transaction-date iso-date="{date}"/>
      <value value-date="2019-03-01">5</value>
    </transaction>
    <result type="2">"""


@pytest.mark.parametrize("date", ["2019-13-01", "9999-12-31", "1 March 2019"])
def test_a_broken_transaction_costs_that_transaction_alone(date: str, tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace('<result type="2">', BROKEN_TRANSACTION.format(date=date), 1)
    lines, refusals = statements(written(tmp_path, text), source)
    whole, _ = statements(written(tmp_path, SAMPLE), source)
    assert lines == whole
    (refusal,) = [one for one in refusals if one.table == "transactions"]
    assert (refusal.row, refusal.column, refusal.value) == (1_000_003, "date", date)
    assert "xm-test-1-3-" in refusal.remedy


def test_a_row_that_the_shapes_refuse_leaves_the_others_of_its_activity(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = SAMPLE.replace('<transaction-type code="3"/>', '<transaction-type code="99"/>', 1)
    report = pipeline.ingest(
        settings.load(home=tmp_path_factory.mktemp("home")), "iati", written(tmp_path, text)
    )
    assert report.things["FinancialTransaction"] == 1
    assert {(one.table, one.row) for one in report.refused} == {
        ("activities", 3),
        ("transactions", 1_000_001),
    }


FOREIGN = "<x:a><x:b>words of a vocabulary that nobody asked for</x:b> and more</x:a>"
PEAK = """
import sys
from pathlib import Path
from asmgraph.sources import iati_xml
def peak_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before = peak_mb()
print(sum(1 for _ in iati_xml.activities([Path(sys.argv[1])])), peak_mb() - before)
"""


@pytest.mark.parametrize(
    "between",
    [
        f"<x:note xmlns:x='urn:x'>{FOREIGN * 200_000}</x:note>",
        f"<note>{'<b/>words ' * 20}</note><!-- said aside --><?pi to a program?> loose words " * 40_000,
        f"<x:note xmlns:x='urn:x'>{'<iati-activity><title/></iati-activity>' * 200_000}</x:note>",
    ],
    ids=["one large element", "many elements, comments and instructions", "what is no child of the root"],
)
def test_what_is_no_activity_takes_no_memory(between: str, tmp_path: Path) -> None:
    activity = "<iati-activity><iati-identifier>X</iati-identifier></iati-activity>"
    file = written(
        tmp_path, f'<iati-activities version="2.03">{activity}{between}{activity}</iati-activities>'
    )
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(file)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    activities, growth_mb = done.stdout.split()
    assert int(activities) == 2
    assert float(growth_mb) < 20


def test_an_amount_is_stated_once_as_a_transaction_whatever_the_roles(tmp_path: Path, source: Source) -> None:
    roles = "".join(
        f'<participating-org role="{role}" ref="XM-TEST"><narrative>Testers</narrative></participating-org>'
        for role in (1, 1, 3, 4)
    )
    text = SAMPLE.replace('<activity-status code="3"/>', roles + '<activity-status code="3"/>')
    lines, _ = statements(written(tmp_path, text), source)
    stated = [line for line in lines if "<ontology#amount>" in line or "<ontology#currency>" in line]
    assert {line.split()[0] for line in stated} == {
        f"<id/transaction/xm-test-1-3-2019-03-01-{number}>" for number in (1, 2)
    }
    assert len(stated) == 4
    own = {line for line in lines if line.startswith("<id/participation/xm-test-1-xm-test> <ontology#role>")}
    assert len(own) == 4


def test_equal_transactions_are_two(tmp_path: Path, source: Source) -> None:
    text = SAMPLE.replace(
        '<value currency="USD" value-date="2019-03-02">7', '<value value-date="2019-03-01">100.5'
    )
    found = tables(written(tmp_path, text), source)["transactions"]
    assert found["value"].to_list() == ["100.5", "100.5"]
    assert found["slug"].n_unique() == 2


@pytest.mark.external
def test_the_money_of_each_real_activity_adds_up_to_the_releases_own_total(
    external_data: Path, source: Source
) -> None:
    money = tables(external_data / REAL, source, everything=True)["transactions"]
    sums = money.group_by("activity").agg(pl.col("value").cast(pl.Float64).sum())
    totals = pl.read_csv(external_data / REAL.parent / "projects.csv", infer_schema=False).select(
        activity="us-501c3-522318905-sg-" + pl.col("project_id"),
        total=pl.col("total_commitments").cast(pl.Float64, strict=False),
    )
    found = sums.join(totals, on="activity", how="left")
    assert found.height == 2278
    assert found.filter((pl.col("value") - pl.col("total")).abs().fill_null(2) > 1).height == 0
