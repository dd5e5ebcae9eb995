"""What the published runs know of gaps, on pages, in JSON, as Turtle and in feeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree
from pyoxigraph import RdfFormat, parse

from asmgraph import pipeline, runs, settings
from asmgraph.analysis import Parameters
from asmgraph.records import ASM, ID
from tests.analysis.sector import Sector
from tests.conftest import Server

ATOM = "{http://www.w3.org/2005/Atom}"
WHY = "They <b>met</b>."


def slug(iri: str) -> str:
    return iri.removeprefix(f"{ID}gap/")


class Home:
    """A home whose first run found two pairs, of which the second found one; what people say is of the other."""

    def __init__(self, folder: Path) -> None:
        sector = Sector()
        for place, actors in (("COD", "ab"), ("GHA", "cd")):
            for actor in actors:
                sector.intervention(f"of-{actor}", actor, place, "mercury", "2015", "2024")
        sector.publish(folder)
        self.settings = settings.load(home=folder / "home")
        asked = Parameters(kind="co-presence", min_overlap=1, samples=20)
        first = runs.run(self.settings, asked)
        ties = Sector()
        ties.tie("a", "b")
        ties.publish(folder, "ties")
        second = runs.run(self.settings, asked)
        ((self.closed,), (self.open,)) = second.closed, second.run.gaps
        self.first, self.second = first.run, second.run
        runs.review(self.settings, self.open, "disputed", WHY, f"{ID}actor/c", "public")
        pipeline.publish(self.settings)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def client(home: Home) -> Iterator[httpx.Client]:
    server = Server(home.settings.home)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client
    server.close()


def entries(client: httpx.Client, path: str) -> dict[str, etree._Element]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = etree.fromstring(response.content)
    return {one.findtext(f"{ATOM}id") or "": one for one in root.findall(f"{ATOM}entry")}


def test_the_page_of_a_gap_tells_its_history_and_what_people_say(client: httpx.Client, home: Home) -> None:
    page = client.get(f"/gaps/{slug(home.open)}?min_overlap=1").text
    assert "First found" in page
    assert "disputed" in page
    assert "They &lt;b&gt;met&lt;/b&gt;." in page
    assert "/doc/actor/c" in page


def test_a_closed_gap_has_a_page_that_says_so(client: httpx.Client, home: Home) -> None:
    response = client.get(f"/gaps/{slug(home.closed)}")
    assert response.status_code == 200
    assert "No longer found since" in response.text
    assert "plus trouvée depuis" in client.get(f"/gaps/{slug(home.closed)}?lang=fr").text


def test_a_gap_that_nobody_knows_has_none(client: httpx.Client) -> None:
    assert client.get("/gaps/co-presence-0000000000000000").status_code == 404
    assert client.get("/gaps/co-presence-0000000000000000.ttl").status_code == 404


def test_json_has_the_history_of_each_gap(client: httpx.Client, home: Home) -> None:
    gaps = client.get("/gaps.json?kind=co-presence&min_overlap=1").json()["gaps"]
    (known,) = (gap for gap in gaps if gap["gap_iri"] == home.open)
    assert (known["first_found"], known["last_found"]) == (home.first.ended, home.second.ended)
    assert (known["closed"], known["status"]) == (None, "disputed")
    others = client.get("/gaps.json?kind=unserved-need").json()["gaps"]
    assert all(gap["first_found"] is None and gap["status"] is None for gap in others)


def test_turtle_is_what_the_last_run_states(client: httpx.Client, home: Home) -> None:
    for iri, found in ((home.open, True), (home.closed, False)):
        response = client.get(f"/gaps/{slug(iri)}.ttl")
        assert response.headers["content-type"].startswith("text/turtle")
        stated = [quad.triple for quad in parse(response.content, format=RdfFormat.TURTLE)]
        assert {str(one.subject.value) for one in stated} == {iri}
        kinds = {getattr(one.object, "value", "") for one in stated}
        assert (f"{ASM}CoordinationGap" in kinds) is found


def test_the_feed_has_what_is_new_and_what_closed_the_newest_first(client: httpx.Client, home: Home) -> None:
    found = entries(client, "/feed.atom")
    assert list(found) == [home.closed, home.open]
    titles = {iri: one.findtext(f"{ATOM}title") or "" for iri, one in found.items()}
    assert titles[home.closed].startswith("Closed: ")
    assert "C, D" in titles[home.open]


@pytest.mark.parametrize(
    ("scope", "number"), [("COD", 1), ("GHA", 1), ("PER", 0), ("mercury", 2), ("impact/dust", 0)]
)
def test_a_feed_is_of_one_place_or_theme(client: httpx.Client, scope: str, number: int) -> None:
    assert len(entries(client, f"/feed/{scope}.atom")) == number


def test_a_feed_of_nothing_known_says_what_there_is(client: httpx.Client) -> None:
    response = client.get("/feed/<nowhere>.atom")
    assert response.status_code == 404
    assert "COD" in response.text


def test_a_feed_is_in_the_language_asked_for(client: httpx.Client, home: Home) -> None:
    title = entries(client, "/feed.atom?lang=pt")[home.closed].findtext(f"{ATOM}title") or ""
    assert title.startswith("Fechada: lado a lado sem vínculo")


def test_a_feed_that_is_held_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get("/feed.atom").headers["etag"]
    assert client.get("/feed.atom", headers={"If-None-Match": tag}).status_code == 304
    assert client.head("/feed.atom").status_code == 200


def test_the_list_of_gaps_names_the_feed(client: httpx.Client) -> None:
    assert 'type="application/atom+xml"' in client.get("/gaps").text
    assert "/feed/COD.atom" in client.get("/gaps?place=COD").text


def test_how_stable_a_gap_is_comes_from_the_last_run_with_resamples(client: httpx.Client, home: Home) -> None:
    (found,) = client.get("/gaps.json?kind=co-presence&min_overlap=1").json()["gaps"]
    assert found["stability"] is None
    assert 0 < found["stability_of_run"] < 1
    percent = round(100 * found["stability_of_run"])
    assert f"in {percent} % of the trials" in client.get(f"/gaps/{slug(home.open)}?min_overlap=1").text
