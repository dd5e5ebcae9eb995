"""Of files that are confidential as they are, what is held decides as the whole of them would."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from asmgraph.privacy import confinement
from asmgraph.privacy.statements import TYPE
from asmgraph.records import ASM, ID, VOCAB

SITE, THINGS = f"{ID}site/a", [f"{ID}site/a", f"{ID}need/n", f"{ID}visit/v", f"{ID}role/r"]
PAIR = st.sampled_from(
    [
        (TYPE, f"<{ASM}ArmedPresenceObservation>"),
        (TYPE, f"<{ASM}Need>"),
        (f"{ASM}armedPresence", f"<{VOCAB}observation/yes>"),
        (f"{ASM}impact", f"<{VOCAB}impact/sexual-violence>"),
        (f"{ASM}place", f"<{SITE}>"),
        (f"{ASM}workers", '"5"'),
        *((f"{ASM}ofVisit", f"<{thing}>") for thing in THINGS),
    ]
)
LINES = st.sets(
    st.builds(lambda thing, pair: f"<{thing}> <{pair[0]}> {pair[1]} .", st.sampled_from(THINGS), PAIR)
)


@given(LINES, LINES)
def test_a_closed_file_decides_as_an_open_one_does(public: set[str], confidential: set[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        open_file, closed = Path(name, "public.nt"), Path(name, "confidential.nt")
        for file, lines in ((open_file, public), (closed, confidential)):
            file.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
        whole = confinement.judge([open_file, closed], lambda: {SITE})
        held = confinement.judge([open_file, closed], lambda: {SITE}, [closed])
        assert (held.things, held.single) == (whole.things, whole.single)
        assert held.lines(open_file).rows() == whole.lines(open_file).rows()
        assert held.always(open_file) == whole.always(open_file)
        assert list(held.marked) == [open_file]
