"""The HTTP routes: one router per noun, the shapes in `schemas.py`, the errors in `problems.py`."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every router, in the order of the description."""
    from service.api import (
        align,
        deepl,
        docs,
        documents,
        events,
        files,
        groups,
        health,
        outlets,
        packages,
        pairs,
        translate,
        translations,
    )

    stored = (documents, events, groups, pairs, outlets)
    return [
        noun.router
        for noun in (translate, files, deepl, *stored, translations, packages, align, health, docs)
    ]
