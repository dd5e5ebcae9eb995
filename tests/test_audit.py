"""The audit log: each line in its place, unchanged, or said."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph import audit
from asmgraph.errors import StoreError


def test_a_line_says_who_did_what_to_which_graphs(tmp_path: Path) -> None:
    audit.record(
        tmp_path, "ingest", "ipis", {"g:a": 1, "g:b": 2}, {"g:b": 5, "g:c": 7, "g:d": 0}, version="v"
    )
    (entry,) = audit.entries(tmp_path)
    assert entry["graphs"] == {"g:a": [1, 0], "g:b": [2, 5], "g:c": [0, 7]}
    assert (entry["action"], entry["about"], entry["version"]) == ("ingest", "ipis", "v")
    assert entry["who"]
    assert entry["at"].endswith("+00:00")


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    audit.record(tmp_path, "publish", "1")
    assert stat.S_IMODE((tmp_path / audit.FILE).stat().st_mode) == 0o600


def test_an_empty_home_has_an_empty_log(tmp_path: Path) -> None:
    assert list(audit.entries(tmp_path)) == []


@given(change=st.sampled_from(["edit", "delete", "swap", "insert"]), place=st.integers(0, 3))
def test_every_change_is_noticed(tmp_path_factory: pytest.TempPathFactory, change: str, place: int) -> None:
    home = tmp_path_factory.mktemp("audit")
    for number in range(5):
        audit.record(home, "publish", str(number))
    lines = (home / audit.FILE).read_text().splitlines()
    if change == "edit":
        lines[place] = lines[place].replace('"publish"', '"nothing"')
    elif change == "delete":
        del lines[place]
    elif change == "swap":
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    else:
        lines.insert(place, lines[place])
    (home / audit.FILE).write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(StoreError, match=r"Line [1-5] of .*audit\.log"):
        list(audit.entries(home))


def test_a_write_that_was_cut_off_is_noticed_and_does_not_swallow_the_next(tmp_path: Path) -> None:
    first = audit.record(tmp_path, "publish", "1")
    with (tmp_path / audit.FILE).open("a") as file:
        file.write('{"action": "publ')
    audit.record(tmp_path, "publish", "2")
    lines = (tmp_path / audit.FILE).read_text().splitlines()
    assert json.loads(lines[-1])["previous"] == first
    audit.record(tmp_path, "publish", "3")
    told = [(entry["action"], entry["about"]) for entry in audit.entries(tmp_path)]
    assert told == [("publish", "1"), (audit.TORN, "line 2"), ("publish", "2"), ("publish", "3")]


def test_a_write_cut_off_within_a_letter_is_torn(tmp_path: Path) -> None:
    audit.record(tmp_path, "publish", "1")
    with (tmp_path / audit.FILE).open("ab") as file:
        file.write('{"about": "é'.encode()[:-1])
    assert [entry["action"] for entry in audit.entries(tmp_path)] == ["publish", audit.TORN]


def test_a_whole_line_made_unreadable_is_no_torn_line(tmp_path: Path) -> None:
    for number in range(3):
        audit.record(tmp_path, "publish", str(number))
    lines = (tmp_path / audit.FILE).read_text().splitlines()
    (tmp_path / audit.FILE).write_text("\n".join([lines[0], lines[1][:20], lines[2], ""]))
    with pytest.raises(StoreError, match="Line 3"):
        list(audit.entries(tmp_path))


def test_a_long_line_before_is_still_found(tmp_path: Path) -> None:
    first = audit.record(tmp_path, "publish", "1", {}, {f"g:{number:06}": 1 for number in range(20_000)})
    audit.record(tmp_path, "publish", "2")
    assert [entry["previous"] for entry in audit.entries(tmp_path)] == ["", first]
