"""What is confidential does not depend on the file in which a statement stands."""

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
def test_a_version_is_judged_alike_in_two_parts_and_in_one(public: set[str], confidential: set[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        open_file, closed, one = (Path(name, f"{part}.nt") for part in ("public", "confidential", "one"))
        for file, lines in ((open_file, public), (closed, confidential), (one, public | confidential)):
            file.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
        whole = confinement.judge([one], lambda: {SITE})
        parts = confinement.judge([open_file, closed], lambda: {SITE})
        assert (set(parts.things), parts.single) == (set(whole.things), whole.single)
        assert set(parts.lines(open_file)["line"]) == set(whole.lines(one)["line"]) & public
        assert set(parts.always(open_file)) | set(parts.always(closed)) == set(whole.always(one))
