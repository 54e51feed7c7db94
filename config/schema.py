"""The JSON Schema of community files, from the same models that check them: for editors that complete and underline."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import BaseModel

from config.chapter import Heading
from config.descriptions import chinese
from config.problems import Language
from config.sections import SECTIONS
from workflows import actions, awards, ladder, onboarding_options, rule_options, tier_options

_BY_FIELD = (onboarding_options.Introduction, onboarding_options.Posts)
"""Models whose short form is read by the fields that hold them."""


def community(language: Language = "en") -> dict[str, Any]:
    """One schema for a whole community file, explained in a language.

    `!file` stands for any value; editors without that tag may complain.
    """
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    models: list[tuple[type[BaseModel], str | None]] = [(s.model, s.under) for s in SECTIONS]
    models = [(Heading, None), *models]
    for model, under in models:
        made = _made(model)
        definitions |= made.pop("$defs", {})
        if under is not None:
            properties[under] = made
        else:
            properties |= {key: value for key, value in made.get("properties", {}).items() if key not in properties}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A community of Yaji",
        "type": "object",
        "additionalProperties": False,
        "required": ["community"],
        "properties": properties,
        "$defs": {name: _loosened(definitions[name]) for name in sorted(definitions)},
    }
    return whole if language == "en" else _in_chinese(whole)


@cache
def written(language: Language = "en") -> str:
    """The schema as it stands in a file."""
    return json.dumps(community(language), ensure_ascii=False, indent=2) + "\n"


def _in_chinese(part: Any) -> Any:
    """The same, with the descriptions in Chinese."""
    match part:
        case dict():
            return {
                key: chinese().get(value, value)
                if key == "description" and isinstance(value, str)
                else _in_chinese(value)
                for key, value in part.items()
            }
        case list():
            return [_in_chinese(each) for each in part]
        case _:
            return part


def _loosened(definition: dict[str, Any]) -> dict[str, Any]:
    """A model that also reads a short form takes more than its mapping; the schema must not call that wrong."""
    if definition.get("title") not in _SHORT:
        return definition
    return {
        "title": definition["title"],
        "anyOf": [definition, {"type": ["string", "number", "boolean", "array", "null"]}],
    }


def _reads_short(model: type[BaseModel]) -> bool:
    return any(each.info.mode == "before" for each in model.__pydantic_decorators__.model_validators.values())


_SHORT = frozenset(
    model.__name__
    for module in (actions, awards, ladder, onboarding_options, rule_options, tier_options)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and (_reads_short(model) or model in _BY_FIELD)
)


def _made(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
