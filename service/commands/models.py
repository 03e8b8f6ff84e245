"""`parallax models`: the Argos packages and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands import opening, terminal

if TYPE_CHECKING:
    from models.package import Package
    from models.registry import Registry

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    help="List, show, install, verify and remove Argos packages.\n\n"
    "A package is an .argosmodel file as Argos Translate uses it, or the folder inside one. "
    "Packages that ship with Parallax, that PARALLAX_PACKAGES names, and that were installed are "
    "used alike; of two for one direction the newer is.",
)

_AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@app.command("list")
def list_packages(json: _AsJson = False) -> None:
    """List the installed packages and the directions they serve."""
    found = opening.registry(opening.settings())
    packages, problems = found.packages(), found.problems()
    routes = [found.route(direction) for direction in _directions()]
    if json:
        terminal.emit(
            {
                "packages": [_plain(each) for each in packages],
                "routes": [str(route) for route in routes if route],
                "problems": [
                    {"folder": str(each.folder), "message": each.message} for each in problems
                ],
            }
        )
        return
    from rich.table import Table

    out = terminal.console()
    if packages:
        table = Table(box=None, pad_edge=False)
        for name in ("direction", "package", "version"):
            table.add_column(name)
        table.add_column("size", justify="right")
        table.add_column("sha256")
        table.add_column("from")
        for each in packages:
            table.add_row(
                str(each.direction),
                each.code,
                each.version,
                f"{each.bytes / 2**20:.1f} MiB",
                each.digest[:12],
                _home(each),
            )
        out.print(table)
    else:
        out.print("No packages are installed.")
    for direction, route in zip(_directions(), routes, strict=True):
        if route is None:
            out.print(f"{direction}: no package; install one with `parallax models install FILE`")
        elif len(route.packages) > 1:
            out.print(f"{direction}: through English ({route})")
    for each_problem in problems:
        terminal.warn(f"{each_problem.folder.name} cannot be used: {each_problem.message}")


@app.command()
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="PACKAGE", help="Such as ru-en; none shows the card.")
    ] = None,
    json: _AsJson = False,
) -> None:
    """Print the model card of the shipped packages, or one package with what is said of it.

    The card names the training data with licences and counts, the scores, known failures, and what
    the packages should not be used for.
    """
    from models.errors import PackageError

    found = opening.registry(opening.settings())
    if name is None:
        folders = dict.fromkeys(found.folders)
        cards = [card for folder in folders for card in _cards(folder)]
        if not cards:
            raise PackageError(
                "There is no model card; `parallax models list` shows what is installed."
            )
        _print_cards(cards, json=json)
        return
    wanted = name.removeprefix("translate-").replace("_", "-").replace("→", "-")
    matching = [
        each
        for each in found.packages()
        if f"{each.direction.source}-{each.direction.target}" == wanted
    ]
    if not matching:
        raise PackageError(f"{name} is not installed; `parallax models list` shows what is.")
    if json:
        terminal.emit([_plain(each) for each in matching])
        return
    out = terminal.console()
    for each in matching:
        for label, value in _plain(each).items():
            out.print(f"{label:>16}  {value}")
        readme = each.folder / "README.md"
        if readme.is_file():
            out.print("\n" + readme.read_text(encoding="utf-8", errors="replace").strip())
        out.print()


@app.command()
def install(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help=".argosmodel files, or folders of or with packages."),
    ],
    json: _AsJson = False,
) -> None:
    """Check packages and install them; each is loaded and translates a sentence first.

    Nothing is fetched: give a file that is on this machine. The same package again changes nothing.
    """
    found = opening.registry(opening.settings())
    installed: list[Package] = []
    failed: list[str] = []
    from models.errors import PackageError

    for path in paths:
        if path.is_dir() and not (path / "metadata.json").exists():
            made, problems = found.install_folder(path)
            installed += made
            failed += [f"{each.folder.name}: {each.message}" for each in problems]
            if not made and not problems:
                failed.append(f"There is no .argosmodel file in {path}.")
            continue
        try:
            installed.append(found.install(path))
        except PackageError as error:
            failed.append(str(error))
    if json:
        terminal.emit({"installed": [_plain(each) for each in installed], "failed": failed})
    else:
        for each in installed:
            typer.echo(f"{each.direction}  {each.code} {each.version}  {each.digest[:12]}")
    for sentence in (*failed, *_passed_over(found, installed)):
        terminal.warn(sentence)
    if failed:
        raise typer.Exit(5)


def _passed_over(found: Registry, installed: Sequence[Package]) -> Iterator[str]:
    """A sentence for each package that was installed and that another one goes before."""
    for each in installed:
        route = found.route(each.direction)
        if route is None or route.packages[0].digest == each.digest:
            continue
        used = route.packages[0]
        yield (
            f"{each.direction} is still translated by {used.code} {used.version} "
            f"({_home(used)}), which is newer than {each.version}; write a higher package_version "
            f"into metadata.json to have yours used."
        )


@app.command()
def remove(
    names: Annotated[list[str], typer.Argument(metavar="PACKAGE", help="Such as ru-en.")],
) -> None:
    """Remove installed packages; those that ship with Parallax stay."""
    found = opening.registry(opening.settings())
    for name in names:
        for each in found.remove(name):
            typer.echo(f"removed {each.code} {each.version}")


@app.command()
def verify(json: _AsJson = False) -> None:
    """Sum every package's files again, load it, and compare with what was installed or shipped.

    The encoder that ships is compared too. A package that was put into a folder by hand is loaded,
    and there is nothing to compare it with.
    """
    results = opening.registry(opening.settings()).verify()
    broken = [each for each in results if each.message]
    if json:
        terminal.emit(
            [
                {
                    "package": each.package,
                    "sha256": each.digest,
                    "recorded": each.recorded,
                    "message": each.message,
                }
                for each in results
            ]
        )
    else:
        for each in results:
            if not each.message:
                of = "" if each.recorded else "  loads; nothing was recorded to compare with"
                typer.echo(f"ok  {each.package}  {(each.digest or '')[:12]}{of}")
    for each in broken:
        terminal.warn(
            f"{each.package}: {each.message}; restore its files, or remove it and install it again "
            f"(what ships comes back with Parallax itself)."
        )
    if broken:
        raise typer.Exit(5)


def _directions() -> tuple[Any, ...]:
    from models.languages import DIRECTIONS

    return DIRECTIONS


def _plain(package: Package) -> dict[str, Any]:
    return {
        "package": package.code,
        "version": package.version,
        "direction": str(package.direction),
        "sha256": package.digest,
        "network": package.network,
        "bytes": package.bytes,
        "argos_version": package.argos_version,
        "from": _home(package),
        "folder": str(package.folder),
    }


def _home(package: Package) -> str:
    from models.registry import Registry

    home = package.folder.parent
    if home == Registry.default_folder():
        return "shipped"
    return "installed" if home == opening.settings().installed_packages else str(home)


def _cards(folder: Path) -> list[Path]:
    """Model cards in a folder of packages and beside each of them, the general one first."""
    if not folder.is_dir():
        return []
    places = [folder, *sorted(each for each in folder.iterdir() if each.is_dir())]
    found = []
    for place in places:
        written = [place / name for name in ("CARD.md", "card.json") if (place / name).is_file()]
        found += written[:1]
    return found


def _print_cards(cards: list[Path], *, json: bool) -> None:
    from json import loads

    def data(card: Path) -> Any:
        path = card.with_name("card.json")
        text = (path if path.is_file() else card).read_text(encoding="utf-8")
        return loads(text) if path.is_file() else {"card": text}

    if json:
        terminal.emit([data(card) for card in cards])
        return
    out = terminal.console()
    for card in cards:
        if card.suffix == ".json":
            for line in _listed(data(card)):
                out.print(line)
        elif out.is_terminal:
            from rich.markdown import Markdown

            out.print(Markdown(card.read_text(encoding="utf-8")))
        else:
            out.print(card.read_text(encoding="utf-8").strip())
        out.print()


def _listed(data: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A card that is data, as indented lines."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield f"{'  ' * depth}{name}:"
            yield from _listed(value, depth + 1)
        else:
            yield f"{'  ' * depth}{name}: {value}"
