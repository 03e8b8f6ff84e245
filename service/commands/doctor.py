"""`parallax doctor`: what is installed, what is missing, and the command that mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.commands import opening, terminal
from service.errors import BadInput

if TYPE_CHECKING:
    from service.settings import Settings

app = typer.Typer(rich_markup_mode=None, add_completion=False)

State = Literal["ok", "missing", "broken"]

#: Bytes of free disk below which storing coverage is near its end.
SCARCE = 1 << 30

#: Packages of Python that the parts rest on.
LIBRARIES = ("ctranslate2", "sentencepiece", "argos-translate-lt", "sqlmodel", "fastapi", "lxml")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: `mend` is the command, or the step, that puts it right."""

    part: str
    state: State
    detail: str
    mend: str = ""


@app.command()
def doctor(
    settings: Annotated[
        bool, typer.Option("--settings", help="List every PARALLAX_… setting with its value.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Look at every part and say what is installed, what is missing, and what mends it.

    Opens the store (and brings it to this version's schema), reads the packages without loading
    them, and loads encoder and word lists. The exit code is 0 when nothing is missing and 5
    otherwise; Parallax works with parts missing, and says in every result what it went without.
    """
    try:
        using = opening.settings()
    except BadInput as error:
        finding = Finding("settings", "broken", str(error), "correct the variable, or unset it")
        _report([finding], json=json)
        raise typer.Exit(5) from None
    if settings:
        _print_settings(using, json=json)
        return
    found = [finding for look in LOOKS for finding in _looked(look, using)]
    _report(found, json=json)
    if any(finding.state != "ok" for finding in found):
        raise typer.Exit(5)


Look = Callable[["Settings"], Iterator[Finding]]


def _looked(look: Look, using: Settings) -> Iterator[Finding]:
    """What one look finds; a look that fails is a finding itself."""
    try:
        yield from look(using)
    except Exception as error:  # whatever is broken, the other parts are still looked at
        part = look.__name__.strip("_").replace("_", " ")
        yield Finding(part, "broken", f"{type(error).__name__}: {error}", "install Parallax again")


def _python(_: Settings) -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    missing = []
    for name in ("parallax", *LIBRARIES):
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    detail = f"{sys.version.split()[0]}, parallax {version('parallax')}"
    if missing:
        yield Finding(
            "python",
            "missing",
            f"{detail}; not installed: {', '.join(missing)}",
            "pip install --upgrade parallax",
        )
    else:
        yield Finding("python", "ok", detail)


def _store(using: Settings) -> Iterator[Finding]:
    from sqlalchemy.engine import make_url

    from service.errors import ServiceError
    from service.store import documents
    from service.store.database import Store

    where = make_url(using.store_url).render_as_string(hide_password=True)
    try:
        with Store.open(using) as store, store.session() as session:
            count = sum(documents.counts(session).values())
    except ServiceError as error:
        yield Finding("store", "broken", where, str(error))
        return
    yield Finding("store", "ok", f"{where}, {count:,} documents")


def _disk(using: Settings) -> Iterator[Finding]:
    folder = using.data_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free >= SCARCE else "missing"
    mend = "" if state == "ok" else "free some space, or set PARALLAX_DATA_FOLDER to another disk"
    yield Finding("disk", state, f"{free / 2**30:,.1f} GiB free for {using.data_folder}", mend)


def _packages(using: Settings) -> Iterator[Finding]:
    from models.languages import DIRECTIONS, Language

    for folder in using.packages:
        if not folder.is_dir():
            yield Finding(
                "packages",
                "missing",
                f"PARALLAX_PACKAGES names {folder}, which is no folder",
                "correct it or unset it",
            )
    registry = opening.registry(using)
    for direction in DIRECTIONS:
        part = f"package {direction}"
        route = registry.route(direction)
        code = f"{direction.source}_{direction.target}"
        mend = f"parallax models install translate-{code}.argosmodel"
        if route is None:
            pivot = direction.target is Language.EN
            yield Finding(
                part,
                "missing",
                "compared without English" if pivot else "cannot be translated",
                mend,
            )
        elif len(route.packages) > 1:
            yield Finding(part, "ok", f"through English ({route})")
        else:
            package = route.packages[0]
            recorded = registry.recorded(package)
            if recorded not in (None, package.digest):
                yield Finding(
                    part,
                    "broken",
                    f"{package.code} {package.version} was changed: {package.digest[:12]}, "
                    f"recorded {recorded[:12]}",
                    "restore its files or install the package again; parallax models verify",
                )
                continue
            yield Finding(part, "ok", f"{package.code} {package.version}, {package.digest[:12]}")
    for problem in registry.problems():
        yield Finding(
            f"package {problem.folder.name}",
            "broken",
            problem.message,
            f"rm -r '{problem.folder}' and install the package again",
        )


def _encoder(using: Settings) -> Iterator[Finding]:
    from models.errors import EncoderMissing

    try:
        encoder = opening.encoder(using)
        rows = encoder.encode(["Проверка.", "Перевірка.", "A test."])
    except EncoderMissing as error:
        yield Finding("encoder", "missing", "compared without sentence vectors", str(error))
        return
    yield Finding("encoder", "ok", f"{rows.shape[1]} dimensions, {encoder.digest[:12]}")


def _word_lists(_: Settings) -> Iterator[Finding]:
    from alignment.terms import Lexicon

    lexicon = Lexicon.load()
    yield Finding("word lists", "ok", f"{len(lexicon.concepts)} contested concepts")


def _pages(_: Settings) -> Iterator[Finding]:
    from importlib.resources import files

    web = files("service.web")
    missing = [name for name in ("templates", "static") if not web.joinpath(name).is_dir()]
    if missing:
        yield Finding(
            "pages", "missing", f"no {' and no '.join(missing)}", "pip install --force parallax"
        )
    else:
        yield Finding("pages", "ok", "templates and styles are here")


LOOKS: tuple[Look, ...] = (_python, _store, _disk, _packages, _encoder, _word_lists, _pages)


def _report(found: list[Finding], *, json: bool) -> None:
    if json:
        terminal.emit([asdict(finding) for finding in found])
        return
    from rich.text import Text

    styles = {"ok": "green", "missing": "yellow", "broken": "red"}
    out = terminal.console()
    width = max(len(finding.part) for finding in found)
    for finding in found:
        line = Text(f"{finding.state:<8}", style=styles[finding.state])
        out.print(line + Text(f"{finding.part:<{width}}  {finding.detail}"))
        if finding.mend:
            out.print(Text(f"{'':8}{'':{width}}  mend: {finding.mend}", style="bold"))


def _print_settings(using: Settings, *, json: bool) -> None:
    fields = type(using).model_fields
    hidden = {name for name, each in fields.items() if not each.repr}
    values = {
        name: "(set, not shown)"
        if name in hidden and getattr(using, name)
        else getattr(using, name)
        for name in fields
    }
    if json:
        terminal.emit({f"PARALLAX_{name.upper()}": value for name, value in values.items()})
        return
    for name, field in fields.items():
        value = values[name]
        shown = ":".join(map(str, value)) if isinstance(value, tuple) else value
        typer.echo(f"PARALLAX_{name.upper()}={'' if shown is None else shown}")
        typer.echo(f"    {field.description}")
