"""Commands on the ontology itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from asmgraph.cli.app import AsJson, app, command, out, print_json, progress_bar, row, table
from asmgraph.ontology import files, generated

ontology = typer.Typer(help="The ontology: what it holds, and whether it is in order.", no_args_is_help=True)
app.add_typer(ontology, name="ontology")


@ontology.command()
def check(as_json: AsJson = False) -> None:
    """Check names, profile, shapes, examples and consistency; exit with 1 where something is wrong."""
    from asmgraph.ontology import checks  # with the reasoners, which no other command needs

    with command(), progress_bar() as progress:
        done = checks.run(progress)
        held = files.inventory()
    if as_json:
        print_json({"inventory": asdict(held), "checks": [asdict(one) for one in done]})
    else:
        listed = table("what", "number")
        for name, number in asdict(held).items():
            if isinstance(number, dict):
                for part, count in number.items():
                    row(listed, f"{name.replace('_', ' ')} in {part}", f"{count:,}")
            else:
                row(listed, name.replace("_", " "), f"{number:,}")
        out.print(listed)
        for one in done:
            out.print(f"{one.name}: {'in order' if not one.problems else f'{len(one.problems):,} problems'}")
            for problem in one.problems:
                out.print(f"  {problem}", markup=False)
    if any(one.problems for one in done):
        raise typer.Exit(1)


@ontology.command()
def generate(
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 where a file is not as it would be.")
    ] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Also write down what the present version promises to keep.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the files that follow from the ontology: Python terms, JSON-LD context, diagrams, bridge."""
    if check_only and release:
        raise typer.BadParameter("--check changes nothing, and --release writes; give one of them.")
    with command():
        found = list(generated.changes())
        done = [{"path": one.path, "action": one.action} for one in found]
        if release:
            done.append({"path": generated.release(), "action": "write"})
        if not check_only:
            for one in found:
                generated.apply(one)
    if as_json:
        print_json({"changes": done})
    else:
        for change in done:
            out.print(f"{change['action']} {change['path']}", markup=False)
        if not done:
            out.print("The generated files are in step with the ontology.")
        elif check_only:
            out.print(f"Run {generated.COMMAND}.")
    if check_only and done:
        raise typer.Exit(1)
