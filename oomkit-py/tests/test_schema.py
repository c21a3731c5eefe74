"""The attributes, and the words their docstrings name, are those of the schemas in `schema/`."""

import inspect
import json
from pathlib import Path

import pytest

import oomkit

SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "event.schema.json").read_text(encoding="utf-8"))
COMPANION = json.loads((Path(__file__).parents[2] / "schema" / "companion.schema.json").read_text(encoding="utf-8"))
EXPLANATION = json.loads((Path(__file__).parents[2] / "schema" / "explanation.schema.json").read_text(encoding="utf-8"))
WORDS = EXPLANATION["$defs"] | COMPANION["$defs"] | SCHEMA["$defs"]
ROOTS = {"Event": SCHEMA, "Companion": COMPANION, "Explanation": EXPLANATION}
OBJECTS = ROOTS | {name: part for name, part in WORDS.items() if "properties" in part}


def test_every_object_of_the_schema_is_a_class():
    classes = {name for name, value in vars(oomkit).items() if hasattr(value, "__match_args__")}
    assert classes == set(OBJECTS)


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_every_property_is_an_attribute(name):
    assert set(getattr(oomkit, name).__match_args__) == set(OBJECTS[name]["properties"])


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_docstrings_name_the_words_that_the_schema_names(name):
    for field, about in OBJECTS[name]["properties"].items():
        references = [about.get("$ref")] + [choice.get("$ref") for choice in about.get("anyOf", [])]
        words = [
            word
            for reference in filter(None, references)
            for word in WORDS[reference.rsplit("/", 1)[-1]].get("examples", [])
        ]
        doc = inspect.getdoc(vars(getattr(oomkit, name))[field])
        if "…" in doc:
            # a long list: those it does name exist
            named = {word for word in doc.split('"')[1::2]}
            assert named <= set(words) or not words
        else:
            assert [word for word in words if f'"{word}"' not in doc] == []
