"""Kinds of list, each with its ends: without repeats, with repeats where they mean something, and by slug."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Distinct:
    """A list in which nothing stands twice: no item, or of objects none with the same `by`, the names of its fields."""

    most: int
    least: int = 0
    by: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        key: Callable[[object], object] = attrgetter(*self.by) if self.by else _itself
        items = _bounded(handler(source), self.least, self.most)

        def check(found: Sequence[object]) -> Sequence[object]:
            keys = [key(item) for item in found]
            if len(set(keys)) < len(keys):
                second = next(n for n, one in enumerate(keys) if one in keys[:n])
                raise PydanticCustomError(
                    "item_twice",
                    "onderdeel {second} is hetzelfde als onderdeel {first}: elk hoogstens één keer",
                    {"first": keys.index(keys[second]) + 1, "second": second + 1},
                )
            return found

        return core_schema.no_info_after_validator_function(check, items)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "uniqueItems": True, "x-kind": "distinct"}


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A list in which the same may stand again, as scores do, or actions that two people write down alike."""

    most: int
    least: int = 0

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _bounded(handler(source), self.least, self.most)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "x-kind": "repeatable"}


@dataclass(frozen=True, slots=True)
class BySlug:
    """An object whose keys are ids that its sender chooses."""

    most: int
    least: int = 0

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _bounded(handler(source), self.least, self.most)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        said = handler(schema)
        # Pydantic's `patternProperties` would leave other keys free.
        ((pattern, values),) = said.pop("patternProperties").items()
        return {**said, "propertyNames": {"pattern": pattern}, "additionalProperties": values, "x-kind": "by-slug"}


def _bounded(schema: CoreSchema, least: int, most: int) -> CoreSchema:
    match schema["type"]:
        case "list" | "dict":
            return {**schema, **({"min_length": least} if least else {}), "max_length": most}
        case other:
            raise TypeError(f"expected a list or dict, got {other}")


def _itself(item: object) -> object:
    return item
