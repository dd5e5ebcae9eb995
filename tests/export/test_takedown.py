"""What was taken down is in no export and in no file to download, of no snapshot that is left on the disk."""

from __future__ import annotations

import gzip
import io
import shutil
import zipfile
from pathlib import Path

from asmgraph import settings
from asmgraph.export import downloads, formats, whole
from asmgraph.export.formats import Asked
from asmgraph.records import ID
from asmgraph.store import snapshots, tombstones
from asmgraph.takedown import take_down

GONE = f"{ID}site/survey-s2"


def held(home: Path) -> dict[str, bytes]:
    """Return every file to download under a home, unpacked, by its path."""
    found = {}
    for file in home.glob(f"snapshots/*/{downloads.FOLDER}/*"):
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        elif file.suffix == ".zip":
            archive = zipfile.ZipFile(io.BytesIO(content))
            content = b"".join(archive.read(name) for name in archive.namelist())
        found[str(file)] = content
    return found


def test_a_thing_that_is_taken_down_is_in_no_file(survey_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(survey_home, home, symlinks=True)
    chosen = settings.load(home=home)
    downloads.make(snapshots.current(home))
    assert any(GONE.encode() in content for content in held(home).values())
    done = take_down(chosen, GONE, next(iter(tombstones.REASONS)))
    assert not done.still_read
    snapshot = snapshots.current(home)
    downloads.make(snapshot)
    files = held(home)
    assert len(files) > 5
    assert not [name for name, content in files.items() if GONE.encode() in content]
    for form, what in (("csv", ("sites",)), ("geojson", ()), ("nquads", ()), ("jsonld", ())):
        target = io.BytesIO()
        formats.FORMS[form].write(Asked(snapshot, what), target, whole.silent)
        assert GONE.encode() not in target.getvalue()
        assert f"{ID}site/survey-s3".encode() in target.getvalue()
