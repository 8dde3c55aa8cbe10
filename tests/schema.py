"""The JSON Schema of the record, as the package ships it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads(files("vovcrawler").joinpath("record.schema.json").read_text(encoding="utf-8"))
_VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problems(record: dict[str, Any]) -> list[str]:
    """Return what is wrong with *record*, each with the place where it is."""
    return [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(record)]
