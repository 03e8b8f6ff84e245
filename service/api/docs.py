"""`/docs`: the description of the API as a page, with a form to try each call.

The page is made here from /openapi.json and reads well without JavaScript; its script, which only
sends the forms, and its style are our own and served from here. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from service.errors import PROBLEMS

router = APIRouter(include_in_schema=False)

HERE = Path(__file__).parent / "explorer"
#: What the tags are about, in the order of the page.
TAGS = {
    "Documents": "Coverage in, and each article as it is held.",
    "Events": "What happened, and who reports it.",
    "Claim groups": "Who says the same thing in which language, and who does not.",
    "Pairs": "Aligned claims with their evidence, and what analysts decide.",
    "Outlets": "Who publishes what is held.",
    "Alignment": "Texts aligned as they are; nothing is stored.",
    "Translation": "Translation with offsets, doubts and what made it; what people corrected.",
    "LibreTranslate": "The contract of LibreTranslate 1.9.6, for its clients.",
    "DeepL": "DeepL's shape, for programs that speak it.",
    "Operation": "Health, readiness and figures.",
}
#: Levels of a schema that are written out; what lies deeper is named only.
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter, or one field of a body or an answer, as a row of a table."""

    name: str
    depth: int
    kind: str
    needed: bool
    told: str
    place: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: what it takes and what comes back."""

    key: str
    method: str
    path: str
    title: str
    told: str
    parameters: tuple[Field, ...]
    body_type: str
    body_fields: tuple[Field, ...]
    example: str
    answer_status: str
    answer_fields: tuple[Field, ...]
    refusals: tuple[tuple[str, str], ...]


@router.get("/docs", response_class=HTMLResponse)
def page(request: Request) -> HTMLResponse:
    """The description as a page."""
    description = request.app.openapi()
    grouped: dict[str, list[Operation]] = {tag: [] for tag in TAGS}
    for tag, operation in operations(description):
        grouped.setdefault(tag, []).append(operation)
    html = _template().render(
        title=description["info"]["title"],
        told=description["info"]["description"],
        version=description["info"]["version"],
        groups=[(tag, TAGS.get(tag, ""), inside) for tag, inside in grouped.items() if inside],
        problems=sorted({(each.status, each.type, each.title) for each in PROBLEMS}),
        keys=request.app.state.resources.settings.require_keys,
    )
    return HTMLResponse(html)


@router.get("/docs/explorer.js")
def script() -> Response:
    """The page's script."""
    return Response(_asset("explorer.js"), media_type="text/javascript; charset=utf-8")


@router.get("/docs/explorer.css")
def style() -> Response:
    """The page's style."""
    return Response(_asset("explorer.css"), media_type="text/css; charset=utf-8")


@cache
def _asset(name: str) -> bytes:
    return (HERE / name).read_bytes()


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = code
    return environment.get_template("explorer.html")


def code(text: str) -> Markup:
    """The text, escaped, with what stands between backticks as code."""
    parts = str(escape(text)).split("`")
    for place in range(1, len(parts) - 1, 2):
        parts[place] = f"<code>{parts[place]}</code>"
    return Markup("".join(parts))


def operations(description: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Every operation of a description with its tag, in the order of the description."""
    schemas = Schemas(description)
    for path, methods in description["paths"].items():
        for method, given in methods.items():
            yield given.get("tags", ["Other"])[0], _operation(schemas, path, method, given)


def _operation(schemas: Schemas, path: str, method: str, given: dict[str, Any]) -> Operation:
    content = given.get("requestBody", {}).get("content", {})
    body_type = next(iter(content), "")
    body = content.get(body_type, {})
    good, answer = _good(given["responses"])
    told, _, more = given.get("description", given.get("summary", "")).partition("\n\n")
    example = body.get("example") or (schemas.example(body["schema"]) if "schema" in body else None)
    is_json = body_type == "application/json"
    return Operation(
        key=given["operationId"],
        method=method.upper(),
        path=path,
        title=told,
        told=more,
        parameters=tuple(schemas.parameter(each) for each in given.get("parameters", ())),
        body_type=body_type,
        body_fields=tuple(schemas.fields(body.get("schema", {}))),
        example=json.dumps(example, ensure_ascii=False, indent=2) if is_json else "",
        answer_status=good,
        answer_fields=tuple(schemas.fields(answer)),
        refusals=tuple(
            (status, each["description"])
            for status, each in given["responses"].items()
            if not status.startswith("2")
        ),
    )


def _good(responses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The status and the schema of the good answer."""
    for status, each in responses.items():
        if status.startswith("2"):
            content = each.get("content", {})
            first: dict[str, Any] = next(iter(content.values()), {})
            return status, first.get("schema", {})
    return "200", {}


class Schemas:
    """Reads the schemas of a description, following references."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.named: dict[str, Any] = description.get("components", {}).get("schemas", {})

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema a reference stands for, with a nullable one taken as what it is else."""
        while "$ref" in schema:
            schema = self.named.get(schema["$ref"].rpartition("/")[2], {})
        options = schema.get("anyOf") or schema.get("oneOf") or []
        real = [each for each in options if each.get("type") != "null"]
        if len(real) == 1:
            told = {key: value for key, value in schema.items() if key not in {"anyOf", "oneOf"}}
            return {**self.resolve(real[0]), **told}
        return schema

    def kind(self, schema: dict[str, Any]) -> str:
        """The type of a schema in a few words: `list of string`, `string or null`."""
        if "$ref" in schema:
            return self.kind(self.resolve(schema))
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return " or ".join(dict.fromkeys(self.kind(each) for each in options))
        if "const" in schema:
            return json.dumps(schema["const"])
        found = schema.get("type", "anything")
        if isinstance(found, list):
            return " or ".join(found)
        if found == "array":
            return f"list of {self.kind(schema.get('items', {}))}"
        if found == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"object of {self.kind(schema['additionalProperties'])}"
        return str(schema.get("format") or found)

    def parameter(self, given: dict[str, Any]) -> Field:
        """A parameter as a row."""
        schema = given.get("schema", {})
        return self._field(
            given["name"],
            schema,
            0,
            needed=given.get("required", False),
            told=given.get("description", ""),
            place=given.get("in", ""),
        )

    def fields(self, schema: dict[str, Any], depth: int = 0) -> Iterator[Field]:
        """The fields of an object, and those inside them, as rows."""
        schema = self._inner(schema)
        if depth >= DEPTH:
            return
        for each in schema.get("anyOf") or schema.get("oneOf") or []:
            yield from self.fields(each, depth)
        needed = set(schema.get("required", ()))
        for name, inside in schema.get("properties", {}).items():
            yield self._field(name, inside, depth, needed=name in needed)
            yield from self.fields(inside, depth + 1)

    def _inner(self, schema: dict[str, Any]) -> dict[str, Any]:
        schema = self.resolve(schema)
        while schema.get("type") == "array" and "items" in schema:
            schema = self.resolve(schema["items"])
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict) and "properties" not in schema:
            return self._inner(extra)
        return schema

    def _field(
        self,
        name: str,
        schema: dict[str, Any],
        depth: int,
        *,
        needed: bool,
        told: str = "",
        place: str = "",
    ) -> Field:
        real = self.resolve(schema)
        items = self.resolve(real["items"]) if real.get("type") == "array" else real
        default = schema.get("default", real.get("default"))
        return Field(
            name=name,
            depth=depth,
            kind=self.kind(schema),
            needed=needed,
            told=told or schema.get("description") or real.get("description") or "",
            place=place,
            default="" if default is None or default == [] else json.dumps(default),
            choices=tuple(str(each) for each in items.get("enum", ())),
        )

    def example(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """A small value that fits a schema: what must be there, and nothing else."""
        schema = self.resolve(schema)
        if "example" in schema or schema.get("examples"):
            return schema.get("example") or schema["examples"][0]
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self.example(options[0], depth)
        if "enum" in schema or "const" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        match schema.get("type"):
            case "object" if depth < DEPTH:
                needed = schema.get("required", ())
                inside = schema.get("properties", {})
                return {name: self.example(inside[name], depth + 1) for name in needed}
            case "array":
                count = max(1, schema.get("minItems", 1))
                return [self.example(schema.get("items", {}), depth + 1) for _ in range(count)]
            case "string":
                return "text"
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "boolean":
                return False
        return {}
