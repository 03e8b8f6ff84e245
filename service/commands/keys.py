"""`parallax keys`: keys of the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.commands import opening, terminal

if TYPE_CHECKING:
    from service.access import Key

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    help="Make, list and revoke keys of the HTTP API.\n\n"
    "Keys count once PARALLAX_REQUIRE_KEYS is true, or for their own limits. The store holds only "
    "a hash of each, so a key is shown once, when it is made.",
)

_AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom or what the key is for.")],
    role: Annotated[
        Literal["read", "work", "administer"],
        typer.Option(
            help="read: look; work: also ingest, translate, align and judge; administer: also "
            "see the operator's figures at /metrics."
        ),
    ] = "work",
    per_minute: Annotated[
        int | None, typer.Option("--per-minute", min=1, help="Calls a minute.")
    ] = None,
    characters: Annotated[
        int | None, typer.Option("--characters", min=1, help="Characters a call.")
    ] = None,
    json: _AsJson = False,
) -> None:
    """Make a key and print it; it cannot be had again."""
    from service.access import Role, add_key

    with opening.store(opening.settings()) as store:
        key, whole = add_key(
            store,
            name,
            Role(role),
            requests_per_minute=per_minute,
            characters_per_request=characters,
        )
    if json:
        terminal.emit({**_plain(key), "key": whole})
    else:
        typer.echo(whole)
        terminal.note(f"Key {key.id} ({role}) for {key.name}; keep it now, it is not shown again.")


@app.command("list")
def list_keys(json: _AsJson = False) -> None:
    """List the keys, without their secrets."""
    from service import access

    with opening.store(opening.settings()) as store:
        rows = access.list_keys(store)
    if json:
        terminal.emit([_plain(row) for row in rows])
        return
    if not rows:
        typer.echo("There are no keys; make one with `parallax keys add NAME`.")
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("id", "name", "role", "a minute", "characters", "made", "revoked"):
        table.add_column(column)
    for row in rows:
        revoked = row.revoked_at.isoformat(" ", "minutes") if row.revoked_at else ""
        limits = (row.requests_per_minute, row.characters_per_request)
        own = ["" if limit is None else f"{limit:,}" for limit in limits]
        made = row.created_at.isoformat(" ", "minutes")
        table.add_row(row.id, row.name, row.role, *own, made, revoked)
    terminal.console().print(table)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `parallax keys list` shows it.")],
) -> None:
    """Make a key worthless from now on."""
    from service.access import revoke_key

    with opening.store(opening.settings()) as store:
        key = revoke_key(store, key_id)
    typer.echo(f"revoked {key.id} ({key.name})")


def _plain(row: Key) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "requests_per_minute": row.requests_per_minute,
        "characters_per_request": row.characters_per_request,
        "created_at": row.created_at.isoformat(),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }
