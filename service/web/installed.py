"""What the installed parts are, for the page that says what every figure rests on."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from models.errors import EncoderMissing
from models.languages import DIRECTIONS, NAMES
from service.store import documents
from service.web.contexts import AboutPage, PackageView, Page

if TYPE_CHECKING:
    from service.resources import Resources

PARTS = ("parallax", "ctranslate2", "sentencepiece", "argos-translate-lt", "fastapi", "sqlmodel")


def about(resources: Resources) -> AboutPage:
    """The page on what is installed, read from the registry, the encoder and the store now."""
    from models.encode import Encoder
    from models.registry import Registry

    registry = Registry(resources.settings.package_folders)
    try:
        loaded = Encoder.load(resources.settings.encoder)
        encoder = f"{loaded.dimensions} dimensions, SHA-256 {loaded.digest}"
    except EncoderMissing as error:
        encoder = str(error)
    with resources.store.session() as session:
        counts = documents.counts(session)
    named = {str(language): name for language, name in NAMES.items()}
    there = set(resources.directions())
    return AboutPage(
        page=Page("/about"),
        packages=tuple(
            PackageView(
                str(package.direction), package.version, package.digest, str(package.folder.name)
            )
            for package in registry.packages()
        ),
        missing=tuple(str(d) for d in DIRECTIONS if d not in there),
        problems=(
            *(f"{each.folder.name} cannot be used: {each.message}" for each in registry.problems()),
            *(
                f"{each.code} {each.version} was changed: its files are not the ones recorded. "
                "Restore them, or install the package again."
                for each in registry.packages()
                if registry.recorded(each) not in (None, each.digest)
            ),
        ),
        encoder=encoder,
        versions=(("Python", platform.python_version()), *((p, version(p)) for p in PARTS)),
        store=tuple(
            (f"Documents, {named.get(name, 'language not decided')}", f"{count:,}")
            for name, count in counts.items()
        ),
    )
