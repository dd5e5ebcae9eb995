"""Files go into a store in pieces, on two threads, and nothing is lost, doubled or passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from asmgraph.errors import StoreError
from asmgraph.store import loading
from asmgraph.store.loading import Content

GRAPH = "http://e.org/graph/"


def content(folder: Path, name: str, things: range, *, merged: bool = True) -> Content:
    file = folder / f"{name}.nt"
    file.write_text("".join(f'<http://e.org/{n}> <http://e.org/p> "Mine n\u00ba {n}" .\n' for n in things))
    return Content(GRAPH + name, file, name, merged)


def size(store: Store, graph: NamedNode | DefaultGraph) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


@pytest.mark.parametrize("piece_bytes", [1, 50, 999, 10**6])
def test_a_file_is_loaded_whole_whatever_the_size_of_the_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece_bytes: int
) -> None:
    monkeypatch.setattr(loading, "PIECE_BYTES", piece_bytes)
    store = Store(tmp_path / "store")
    loading.load(store, [content(tmp_path, "a", range(40)), content(tmp_path, "b", range(30, 50))])
    assert (size(store, NamedNode(GRAPH + "a")), size(store, NamedNode(GRAPH + "b"))) == (40, 20)
    assert size(store, DefaultGraph()) == 50


def test_what_is_not_merged_stays_out_of_the_default_graph(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    loading.load(store, [content(tmp_path, "a", range(3), merged=False)])
    assert (size(store, NamedNode(GRAPH + "a")), size(store, DefaultGraph())) == (3, 0)


def test_an_empty_file_is_no_graph(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    loading.load(store, [content(tmp_path, "a", range(0))])
    assert list(store.named_graphs()) == []


def test_a_file_that_is_no_n_triples_names_its_source(tmp_path: Path) -> None:
    wrong = content(tmp_path, "wrong", range(3))
    with wrong.file.open("a") as file:
        file.write("<http://e.org/9> <http://e.org/p> .\n")
    with pytest.raises(StoreError, match="statements of wrong") as caught:
        loading.load(Store(tmp_path / "store"), [wrong, content(tmp_path, "a", range(9))])
    assert caught.value.hint == "Run 'asmgraph ingest wrong' again."
