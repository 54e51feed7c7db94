"""What the conditions and texts of an options field may speak of.

    if_: Annotated[Condition, Speaks("member", "msg")] = Field(alias="if")

Whatever is spoken of is checked when the field is read from YAML (see vocabulary).
"""

from __future__ import annotations

from typing import Any, Protocol, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from workflows.expressions import Vocabulary


class _Spoken(Protocol):
    @classmethod
    def written(cls, written: object, vocabulary: Vocabulary) -> Any: ...

    @staticmethod
    def json_schema() -> dict[str, object]: ...


class Speaks:
    """For an options field: what its condition or text may speak of.

    `Annotated[Condition, Speaks("member", "msg")]`, `Annotated[Text, Speaks("member", "check_in")] | None`.
    """

    def __init__(self, *names: str) -> None:
        self.vocabulary = Vocabulary.of(*names)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        if not hasattr(source, "written"):
            raise TypeError(
                f"Speaks belongs to a Condition or Text itself, not to {source}: Annotated[Text, Speaks(...)] | None"
            )
        spoken = cast("type[_Spoken]", source)

        def read(written: object) -> Any:
            return written if isinstance(written, source) else spoken.written(written, self.vocabulary)

        self._written_as = spoken.json_schema()
        return core_schema.no_info_plain_validator_function(read, serialization=core_schema.to_string_ser_schema())

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self._written_as)
