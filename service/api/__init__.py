"""The HTTP routes: one router per noun, the shapes in `schemas.py`, the errors in `problems.py`."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every router, in the order of the description."""
    from service.api import (
        deepl,
        documents,
        events,
        groups,
        health,
        outlets,
        pairs,
        translate,
        translations,
    )

    nouns = (translate, deepl, documents, events, groups, pairs, outlets, translations, health)
    return [noun.router for noun in nouns]
