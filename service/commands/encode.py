"""`parallax encode`: lines to sentence vectors."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands import opening, terminal
from service.commands.inputs import lines_in
from service.commands.output import writing

app = typer.Typer(rich_markup_mode=None, add_completion=False)

#: Lines encoded at once.
BLOCK = 8192


@app.command()
def encode(
    lines: Annotated[
        str,
        typer.Option("--lines", metavar="FILE", help="Text, one a line; `-` is standard input."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE.npy", help="File for the vectors.")
    ],
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the input; found out when not given.")
    ] = None,
) -> None:
    """Write one cross-lingual sentence vector for each line, as a NumPy array.

    The array has one float32 row of length 1 for each line, in order; the row of an empty line is
    all zeros. Sentences that say the same thing in Russian, Ukrainian and English have near rows,
    so the product of two rows is their similarity (cosine).

    \b
    Example:
      parallax encode --lines sentences.uk -o sentences.uk.npy
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    encoder = opening.encoder(opening.settings())
    texts = lines_in(lines, encoding)
    import numpy as np
    from numpy.lib import format as npy

    with (
        writing(output) as file,
        terminal.progress("Encoding", len(texts) or None, unit="lines") as report,
    ):
        rows = encoder.encode(texts[:BLOCK])
        header = {
            "descr": npy.dtype_to_descr(np.dtype("<f4")),
            "fortran_order": False,
            "shape": (len(texts), rows.shape[1]),
        }
        npy.write_array_header_1_0(file, header)
        for start in range(0, len(texts), BLOCK):
            if start:
                rows = encoder.encode(texts[start : start + BLOCK])
            file.write(np.ascontiguousarray(rows, dtype="<f4").tobytes())
            report(min(start + BLOCK, len(texts)), None)
