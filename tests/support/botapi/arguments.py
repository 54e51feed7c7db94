"""A call's parameters, however they came: query string, form, multipart with files, or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.support.botapi.errors import bad

_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)')
_NAME: Final = re.compile(r'[; ]name="([^"]*)"')
_FILE: Final = re.compile(r'[; ]filename="([^"]*)"')
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    data: bytes


def decoded(content_type: str, query: bytes, body: bytes) -> dict[str, Any]:
    """The parameters: strings and Uploads; what a JSON body holds beside strings is its text. Raises Refused."""
    params: dict[str, Any] = {}
    if query:
        params.update(parse_qsl(query.decode(), keep_blank_values=True))
    if not body:
        return params
    if content_type.startswith("application/json"):
        try:
            params.update({name: _text(value) for name, value in json.loads(body).items()})
        except (ValueError, AttributeError):
            raise bad("Can't parse JSON object") from None
    elif content_type.startswith("multipart/form-data"):
        params.update(_multipart(content_type, body))
    else:
        params.update(parse_qsl(body.decode("utf-8", "surrogatepass"), keep_blank_values=True))
    return params


def _text(value: object) -> str:
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) else _ENCODER.encode(value)


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise bad("boundary is missing")
    out: dict[str, Any] = {}
    for section in body.split(b"--" + found[1].encode())[1:-1]:
        head, _, data = section.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        header = head.decode("utf-8", "replace")
        name = _NAME.search(header)
        if name is None:
            continue
        data = data.removesuffix(b"\r\n")
        file = _FILE.search(header)
        out[name[1]] = Upload(file[1], data) if file else data.decode("utf-8", "surrogatepass")
    return out


class Args(Mapping[str, Any]):
    """A call's parameters, read as their types. Like Telegram it is lenient: numbers may be strings."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def __iter__(self) -> Any:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)

    def text(self, name: str) -> str:
        """A string, "" if not given."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """An integer; what is no number counts as 0, as it does on Telegram."""
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return 0

    def flag(self, name: str) -> bool:
        """A boolean."""
        value = self.params.get(name)
        return value is True or str(value).lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """A JSON-serialized value, None if not given. Raises Refused "can't parse `what` JSON object"."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"Can't parse {what} JSON object") from None

    def user(self) -> int:
        """`user_id`."""
        number = self.integer("user_id")
        if number <= 0:
            raise bad("Invalid user_id specified")
        return number
