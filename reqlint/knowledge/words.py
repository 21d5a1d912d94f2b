"""The words that schemas of APIs document, which messages may show because they are no secret of a payload."""

from collections.abc import Iterator, Mapping

DocumentedWords = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Property name → word → the names of the profiles that take it."""


def documented_words(schemas: Mapping[str, object]) -> DocumentedWords:
    """Return the words in the *schemas* of profiles, by profile name."""
    words: dict[str, dict[str, list[str]]] = {}
    for name, schema in schemas.items():
        for key, word in _words(schema):
            takers = words.setdefault(key, {}).setdefault(word, [])
            if name not in takers:
                takers.append(name)
    return {key: {word: tuple(takers) for word, takers in by_word.items()} for key, by_word in words.items()}


def words_of_schema(schema: object) -> tuple[object, ...]:
    """Return the values that a subschema lists, itself or in a branch for one of several types."""
    if not isinstance(schema, Mapping):
        return ()
    if "enum" in schema or "const" in schema:
        return tuple(schema.get("enum", (schema.get("const"),)))
    branches = [schema.get("then"), *(branch.get("then", branch) for branch in schema.get("allOf", ()))]
    return next((words for words in map(words_of_schema, branches) if words), ())


def _words(schema: object) -> Iterator[tuple[str, str]]:
    if isinstance(schema, Mapping):
        for key, subschema in schema.get("properties", {}).items():
            for word in words_of_schema(subschema):
                if isinstance(word, str):
                    yield key, word
        for subschema in schema.values():
            yield from _words(subschema)
    elif isinstance(schema, list):
        for subschema in schema:
            yield from _words(subschema)
