"""What a run of the analyses found, as linked data: gaps with their numbers in four languages, and the run itself.

Enters: a snapshot, what is asked, what the last run on the same question found. Leaves: N-Triples lines for one named
graph. In it the gaps that the run found are of the class ``asm:CoordinationGap``; those that the last run found and
this one does not have no class, and ``prov:invalidatedAtTime``. Nothing is read or written here but the snapshot.

Follows PROV-O (https://www.w3.org/TR/prov-o/).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple
from rdflib import SKOS

from asmgraph.analysis.findings import Finding
from asmgraph.analysis.gaps import find_gaps, scope_of
from asmgraph.analysis.kinds import KINDS
from asmgraph.analysis.records import Gap
from asmgraph.analysis.scope import Parameters
from asmgraph.analysis.sentences import Listed, Name, Sentence, Speaker, Text
from asmgraph.messages import LANGUAGES
from asmgraph.ontology import files
from asmgraph.records import ID, VOCAB
from asmgraph.store.guard import GAPS, is_apart
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import ASM, GAP_CONFIDENCE, GAP_KIND

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMING = (
    str(ASM.party), str(ASM.place), str(ASM.theme), str(ASM.populationGroup),
    f"{PROV}wasDerivedFrom", f"{DCTERMS}references",
)  # fmt: skip
"""The properties by which a gap names things; what its texts name beside these it references."""
NUMBERS: Mapping[str, str] = {
    "observed": str(ASM.observed),
    "expected": str(ASM.expected),
    "effect": str(ASM.effectSize),
    "p": str(ASM.pValue),
    "q": str(ASM.qValue),
    "severity": str(ASM.gapSeverity),
    "severity_high": str(ASM.gapSeverityHigh),
    "need": str(ASM.needPart),
    "missing": str(ASM.missingPart),
    "scale": str(ASM.scalePart),
    "stability": str(ASM.stability),
}
"""The property of each number of a gap, by its name in :class:`~asmgraph.analysis.records.Gap`."""
_UNTOLD = frozenset({"language", "samples"})
"""Parameters that change nothing of which gaps there are."""
_NAMED = 4
"""So many actors stand in the label of a gap."""


@dataclass(frozen=True)
class Found:
    """One gap that a run found: its numbers, and label, explanation and action by language.

    ``mentions`` are all things that it names, in its texts too.
    """

    gap: Gap
    texts: Mapping[str, tuple[str, str, str]]
    mentions: frozenset[str]


@dataclass(frozen=True)
class Run:
    """A question put to a snapshot, and who answers.

    ``name`` is the same for the same question on the same data by the same software, ``question`` for the same
    question on any data. ``used`` are the graphs that it reads; ``as_of`` is the day that it looks at.
    """

    name: str
    question: str
    public: bool
    parameters: Parameters
    as_of: dt.date
    data: str
    software: str
    used: tuple[str, ...]

    @property
    def graph(self) -> str:
        """Return the IRI of the graph that holds what it found."""
        return GAPS + self.name

    @property
    def iri(self) -> str:
        """Return the IRI of the activity."""
        return f"{self.graph}/run"


def plan(snapshot: Snapshot, parameters: Parameters, software: str) -> Run:
    """Return the run that a question makes, before anything is computed.

    Raises
    ------
    NotFoundError
        For a place, theme, date, source or language that is not known.
    """
    asked = {name: value for name, value in asdict(parameters).items() if name not in _UNTOLD}
    as_of = scope_of(snapshot, parameters).as_of
    # A takedown leaves the versions of sources as they are: so the hash over the data stands for them.
    known = [asked, parameters.samples, snapshot.public, as_of.isoformat(), snapshot.data, software]
    return Run(
        _digest(known),
        _digest([asked, snapshot.public]),
        snapshot.public,
        parameters,
        as_of,
        snapshot.data,
        software,
        tuple(graph for graph in snapshot.graphs if not is_apart(graph)),
    )


def find(
    snapshot: Snapshot, parameters: Parameters, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[Found]:
    """Compute the gaps of a question, in their order, and put each into words in every language."""
    progress("computing the gaps", 0, 0)
    gaps = find_gaps(snapshot, replace(parameters, language=LANGUAGES[0])).gaps
    scope = scope_of(snapshot, parameters)
    speakers = {language: Speaker(scope.projection, language) for language in LANGUAGES}
    findings: dict[str, Finding] = {}
    for kind in dict.fromkeys(gap.kind for gap in gaps):
        wanted = sum(gap.kind == kind for gap in gaps)
        ranking = KINDS[kind].rank(scope)
        findings |= {one.iri: one for one in map(ranking.finding, range(wanted))}
    told = []
    for number, gap in enumerate(gaps, start=1):
        finding = findings[gap.gap_iri]
        texts = {language: _texts(finding, speakers[language]) for language in LANGUAGES}
        told.append(Found(gap, texts, frozenset(_mentions(finding))))
        if not number % 100 or number == len(gaps):
            progress("putting them into words", number, len(gaps))
    return told


def statements(
    run: Run,
    found: Iterable[Found],
    started: dt.datetime,
    ended: dt.datetime,
    first_found: Mapping[str, str],
    vanished: Iterable[str],
) -> list[str]:
    """Return the sorted N-Triples lines of a run's graph, without line ends.

    Parameters
    ----------
    started, ended
        Of the run, with zone.
    first_found
        When each gap was first found, as ISO 8601 with zone, by its IRI; a gap that is not in it is new.
    vanished
        The N-Triples lines of the last run on the same question about the gaps that this one does not find.
    """
    lines = set(_of_the_run(run, started, ended))
    for one in found:
        lines.update(_of_a_gap(run, one, first_found.get(one.gap.gap_iri, ended.isoformat())))
    lines.update(_closed(run, vanished, ended))
    return sorted(lines)


def _of_the_run(run: Run, started: dt.datetime, ended: dt.datetime) -> Iterator[str]:
    asked = ", ".join(described(run.parameters)) or "all gaps"
    title = Literal(f"Coordination gaps as of {run.as_of}: {asked}", language="en")
    level = "public" if run.public else "confidential"
    yield line(run.graph, RDF_TYPE, NamedNode(f"{PROV}Entity"))
    yield line(run.graph, f"{DCTERMS}title", title)
    yield line(run.graph, str(ASM.asOf), _typed(run.as_of.isoformat(), "date"))
    yield line(run.graph, str(ASM.sensitivity), NamedNode(f"{VOCAB}sensitivity/{level}"))
    yield line(run.graph, f"{PROV}generatedAtTime", _typed(ended.isoformat(), "dateTime"))
    yield line(run.graph, f"{PROV}wasGeneratedBy", NamedNode(run.iri))
    for kind in (ASM.GapRun, ASM.PipelineRun):
        yield line(run.iri, RDF_TYPE, NamedNode(str(kind)))
    yield line(run.iri, LABEL, title)
    yield line(run.iri, f"{PROV}startedAtTime", _typed(started.isoformat(), "dateTime"))
    yield line(run.iri, f"{PROV}endedAtTime", _typed(ended.isoformat(), "dateTime"))
    yield line(run.iri, str(ASM.softwareVersion), Literal(run.software))
    yield line(run.iri, str(ASM.snapshotHash), Literal(run.data))
    yield line(run.iri, f"{DCTERMS}identifier", Literal(run.question))
    for parameter in described(run.parameters):
        yield line(run.iri, str(ASM.runParameter), Literal(parameter))
    for graph in run.used:
        yield line(run.iri, f"{PROV}used", NamedNode(graph))


def described(parameters: Parameters) -> list[str]:
    """Return the parameters that are not as they are by default, as ``name=value``; the language is none of them.

    >>> described(Parameters(place="COD", tie_kinds=("funding", "membership"), language="fr"))
    ['place=COD', 'tie_kinds=funding membership']
    """
    default = asdict(Parameters())
    return [
        f"{name}={' '.join(value) if isinstance(value, tuple) else value}"
        for name, value in asdict(parameters).items()
        if name != "language" and value != default[name]
    ]


def _of_a_gap(run: Run, found: Found, first: str) -> Iterator[str]:
    gap = found.gap
    places = [iri for iri in gap.labels if iri.startswith(f"{ID}place/")]
    themes = [iri for iri in gap.labels if iri.startswith(VOCAB) and iri != gap.group]
    naming = {
        ASM.party: gap.actors,
        ASM.place: places,
        ASM.theme: themes,
        ASM.populationGroup: [gap.group] if gap.group else [],
        f"{PROV}wasDerivedFrom": gap.evidence_iris,
    }
    iri, named = gap.gap_iri, {one for iris in naming.values() for one in iris}
    naming[f"{DCTERMS}references"] = sorted(found.mentions - named)
    yield line(iri, RDF_TYPE, NamedNode(str(ASM.CoordinationGap)))
    yield line(iri, str(ASM.gapKind), NamedNode(str(GAP_KIND[gap.kind])))
    yield line(iri, str(ASM.gapConfidence), NamedNode(str(GAP_CONFIDENCE[gap.confidence])))
    yield line(iri, str(ASM.asOf), _typed(run.as_of.isoformat(), "date"))
    yield line(iri, f"{PROV}generatedAtTime", _typed(first, "dateTime"))
    yield line(iri, f"{PROV}wasGeneratedBy", NamedNode(run.iri))
    for predicate, things in naming.items():
        for thing in things:
            yield line(iri, str(predicate), NamedNode(thing))
    for language, (label, explanation, action) in found.texts.items():
        yield line(iri, LABEL, Literal(label, language=language))
        yield line(iri, f"{DCTERMS}description", Literal(explanation, language=language))
        yield line(iri, str(ASM.suggestedAction), Literal(action, language=language))
    for name, predicate in NUMBERS.items():
        value = getattr(gap, name)
        if value is not None and math.isfinite(value):
            yield line(iri, predicate, Literal(float(value)))


def _closed(run: Run, vanished: Iterable[str], ended: dt.datetime) -> Iterator[str]:
    """Yield what is still told of gaps that are no more: what they were, and when they were no longer found."""
    kept = {LABEL, str(ASM.gapKind), f"{PROV}generatedAtTime", *NAMING}
    subjects = set()
    for known in vanished:
        subject, predicate, _ = known.split(" ", 2)
        subjects.add(subject[1:-1])
        if predicate[1:-1] in kept:
            yield known
    for iri in subjects:
        yield line(iri, f"{PROV}invalidatedAtTime", _typed(ended.isoformat(), "dateTime"))
        yield line(iri, f"{PROV}wasInvalidatedBy", NamedNode(run.iri))


def _texts(finding: Finding, speaker: Speaker) -> tuple[str, str, str]:
    subjects = finding.actors[:_NAMED] or (*finding.places, *finding.themes)
    names = ", ".join(speaker(Name(iri)) for iri in subjects)
    more = f" + {len(finding.actors) - _NAMED}" if len(finding.actors) > _NAMED else ""
    label = f"{_kinds()[finding.kind, speaker.language]}: {names}{more}"
    return label, speaker(Listed(finding.explanation, " ", ordered=True)), speaker(finding.action)


@cache
def _kinds() -> dict[tuple[str, str], str]:
    """Return the name of each kind of gap, by slug and language."""
    return {
        (str(concept).rsplit("/", 1)[-1], str(getattr(label, "language", ""))): str(label)
        for concept, label in files.vocabulary("gap-kind").subject_objects(SKOS.prefLabel)
    }


def _mentions(finding: Finding) -> Iterator[str]:
    """Yield the things that a finding names, wherever: what is taken down must stand in no text of it."""
    yield from (*finding.actors, *finding.places, *finding.themes, *filter(None, [finding.group]))
    texts: list[Text] = [*finding.explanation, finding.action, finding.completeness, finding.period]
    for fact in finding.evidence:
        yield fact.iri
        texts += (fact.role, fact.label, fact.detail, fact.dates)
    for text in texts:
        yield from _names(text)


def _names(text: Text) -> Iterator[str]:
    match text:
        case Name(iri):
            yield iri
        case Sentence():
            for value in text.values.values():
                yield from _names(value)
        case Listed(parts):
            for part in parts:
                yield from _names(part)


def line(subject: str, predicate: str, value: NamedNode | Literal) -> str:
    """Return an N-Triples line, without its end."""
    return f"{Triple(NamedNode(subject), NamedNode(predicate), value)} ."


def _typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
