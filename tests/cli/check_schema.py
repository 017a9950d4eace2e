"""check_schema.py SCHEMA CONFIG...: the schema takes the configs and refuses what is wrong."""
import json
import sys

import jsonschema
import yaml

WRONG = [
    {"optimizer": {"lr": -1}},
    {"optimizer": {"momentum": 1}},
    {"optimizer": {"momentun": 0.5}},
    {"optimiser": {}},
    {"train": {"epochs": "3"}},
    {"train": {"epochs": 1.5}},
    {"augment": {"flip": "yes"}},
    {"augment": {"flip": "true"}},
    {"train": {"sync_bn": "yes"}},
    {"schedule": {"name": "cosinus"}},
    {"dataset": {"path": 7}},
    {"model": []},
    {"input": {"s3": "s3://bucket"}},
    {"input": {"s3": {"bucket": "s3://bucket"}}},
    {"output": {"http": {"url": 7}}},
    {"inputMode": "rwx"},
    {"continuousOutputSync": "yes"},
    [],
]


def defaults(entry):
    """Of a key, or of a section with the sections in it."""
    if "properties" not in entry:
        return entry["default"]
    return {name: defaults(inner) for name, inner in entry["properties"].items()}


def main(schema_path, *config_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for path in config_paths:
        with open(path, encoding="utf-8") as file:
            for error in validator.iter_errors(yaml.safe_load(file)):
                sys.exit(f"{path}: {error.message}")
    for config in WRONG:
        if validator.is_valid(config):
            sys.exit(f"the schema takes {config}")
    for name, entry in schema["properties"].items():
        validator.validate({name: defaults(entry)})


main(*sys.argv[1:])
