"""What a client of an older contract would trip over in a newer one. docs/api.md tells the rules to people.

Commands and requests may take more than they took; events and answers may not give anything that a client
does not expect, except for fields and values that it is told to ignore.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
# In a request each bound may only be loosened: upwards, or downwards.
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


def broken_by(old: Json, new: Json) -> list[str]:
    """Of two documents of the same kind; empty if every client of the old one gets on with the new one."""
    compare = _rest if "openapi" in old else _events
    return list(compare(old, new))


# --- REST --------------------------------------------------------------------------------------


def _rest(old: Json, new: Json) -> Iterator[str]:
    pair = Pair(old, new)
    for path, methods in old["paths"].items():
        for method in METHODS:
            if method in methods:
                place = f"{method.upper()} {path}"
                there = new["paths"].get(path, {}).get(method)
                yield from _operation(pair, place, methods[method], there)


def _operation(pair: Pair, place: str, old: Json, new: Json | None) -> Iterator[str]:
    if new is None:
        yield f"{place} is gone"
        return
    yield from _parameters(pair, place, old.get("parameters", []), new.get("parameters", []))
    yield from _body(pair, place, old.get("requestBody"), new.get("requestBody"))
    yield from _answers(pair, place, old["responses"], new["responses"])
    for scheme in old.get("security", [{}]):
        if scheme not in new.get("security", [{}]):
            yield f"{place} is no longer open to {scheme or 'everybody'}"


def _parameters(pair: Pair, place: str, old: list[Json], new: list[Json]) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in old}
    after = {(one["in"], one["name"]): one for one in new}
    for key, one in before.items():
        if key not in after:
            # What is not known is refused.
            yield f"{place} no longer takes {key[1]}"
            continue
        yield from pair.taken(one["schema"], after[key]["schema"], f"{place} {key[1]}")
    for key, one in after.items():
        if one.get("required") and not before.get(key, {}).get("required"):
            yield f"{place} needs {key[1]}"


def _body(pair: Pair, place: str, old: Json | None, new: Json | None) -> Iterator[str]:
    if new and new.get("required") and not (old and old.get("required")):
        yield f"{place} needs a body"
    for kind, content in (old or {}).get("content", {}).items():
        there = (new or {}).get("content", {}).get(kind)
        if there is None:
            yield f"{place} no longer takes {kind}"
            continue
        yield from pair.taken(content["schema"], there["schema"], place)


def _answers(pair: Pair, place: str, old: Json, new: Json) -> Iterator[str]:
    """Refusals are told by their class, and may be new; what is done must be what it was."""
    done = {status for status in old if status < "400"}
    for status in done ^ {status for status in new if status < "400"}:
        yield f"{place} answers {status} " + ("no more" if status in done else "as well")
    for status in done & set(new):
        for kind, content in old[status].get("content", {}).items():
            there = new[status].get("content", {}).get(kind)
            if there is None:
                yield f"{place} no longer answers with {kind}"
                continue
            yield from pair.given(content["schema"], there["schema"], place)


# --- The socket --------------------------------------------------------------------------------


def _events(old: Json, new: Json) -> Iterator[str]:
    pair = Pair(old, new)
    for name, operation in old["operations"].items():
        there = new["operations"].get(name)
        if there is None:
            yield f"{name} is gone"
            continue
        before, after = _payload(old, name), _payload(new, name)
        compare = pair.taken if operation["action"] == "receive" else pair.given
        yield from compare(before, after, name)
        for answer in _replies(there) - _replies(operation):
            yield f"{name} is answered by {answer}"


def _payload(document: Json, name: str) -> Json:
    payload: Json = document["components"]["messages"][name]["payload"]
    return payload


def _replies(operation: Json) -> set[str]:
    return {one["$ref"] for one in operation.get("reply", {}).get("messages", [])}


# --- Schemas -----------------------------------------------------------------------------------


@dataclass
class Pair:
    """The two documents in which references are looked up."""

    old: Json
    new: Json
    # Shapes that hold each other would be compared for ever.
    _compared: set[tuple[str, str, str]] = field(default_factory=set)

    def taken(self, old: Json, new: Json, place: str) -> Iterator[str]:
        """All that could be sent still can be."""
        if self._is_known("taken", old, new):
            return
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        for before in _variants(self.old, old):
            tries = [
                list(self._taken_one(before, after, place)) for after in _variants(self.new, new)
            ]
            if all(tries):
                yield from min(tries, key=len)

    def given(self, old: Json, new: Json, place: str) -> Iterator[str]:
        """All that is answered could have been answered before, but for more fields and values."""
        if self._is_known("given", old, new):
            return
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        for after in _variants(self.new, new):
            tries = [
                list(self._given_one(before, after, place)) for before in _variants(self.old, old)
            ]
            if all(tries):
                yield from min(tries, key=len)

    def _is_known(self, direction: str, old: Json, new: Json) -> bool:
        if "$ref" not in old or "$ref" not in new:
            return False
        key = (direction, old["$ref"], new["$ref"])
        is_known = key in self._compared
        self._compared.add(key)
        return is_known

    def _taken_one(self, old: Json, new: Json, place: str) -> Iterator[str]:
        if not _types(old) <= _types(new):
            yield f"{place} no longer takes {_named(_types(old) - _types(new))}"
        if missing := [
            value for value in _values(old) or [] if value not in (_values(new) or [value])
        ]:
            yield f"{place} no longer takes {missing}"
        if _values(new) is not None and _values(old) is None:
            yield f"{place} takes {_values(new)} only"
        yield from _tightened(old, new, place)
        for name in set(new.get("required", [])) - set(old.get("required", [])):
            yield f"{place}.{name} is needed"
        yield from self._fields(old, new, place, self.taken, is_closed=_is_closed(new))
        yield from self._inside(old, new, place, self.taken)

    def _given_one(self, old: Json, new: Json, place: str) -> Iterator[str]:
        if not _types(new) <= _types(old):
            yield f"{place} may be {_named(_types(new) - _types(old))}"
        if _is_a_constant(old) and _values(new) != _values(old):
            yield f"{place} was always {_values(old)}"
        for name in set(old.get("required", [])) - set(new.get("required", [])):
            yield f"{place}.{name} may be missing"
        yield from self._fields(old, new, place, self.given, is_closed=True)
        yield from self._inside(old, new, place, self.given)

    def _fields(
        self, old: Json, new: Json, place: str, compare: Any, *, is_closed: bool
    ) -> Iterator[str]:
        after = new.get("properties", {})
        for name, schema in old.get("properties", {}).items():
            if name in after:
                yield from compare(schema, after[name], f"{place}.{name}")
            elif is_closed:
                yield f"{place}.{name} is gone"

    def _inside(self, old: Json, new: Json, place: str, compare: Any) -> Iterator[str]:
        for keyword in ("items", "additionalProperties"):
            before, after = old.get(keyword), new.get(keyword)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from compare(before, after, f"{place}[]")


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        place: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        schema = place
    return schema


def _variants(document: Json, schema: Json) -> list[Json]:
    inner = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if not inner:
        return [schema]
    return [one for each in inner for one in _variants(document, _resolved(document, each))]


def _types(schema: Json) -> set[str]:
    """Without a type, whatever its values are; without either, one that nothing else is."""
    types = schema.get("type")
    if isinstance(types, str):
        return {types}
    return set(types or (["string"] if _values(schema) else ["anything"]))


def _values(schema: Json) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _is_a_constant(schema: Json) -> bool:
    return "const" in schema


def _is_closed(schema: Json) -> bool:
    return schema.get("additionalProperties") is False


def _tightened(old: Json, new: Json, place: str) -> Iterator[str]:
    for keyword in UPPER:
        if keyword in new and new[keyword] < old.get(keyword, float("inf")):
            yield f"{place} has a lower {keyword}"
    for keyword in LOWER:
        if keyword in new and new[keyword] > old.get(keyword, float("-inf")):
            yield f"{place} has a higher {keyword}"
    for keyword in ("pattern", "format"):
        if keyword in new and new[keyword] != old.get(keyword):
            yield f"{place} has another {keyword}"
    if _is_closed(new) and not _is_closed(old) and old.get("type") == "object":
        yield f"{place} takes no other fields any more"


def _named(types: set[str]) -> str:
    return " or ".join(sorted(types))
