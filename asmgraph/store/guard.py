"""Look at a query's text before any parser does, and refuse what could harm or reach outside.

The text enters, what the service must know about it leaves: its dataset clause and whether its answer may
differ from one run to the next. The tokenizer skips strings, comments and IRIs; it never has to be a parser,
because whatever passes is parsed in a worker process. Refused here is only what a parser would *do*: recurse
without end, or call another host (SERVICE).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from asmgraph.errors import QueryRefusedError, QuerySyntaxError

IRI_MAX_CHARACTERS = 2_048
BASE = "https://w3id.org/asmgraph/"
"""What relative IRIs of a query without BASE are relative to."""
INFERRED = BASE + "graph/inferred"
"""The graph of what follows by the rules; here, as whoever starts the workers must not load what draws it."""
GAPS = BASE + "graph/gaps/"
"""How the graphs of runs of the gap analyses begin."""
GAP_STATUS = BASE + "graph/gap-status"
"""The graph of what people say of gaps; what is not public of it lies in a part below."""

# Characters outside ASCII belong to names or are errors to every parser: taken as part of names here.
_W = r"[\w\u0080-\U0010ffff]"
_IRI = r"""<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"""
_TOKEN = re.compile(
    rf"""
    (?P<space>   [ \t\r\n]+ )
  | (?P<comment> \#[^\r\n]* )
  | (?P<iri>     {_IRI} )
  | (?P<string>  \"{{3}}(?:[^"\\]|\\.|"(?!""))*\"{{3}} | '{{3}}(?:[^'\\]|\\.|'(?!''))*'{{3}}
               | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<variable>[?$]{_W}+ )
  | (?P<language>@[A-Za-z]+(?:-+[A-Za-z0-9]+)* )
  | (?P<name>    (?:{_W}(?:(?:{_W}|[.-]){{0,100}}(?:{_W}|-))?)?:(?:(?:{_W}|[:%.-]|\\.)*(?:{_W}|[:%-]|\\.))? )
  | (?P<word>    {_W}+ )
  | (?P<mark>    <(?={_IRI}) | <<\(? | \)?>> | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {"(": 1, "{": 1, "[": 1, "<<": 1, "<<(": 2, ")": -1, "}": -1, "]": -1, ">>": -1, ")>>": -2}
_PREFIX_OPERATORS = frozenset("!+-^")
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_UNDOUBTED_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Inspection:
    """What the text says of itself.

    ``default_graphs`` and ``named_graphs`` are the IRIs of its FROM and FROM NAMED clauses; both ``None``
    where it has no such clause. ``volatile`` is true where it calls NOW, RAND, UUID, STRUUID or BNODE.
    """

    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    volatile: bool


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


def is_of_gaps(graph: str) -> bool:
    """Say whether a graph holds findings, or what is said of them: no input to analyses or exports."""
    return graph.startswith(GAPS) or graph == GAP_STATUS or graph.startswith(f"{GAP_STATUS}/")


def is_apart(graph: str) -> bool:
    """Say whether a graph stays out of the merge that a query without a dataset clause reads.

    >>> is_apart(INFERRED), is_apart(GAPS + "0123"), is_apart(BASE + "graph/starter/1")
    (True, True, False)
    """
    return graph == INFERRED or is_of_gaps(graph)


def decode(data: bytes) -> str:
    """Return bytes as text.

    Raises
    ------
    QueryRefusedError
        If they are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryRefusedError(
            f"The query is not UTF-8: byte {error.start + 1} is {data[error.start]:#04x}.",
            "Send the query as UTF-8.",
        ) from None


def inspect(text: str, max_bytes: int, max_nesting: int) -> Inspection:
    """Check a query's text and say what its dataset clause is.

    Parameters
    ----------
    max_bytes
        Longest text, in bytes of UTF-8.
    max_nesting
        Deepest nesting of brackets, and longest run of ``!``, ``+``, ``-`` or ``^``.

    Raises
    ------
    QuerySyntaxError
        If a string is never closed.
    QueryRefusedError
        If the text is too long, too deeply nested, holds NUL, half a surrogate pair or an overlong IRI, asks
        for another service (SERVICE), is an update, or names a graph that is no http(s) IRI.

    Examples
    --------
    >>> inspect("SELECT * FROM <http://example.org/g> { ?s ?p 'SERVICE' }", 1000, 64)
    Inspection(default_graphs=('http://example.org/g',), named_graphs=(), volatile=False)
    """
    _check_characters(text, max_bytes)
    tokens = list(_tokens(text))
    _check_nesting(tokens, max_nesting)
    for token in tokens:
        if token.kind == "iri" and len(token.text) > IRI_MAX_CHARACTERS + 2:
            raise QueryRefusedError(
                f"An IRI has {len(token.text) - 2:,} characters; at most {IRI_MAX_CHARACTERS:,} are allowed.",
                _where(text, token),
            )
    if "service" in text.lower():
        _refuse_service(text, tokens)
    words = [token.text.upper() if token.kind == "word" else "" for token in tokens]
    for token, word in zip(tokens, words, strict=True):
        if word in _UPDATES:
            raise QueryRefusedError(
                f"{word} is an update; this service answers queries only.", _where(text, token)
            )
    default, named = _dataset(text, tokens, words)
    return Inspection(default, named, not _VOLATILE.isdisjoint(words))


def check_graphs(iris: Sequence[str]) -> None:
    """Refuse a graph whose name is no http(s) IRI, as of files: no such graph exists here.

    Raises
    ------
    QueryRefusedError
        For the first such name.
    """
    for iri in iris:
        if not iri.lower().startswith(("http://", "https://")) or len(iri) > IRI_MAX_CHARACTERS:
            raise QueryRefusedError(
                f"The graph {iri[:80]!r} cannot be read: graphs are named by http or https IRIs of at most "
                f"{IRI_MAX_CHARACTERS:,} characters.",
                "Leave the dataset out to query everything that is published.",
            )


def _check_characters(text: str, max_bytes: int) -> None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise QueryRefusedError(
            f"Character {error.start + 1} is half a surrogate pair, which is no character.", "Send UTF-8."
        ) from None
    if size > max_bytes:
        raise QueryRefusedError(
            f"The query has {size:,} bytes; at most {max_bytes:,} are allowed.", "Ask in smaller steps."
        )
    if "\0" in text:
        raise QueryRefusedError(f"Character {text.index(chr(0)) + 1} is NUL.", "Remove it.")


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind in ("space", "comment"):
            continue
        token = _Token(kind, match.group(), match.start())
        if token.text in ("'", '"'):
            raise QuerySyntaxError("A string is opened and never closed.", _where(text, token))
        yield token


def _check_nesting(tokens: list[_Token], limit: int) -> None:
    depth = run = 0
    for token in tokens:
        if token.kind == "iri":
            # 'a<((((1))))&&1>0' reads as an IRI here and as an expression in a parser.
            deepest = depth + token.text.count("(") + token.text.count("[") + token.text.count("!")
        elif token.kind == "mark":
            depth = max(0, depth + _OPEN.get(token.text, 0))
            deepest = depth
        else:
            deepest = depth
        run = run + 1 if token.text in _PREFIX_OPERATORS else 0
        if max(deepest, run) > limit:
            raise QueryRefusedError(
                f"The query is nested deeper than {limit} levels.",
                "Write it flatter: fewer brackets inside brackets, no long runs of operators.",
            )


def _refuse_service(text: str, tokens: list[_Token]) -> None:
    """Refuse SERVICE, and every text in which a parser could read one where this tokenizer does not.

    Parsers need no space around keywords: ``SERVICE:x {}`` is a call although ``SERVICE:x`` looks like a
    name, and ``?a<'>'`` may be read as a comparison with a string although ``<'>`` looks like an IRI.
    """
    hint = "Only what is published here can be queried; ask the other service separately."
    for position, token in enumerate(tokens):
        if (
            token.kind == "iri"
            and not _UNDOUBTED_IRI.match(token.text)
            and ("'" in token.text or "#" in token.text)
        ):
            raise QueryRefusedError(
                "A query that holds the word 'service' must write its IRIs in full.",
                f"Write {token.text} with its scheme and host. {_where(text, token)}",
            )
        if "service" not in token.text.lower() or token.kind in ("string", "iri", "variable"):
            continue
        if token.kind == "name":
            before = tokens[position - 1].text.upper() if position else ""
            after = tokens[position + 1].text if position + 1 < len(tokens) else ""
            if after != "{" or before == "GRAPH":
                continue
        raise QueryRefusedError(f"SERVICE is not allowed here. {hint}", _where(text, token))


def _dataset(
    text: str, tokens: list[_Token], words: list[str]
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    base, prefixes = BASE, dict[str, str]()
    default: list[str] = []
    named: list[str] = []
    for position, word in enumerate(words):
        following = tokens[position + 1 : position + 3]
        if word == "BASE" and following and following[0].kind == "iri":
            base = urljoin(base, _unescaped(following[0].text))
        elif word == "PREFIX" and len(following) == 2 and following[1].kind == "iri":
            prefixes[following[0].text.rstrip(":")] = urljoin(base, _unescaped(following[1].text))
        elif word == "FROM":
            is_named = bool(following) and words[position + 1] == "NAMED"
            graph = following[-1] if is_named else following[0] if following else tokens[position]
            iri = _resolved(graph, base, prefixes)
            if iri is not None:
                check_graphs([iri])
                (named if is_named else default).append(iri)
    if not default and not named:
        return None, None
    return tuple(default), tuple(named)


def _resolved(token: _Token, base: str, prefixes: dict[str, str]) -> str | None:
    if token.kind == "iri":
        return urljoin(base, _unescaped(token.text))
    prefix, colon, local = token.text.partition(":")
    if token.kind != "name" or not colon or prefix not in prefixes:
        return None
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(_character, iri[1:-1])


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else ""


def _where(text: str, token: _Token) -> str:
    line = text.count("\n", 0, token.start) + 1
    column = token.start - text.rfind("\n", 0, token.start)
    return f"It stands in line {line}, column {column}."
