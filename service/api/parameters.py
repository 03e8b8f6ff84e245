"""Reading a request the way clients of LibreTranslate and DeepL write it.

A JSON body counts when the content type says so. Otherwise the query string and the form
(urlencoded or multipart) are one set of parameters; the query comes first where both name one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from models.errors import Cancelled
from service.api.problems import Refusal
from service.errors import ServiceError

#: What Werkzeug says to a request it cannot parse; LibreTranslate passes it on.
UNREADABLE = "The browser (or proxy) sent a request that this server could not understand."
#: Fields of the largest form that is taken.
_FORM_FIELDS = 1000


class Parameters(Mapping[str, Any]):
    """The parameters of one request; `form` says that they did not come as JSON."""

    def __init__(self, values: Mapping[str, Any], *, form: bool) -> None:
        self._values = dict(values)
        self.form = form

    def __getitem__(self, name: str) -> Any:
        """The value of a parameter."""
        return self._values[name]

    def __iter__(self) -> Any:
        """The names there are."""
        return iter(self._values)

    def __len__(self) -> int:
        """How many parameters there are."""
        return len(self._values)

    def lists(self, name: str) -> list[Any]:
        """Every value of a repeated parameter (`text=a&text=b`), or the items of a JSON list."""
        value = self._values.get(name + "[]", self._values.get(name, []))
        return value if isinstance(value, list) else [value]


async def read(request: Request, *, repeated: frozenset[str] = frozenset()) -> Parameters:
    """The parameters of a request; those named in `repeated` come as lists.

    Raises:
        Refusal: 400, the body cannot be parsed, or is JSON but not an object.
        Cancelled: the client left before its request was complete.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if content_type == "application/json" or content_type.endswith("+json"):
            return Parameters(_json(await request.body()), form=False)
        return Parameters(await _form(request, content_type, repeated), form=True)
    except ClientDisconnect:
        raise Cancelled("The caller left before its request was complete.") from None


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, UNREADABLE) from None
    if not isinstance(value, dict):
        raise Refusal(400, "Invalid JSON format")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


async def _form(request: Request, content_type: str, repeated: frozenset[str]) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = list(request.query_params.multi_items())
    if content_type == "application/x-www-form-urlencoded":
        pairs += _urlencoded(await request.body())
    elif content_type == "multipart/form-data":
        try:
            form = await request.form(max_files=8, max_fields=_FORM_FIELDS)
        except (ClientDisconnect, ServiceError):
            raise
        except Exception:  # whatever the parser meets, the form is what is wrong
            raise Refusal(400, UNREADABLE) from None
        pairs += form.multi_items()
    else:  # deep-translator sends everything in the query; what else came is read and dropped
        await request.body()
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in repeated:
            values.setdefault(name, []).append(value)
        else:
            values.setdefault(name, value)
    return values


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form; letters may stand in it as they are, as `curl -d q=…` sends them.

    Starlette reads such letters as Latin-1, so that Cyrillic would be translated as gibberish.
    """
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_FORM_FIELDS,
        )
    except UnicodeDecodeError:
        raise Refusal(400, "The form is not in UTF-8; send it so.") from None
    except ValueError:
        raise Refusal(400, UNREADABLE) from None


def fault_in_text(text: str) -> str | None:
    """What makes a text unusable: a NUL, or half of a surrogate pair; None when it is sound."""
    nul = text.find("\x00")
    if nul >= 0:
        return f"holds a NUL character at position {nul}; take it out"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"holds half of a surrogate pair at position {error.start}; send well-formed Unicode"
    return None


def uploaded(value: Any) -> UploadFile | None:
    """The value as an uploaded file, if it is one."""
    return value if isinstance(value, UploadFile) else None
