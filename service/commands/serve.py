"""`parallax serve`: the pages and the HTTP API."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from service.commands import opening, terminal
from service.errors import BadInput

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on.  [default: 8000]")
    ] = None,
) -> None:
    """Serve the pages, /v1, and what clients of LibreTranslate and DeepL expect.

    Listens on this machine only unless told otherwise (PARALLAX_HOST, PARALLAX_PORT, or the
    options). Packages and store are opened in the background; /ready says when. Ctrl-C stops it.
    """
    changes = {"host": host, "port": port}
    using = opening.settings().model_copy(
        update={name: value for name, value in changes.items() if value is not None}
    )
    _free(using.host, using.port)
    from service.starting import begin

    starting = begin(using)
    from service.app import serve as run

    shown = f"[{using.host}]" if ":" in using.host else using.host
    terminal.note(f"Parallax is at http://{shown}:{using.port} (Ctrl-C stops it)")
    run(using, starting=starting)


def _free(host: str, port: int) -> None:
    """Nothing, when the address can be listened on.

    Raises:
        BadInput: it is taken, or not one of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(
            f"{host}:{port} cannot be listened on ({reason}); give another --port or --host."
        ) from error
