"""English for the texts that fits and measures read, from the installed packages, kept on disk.

Translating is what takes long. A translation is kept under the digest of the packages that made it,
so another fit costs nothing and new packages are translated with anew.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.languages import Direction, Language
from models.registry import Registry
from models.translate import Engine, EngineOptions

SHIPPED = Path(__file__).parents[1] / "models" / "packages"
AT_ONCE = 500


class Englisher:
    """Translates into English with the packages of a folder; one made before is read again.

    `missing` are the languages no package translates from.
    """

    def __init__(self, folder: Path = SHIPPED, kept: Path | None = None) -> None:
        self.registry = Registry([folder])
        self.engine = Engine(self.registry, EngineOptions())
        self.kept = kept or Path(tempfile.gettempdir()) / "parallax-bench-english"
        self.missing: set[str] = set()

    def of(self, texts: Iterable[str], language: str) -> Mapping[str, str]:
        """The English of each text, empty where no package translates from its language."""
        wanted = list(dict.fromkeys(text for text in texts if text.strip()))
        if language == "en":
            return {text: text for text in wanted}
        direction = Direction(Language(language), Language.EN)
        route = self.registry.route(direction)
        if route is None:
            self.missing.add(language)
            return {}
        packages = [one.digest for one in route.packages]
        name = hashlib.sha256("|".join(packages).encode()).hexdigest()[:16]
        self.kept.mkdir(parents=True, exist_ok=True)
        file = self.kept / f"{language}-{name}.jsonl"
        known: dict[str, str] = {}
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                known = dict(json.loads(line) for line in lines)
        left = sorted((text for text in wanted if text not in known), key=len)
        with file.open("a", encoding="utf-8") as out:
            for start in range(0, len(left), AT_ONCE):
                part = left[start : start + AT_ONCE]
                for text, made in zip(
                    part, self.engine.translate_segments(part, direction), strict=True
                ):
                    known[text] = made.text
                    out.write(json.dumps([text, made.text], ensure_ascii=False) + "\n")
        return {text: known[text] for text in wanted}
