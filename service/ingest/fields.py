"""Fields: how a row of an archive, whatever it calls its columns, becomes an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.languages import NAMES, Language
from service.errors import BadInput, TooMuch
from service.ingest.article import Article
from service.ingest.dates import published

#: An article's fields, each with names that archives use for it, the likeliest first.
NAMES_IN_ARCHIVES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article_text", "full_text", "fulltext", "article",
        "текст", "текст статьи", "текст статті", "содержание", "зміст", "статья", "стаття",
    ),
    "title": ("title", "headline", "заголовок", "название", "назва"),
    "outlet": (
        "outlet", "source", "publisher", "site", "site_name", "domain",
        "издание", "видання", "источник", "джерело", "сайт", "сми", "змі",
    ),
    "url": ("url", "link", "permalink", "source_url", "ссылка", "посилання", "адрес", "адреса"),
    "language": ("language", "lang", "language_code", "язык", "мова"),
    "published_at": (
        "published_at", "published", "date", "date_published", "datepublished", "pubdate",
        "pub_date", "publish_date", "publication_date", "datetime", "created_at", "timestamp",
        "дата", "дата публикации", "дата публікації", "опубликовано", "опубліковано",
    ),
}  # fmt: skip
FIELDS: tuple[str, ...] = tuple(NAMES_IN_ARCHIVES)

#: How the note begins on an article whose date was given and could not be used.
UNDATED = "taken in without a date"

_LANGUAGES: dict[str, Language] = {
    "rus": Language.RU, "russian": Language.RU, "русский": Language.RU, "російська": Language.RU,
    "ukr": Language.UK, "ukrainian": Language.UK, "українська": Language.UK,
    "украинский": Language.UK, "ua": Language.UK,
    "eng": Language.EN, "english": Language.EN, "английский": Language.EN,
    "англійська": Language.EN,
}  # fmt: skip


def parse_mapping(option: str | None) -> dict[str, str]:
    """Our field by its name in the input, from `text=body,title=headline`.

    Raises:
        BadInput: it is not written so, or names a field that articles do not have.
    """
    mapping: dict[str, str] = {}
    for part in (option or "").split(","):
        if not part.strip():
            continue
        ours, found, theirs = (piece.strip() for piece in part.partition("="))
        if not found or not theirs or ours not in NAMES_IN_ARCHIVES:
            raise BadInput(
                f"{part.strip()!r} in --map is not FIELD=NAME; the fields are {', '.join(FIELDS)}."
            )
        mapping[ours] = theirs
    return mapping


def parse_language(value: object) -> Language:
    """The language that an archive calls `uk`, `uk-UA`, `ukr` or `Ukrainian`.

    Raises:
        BadInput: it is not one of the three.
    """
    written = str(value).strip()
    name = written.casefold()
    if name in _LANGUAGES:
        return _LANGUAGES[name]
    try:
        return Language(name.replace("_", "-").partition("-")[0])
    except ValueError:
        known = ", ".join(f"{code} {NAMES[code]}" for code in NAMES)
        raise BadInput(
            f"the language {written[:40]!r} is not one that Parallax reads ({known}); correct it, "
            f"or leave it out to have it found out"
        ) from None


@dataclass(frozen=True, slots=True)
class Fields:
    """What turns rows into articles: names, values for what a row lacks, limits.

    `mapping` gives the input's name by our field and wins over the names known from archives;
    `outlet`, `language` and `published_at` fill in where a row has none. An article whose date
    cannot be used comes in without one, with a note that begins with `UNDATED`. `characters` is the
    longest text. `now` decides what lies in the future.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    outlet: str | None = None
    language: Language | None = None
    published_at: datetime | None = None
    characters: int = 500_000
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def columns(self, names: Iterable[str]) -> dict[str, str]:
        """The column for each of our fields, out of the `names` that a table has.

        Raises:
            BadInput: a mapped column is not there, or no column holds the text.
        """
        there = list(names)
        folded = {name.strip().casefold(): name for name in reversed(there)}
        columns: dict[str, str] = {}
        for ours, known in NAMES_IN_ARCHIVES.items():
            wanted = self.mapping.get(ours)
            if wanted is not None and wanted not in there:
                raise BadInput(
                    f"there is no column {wanted!r} for {ours}; the columns are {_listed(there)}"
                )
            found = wanted or next((folded[name] for name in known if name in folded), None)
            if found is not None:
                columns[ours] = found
        if "text" not in columns:
            raise BadInput(
                f"no column holds the text; the columns are {_listed(there)}, so name one with "
                f"`--map text=COLUMN`"
            )
        return columns

    def article(self, row: Mapping[str, Any], origin: str) -> Article:
        """The article in one row of an archive.

        Raises:
            BadInput: the text is missing, empty or too long, or a field makes no sense.
        """
        values = {ours: self._value(row, ours) for ours in FIELDS}
        if values["text"] is None:
            raise BadInput(
                f"no field holds the text; the fields are {_listed(list(row))}, so name one with "
                f"`--map text=NAME`"
            )
        text = _text(values["text"])
        self.check(text)
        notes: list[str] = []
        language = self.language
        if not _missing(values["language"]):
            language = parse_language(values["language"])
            if str(values["language"]).strip().casefold() == "ua":
                notes.append("the language 'ua' was read as uk (ua is a country)")
        return Article(
            text=text,
            title=_line(values["title"], "title"),
            outlet=_line(values["outlet"], "outlet") or self.outlet,
            url=_line(values["url"], "url"),
            language=language,
            published_at=self._date(values["published_at"], notes),
            origin=origin,
            notes=tuple(notes),
        )

    def check(self, text: str) -> None:
        """Nothing, when `text` can be an article's.

        Raises:
            BadInput: it is empty, too long, or holds what no text holds.
        """
        if not text.strip():
            raise BadInput("the text is empty")
        if len(text) > self.characters:
            raise TooMuch(
                f"the text has {len(text):,} characters, more than the limit of "
                f"{self.characters:,}; split it, or raise PARALLAX_DOCUMENT_CHARACTERS"
            )
        if "\0" in text:
            raise BadInput("the text holds a NUL character; remove it")
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise BadInput(
                    f"the text holds half a surrogate pair at character {error.start}; repair it"
                ) from None

    def _value(self, row: Mapping[str, Any], ours: str) -> object:
        wanted = self.mapping.get(ours)
        if wanted is not None:
            return _dotted(row, wanted)
        for name in NAMES_IN_ARCHIVES[ours]:
            if name in row:
                return row[name]
        folded = {str(name).strip().casefold(): name for name in row}
        for name in NAMES_IN_ARCHIVES[ours]:
            if name in folded:
                return row[folded[name]]
        return None

    def _date(self, value: object, notes: list[str]) -> datetime | None:
        if _missing(value):
            return self.published_at
        try:
            return published(value, now=self.now)
        except BadInput as error:
            notes.append(f"{UNDATED}: {error}")
            return None


def _dotted(row: Mapping[str, Any], name: str) -> object:
    """The value at `name`, or inside nested objects at `outer.inner`."""
    if name in row:
        return row[name]
    value: object = row
    for step in name.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(value)  # paragraphs
    if not isinstance(value, str):
        raise BadInput(f"the text is not a string but {_kind(value)}")
    return value


def _line(value: object, name: str) -> str | None:
    """A value as one line without outer space; None when there is none."""
    if _missing(value):
        return None
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        value = value["name"]  # schema.org: {"@type": "Organization", "name": …}
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput(f"the {name} is not a string but {_kind(value)}")
    return " ".join(str(value).replace("\0", " ").split()) or None


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), "an object")


def _listed(names: list[str]) -> str:
    shown = ", ".join(str(name)[:40] for name in names[:12])
    return (shown + (", …" if len(names) > 12 else "")) or "none"
