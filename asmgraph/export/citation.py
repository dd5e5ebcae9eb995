r"""How to cite a release, or one source in it: as a sentence, BibTeX, CSL-JSON and a citation file.

A citation of a source names who published it, what, which version (a hash of its content) and when it was
retrieved, and the release in which it was read. Nothing is added that a source does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import yaml

from asmgraph.export.release import LICENCES, NOT_STATED, Release, Source

TITLE = "asmgraph: an open knowledge graph of artisanal and small-scale mining"
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """What a citation says; ``author``, ``licence`` and ``address`` are '' where nobody states them.

    ``issued`` is YYYY-MM-DD; ``note`` says where and when it was read.
    """

    key: str
    author: str
    title: str
    issued: str
    version: str
    licence: str
    address: str
    note: str
    abstract: str = ""


def of_release(release: Release, publisher: str = "", address: str = "") -> Citation:
    """Return the citation of a whole release.

    Parameters
    ----------
    publisher
        Who publishes it; '' or 'not stated' where nobody says.
    address
        Where it is published.
    """
    day = release.published.date().isoformat()
    named = ", ".join(
        f"{source.title} ({by})" if (by := stated(source.publisher)) else source.title
        for source in release.sources.values()
    )
    licences = sorted({source.licence_name for source in release.sources.values()})
    return Citation(
        f"asmgraph-{release.number}-{release.hash[:12]}",
        stated(publisher),
        TITLE,
        day,
        f"{release.number}-{release.hash[:12]}",
        licences[0] if len(licences) == 1 else "",
        address,
        f"Snapshot {release.number} of {day}. Compiled from: {named}. "
        f"Each source under its own licence: {', '.join(licences)}.",
    )


def of_source(release: Release, source: Source) -> Citation:
    """Return the citation of one source as a release holds it."""
    day = release.published.date().isoformat()
    parts = [
        f"Retrieved {source.retrieved}." if source.retrieved else "",
        f"Read in asmgraph, snapshot {release.number} of {day}, graph {source.graphs[0]}.",
        source.attribution,
    ]
    return Citation(
        f"asmgraph-{source.name}-{source.version}",
        stated(source.publisher),
        source.title,
        source.retrieved or day,
        source.version,
        source.licence_name,
        source.page,
        " ".join(part for part in parts if part),
        source.description,
    )


def as_text(citation: Citation) -> str:
    """Return a sentence to put into a list of references.

    >>> as_text(Citation("k", "A ministry", "A list", "2026-01-14", "0123456789ab", "CC-BY-4.0", "", "Note."))
    'A ministry (2026). A list [Data set]. Version 0123456789ab. Licence: CC-BY-4.0. Note.'
    """
    parts = [
        f"{citation.author} ({citation.issued[:4]}). {citation.title} [Data set]."
        if citation.author
        else f"{citation.title} ({citation.issued[:4]}) [Data set].",
        f"Version {citation.version}.",
        f"Licence: {citation.licence}." if citation.licence else "",
        citation.note,
        citation.address,
    ]
    return " ".join(part for part in parts if part)


def as_bibtex(citation: Citation) -> str:
    """Return a BibTeX entry; what TeX would read as a command is escaped."""
    fields = {
        "author": f"{{{_tex(citation.author)}}}" if citation.author else "",
        "title": f"{{{_tex(citation.title)}}}",
        "year": citation.issued[:4],
        "date": citation.issued,
        "version": _tex(citation.version),
        "howpublished": "Data set",
        "url": citation.address.replace("{", "%7B").replace("}", "%7D"),
        "note": _tex(
            " ".join([citation.note, f"Licence: {citation.licence}." if citation.licence else ""]).strip()
        ),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}"]) + "\n"


def as_csl(citation: Citation) -> str:
    """Return CSL-JSON (https://docs.citationstyles.org/), as reference managers read it."""
    item: dict[str, object] = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "issued": {"date-parts": [[int(part) for part in citation.issued.split("-")]]},
        "version": citation.version,
        "note": " ".join(
            [citation.note, f"Licence: {citation.licence}." if citation.licence else ""]
        ).strip(),
    }
    if citation.author:
        item |= {"author": [{"literal": citation.author}], "publisher": citation.author}
    if citation.address:
        item["URL"] = citation.address
    if citation.abstract:
        item["abstract"] = citation.abstract
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def as_cff(citation: Citation) -> str:
    """Return a citation file (https://citation-file-format.github.io/, version 1.2.0)."""
    content: dict[str, object] = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": f"Please cite these data as below. {citation.note}",
        "title": citation.title,
        "authors": [{"name": citation.author or NOT_STATED}],
        "version": citation.version,
        "date-released": citation.issued,
    }
    if citation.address:
        content["url"] = citation.address
    if citation.licence in LICENCES:
        content["license"] = citation.licence
    elif re.match("https?://", citation.licence):
        content["license-url"] = citation.licence
    if citation.abstract:
        content["abstract"] = citation.abstract
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110))


FORMATS: Mapping[str, Callable[[Citation], str]] = {
    "text": lambda citation: as_text(citation) + "\n",
    "bibtex": as_bibtex,
    "csl": as_csl,
    "cff": as_cff,
}
"""How a citation is written, by the name of the form."""


def stated(publisher: str) -> str:
    """Return who publishes; '' where nobody says."""
    return "" if publisher == NOT_STATED else publisher


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))
