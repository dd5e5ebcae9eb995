"""Voice, unwritten practice and stuck knowledge on growing sectors; paths to policy against networkx.

Run: .venv/bin/python -m benchmarks.knowledge [interventions ...]
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Callable
from itertools import product

import networkx as nx
import numpy as np

from asmgraph.analysis.facts import Coverage, Intervention, Projection
from asmgraph.analysis.kinds import stuck_knowledge, unwritten, voice
from asmgraph.analysis.knowledge import Flow, Item, Knowledge, Policy, Study
from asmgraph.analysis.networks.paths import steps_to
from asmgraph.analysis.scope import Parameters, Scope, ask
from asmgraph.analysis.tables import Tables, tabulate
from asmgraph.records import VOCAB
from asmgraph.terms import ACTOR_TYPE, ASM, CONTROLLED_BY, STUDY_DESIGN, UPTAKE_STAGE

ROUNDS = 3
COUNTRIES, TYPES, CHALLENGES, AREAS = 60, 60, 12, 15
MAX_PATH = 3
DAY = dt.date(2026, 1, 1)


def sector(interventions: int) -> tuple[Projection, Tables]:
    """Return a sector with a quarter as many actors, half as many items and as many flows as interventions."""
    draw = random.Random(interventions)
    countries = [f"place/{number:03}" for number in range(COUNTRIES)]
    types = [f"{VOCAB}intervention-type/{number:02}" for number in range(TYPES)]
    challenges = [f"{VOCAB}challenge/{number:02}" for number in range(CHALLENGES)]
    areas = [f"{VOCAB}outcome-area/{number:02}" for number in range(AREAS)]
    actors = [f"actor/{number}" for number in range(interventions // 4)]
    things = [f"item/{number}" for number in range(interventions // 2)]
    policies = [f"policy/{number}" for number in range(interventions // 40)]
    none = frozenset[str]()

    def one(names: list[str]) -> frozenset[str]:
        return frozenset({draw.choice(names)})

    def kinds(number: int) -> frozenset[str]:
        if number % 10 == 0:
            return frozenset({str(ASM.MinerGroup), str(ACTOR_TYPE["miners-association"])})
        return frozenset(
            {str(ASM.Organisation), str(ACTOR_TYPE["government" if number % 50 == 1 else "ngo"])}
        )

    items = {
        iri: Item(iri, none, none, one(actors), none, none, one(countries), one(types), None)
        for iri in things
    }
    stages = [str(UPTAKE_STAGE[stage]) for stage in ("received", "received", "used-in-practice")]
    flows = tuple(
        Flow(f"flow/{n}", one(things), one(actors), False, none, one(actors), none, one(stages), None)
        for n in range(interventions)
    )
    studies = tuple(
        Study(
            f"study/{n}",
            frozenset({str(STUDY_DESIGN["qualitative"])}),
            one(areas),
            none,
            none,
            one(types),
            None,
        )
        for n in range(interventions // 10)
    )
    done = {
        f"intervention/{n}": Intervention(f"intervention/{n}", {}, one(countries), one(types), "")
        for n in range(interventions)
    }
    controlled = {iri: frozenset({str(CONTROLLED_BY["members"])}) for iri in actors[::10]}
    issued = {iri: Policy(iri, one(actors), none, none, one(things), none, none, None) for iri in policies}
    outcomes = {iri: {draw.choice(areas): none} for iri in done if draw.random() < 0.5}
    taking = {iri: frozenset(draw.sample(actors, 3)) for iri in done}
    parts = frozenset(f"{actor}/{iri}" for iri, group in taking.items() for actor in group)
    knowledge = Knowledge(items, issued, flows, studies, (), (), controlled, outcomes, parts)
    projection = Projection(
        DAY,
        done,
        taking,
        {(actor, iri): (f"{actor}/{iri}",) for iri, group in taking.items() for actor in group},
        {},
        (),
        {iri: kinds(number) for number, iri in enumerate(actors)},
        none,
        {iri: one(countries) for iri in actors},
        dict.fromkeys(countries, none),
        dict.fromkeys(countries, 0),
        {},
        {
            **{iri: frozenset(draw.sample(challenges, 2)) for iri in types},
            **{iri: frozenset({iri}) for iri in challenges},
            **dict.fromkeys(areas, none),
        },
        dict.fromkeys((*types, *challenges, *areas), none),
        tuple(
            Coverage("graph", "made", DAY, covers, "all", None, None, None, None)
            for covers in ("ties", "studies", "policy-citations")
        ),
        {},
        {},
        knowledge=knowledge,
    )
    return projection, tabulate(projection)


def ours(scope: Scope) -> set[str]:
    """Return which actors have a path to policy of few steps."""
    arcs = scope.tables.channels.select("giver", "receiver").unique()
    targets = np.array([scope.number(iri) for iri in _targets(scope)], dtype=np.int64)
    tails, heads = (arcs[name].to_numpy().astype(np.int64) for name in ("giver", "receiver"))
    steps = steps_to(len(scope.tables.iris), tails, heads, targets, MAX_PATH).number
    return {scope.iri(int(number)) for number in np.flatnonzero(np.isfinite(steps))}


def peer(scope: Scope) -> set[str]:
    """Return the same by networkx, from all targets at once."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((one.receiver, one.giver) for one in scope.projection.knowledge.channels)
    targets = _targets(scope)
    graph.add_nodes_from(targets)
    return set(nx.multi_source_dijkstra_path_length(graph, targets, cutoff=MAX_PATH))


def _targets(scope: Scope) -> set[str]:
    policies = scope.projection.knowledge.policies
    return {*policies, *(issuer for policy in policies.values() for issuer in policy.issuers)}


def cpu_s(work: Callable[[Scope], object], scope: Scope) -> tuple[float, object]:
    before = time.process_time()
    found = work(scope)
    return time.process_time() - before, found


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [2_000, 20_000, 200_000]
    names = ("voice", "unwritten", "stuck", "paths", "networkx")
    print(
        f"{'interventions':>13} {'steps':>9} "
        + " ".join(f"{name:>10}" for name in names)
        + "   CPU s; ratio of paths"
    )
    for size in sizes:
        projection, made = sector(size)
        works: tuple[Callable[[Scope], object], ...] = (
            voice.rank,
            unwritten.rank,
            stuck_knowledge.rank,
            ours,
            peer,
        )
        times: dict[str, list[float]] = {name: [] for name in names}
        for _, (name, work) in product(range(ROUNDS), zip(names, works, strict=True)):
            scope = ask(projection, made, Parameters(), public=True)
            spent, found = cpu_s(work, scope)
            times[name].append(spent)
            if name == "paths":
                wanted = found
            if name == "networkx":
                assert found == wanted
        medians = {name: statistics.median(spent) for name, spent in times.items()}
        row = " ".join(f"{medians[name]:>10.3f}" for name in names)
        print(f"{size:>13,} {made.channels.height:>9,} {row}   {medians['networkx'] / medians['paths']:.1f}x")


if __name__ == "__main__":
    main()
