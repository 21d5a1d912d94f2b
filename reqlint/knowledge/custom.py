"""A project's own rules and profiles, checked before anything uses them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData, UnknownName
from reqlint.core.paths import is_folder, rooted
from reqlint.core.pointer import Place, to_path
from reqlint.display.escaping import sanitize
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.custom_folders import (
    PROFILE_FILES,
    CustomContents,
    CustomFile,
    CustomFolders,
    parse_files,
    read_files,
)
from reqlint.knowledge.facts import facts_of_profile, facts_of_request, placeholders
from reqlint.knowledge.parameter_list import lists_parameters, written_place
from reqlint.knowledge.validation import find_faults
from reqlint.schema.limits import subschemas
from reqlint.schema.untrusted import schema_fault
from reqlint.text.trusted_files import display_path

Folders = Iterable[str | PathLike[str]]

_MOST_PATTERNS = 200  # in the schemas of a project; each may take some megabytes once compiled


def load_custom(rules: Folders = (), profiles: Folders = ()) -> Catalog:
    """
    Return what reqlint ships with the given folders of rules and profiles, once their content is known to be usable.

    The folders are read each time, so that an edited file takes effect; equal content gives the same catalog.

    Raises:
        BadData: a file does not satisfy the schema of its kind; the message names the file and the place.
    """
    folders = CustomFolders(*(tuple(str(rooted(each)) for each in given) for given in (rules, profiles)))
    for folder in (*folders.rules, *folders.profiles):
        if "\0" in folder or not is_folder(folder):
            raise BadData(sanitize(display_path(Path(folder))), "", "is not a folder")
    return _verified(folders, read_files(folders)) if any(folders) else shipped()


@lru_cache(maxsize=64)  # a run may go through many projects, and an editor through many versions of a file
def _verified(folders: CustomFolders, files: tuple[CustomFile, ...]) -> Catalog:
    custom = parse_files(folders, files)
    if folders.profiles and not custom.profiles:
        raise BadData(
            display_path(Path(folders.profiles[0])), "", "holds no profile; each is a folder with a profile.yaml"
        )
    profiles = [*shipped().profile_names, *custom.profiles]
    for name in custom.profiles:
        _verify_profile(name, custom, profiles)
    if folders.rules and not custom.rules:
        raise BadData(display_path(Path(folders.rules[0])), "", "holds no rule; each is a file <id>.yaml")
    seen: dict[str, Path] = {}
    for path, rule in custom.rules.items():
        _verify_rule(path, rule, profiles)
        if path.stem in seen:
            raise BadData(display_path(path), "", f"{display_path(seen[path.stem])} has a rule of this id as well")
        seen[path.stem] = path
    rule_ids = {*shipped().rules, *seen}
    _verify_evidence(custom, rule_ids)
    catalog = shipped().with_custom(custom)
    schemas = [
        (file, catalog.profile(name).schema, "", files.get("delta", {}) if file.name == "delta.yaml" else {})
        for name, files in custom.profiles.items()
        if (file := _schema_file(custom, name)) is not None
    ] + [(path, rule["request"], "request", {}) for path, rule in custom.rules.items()]
    left = _MOST_PATTERNS
    for path, schema, where, delta in schemas:
        left -= _verify_schema(path, where, schema, rule_ids, delta)
        if left < 0:
            raise BadData(
                display_path(path), where, f"the schemas of the project have more than {_MOST_PATTERNS} patterns"
            )
    _verify_templates(custom, catalog)
    return catalog


_NO_REQUEST = "the rule has no request; a rule of a project is a JSON Schema for the request"


def _verify_rule(path: Path, rule: Mapping[str, Any], profiles: list[str]) -> None:
    file = display_path(path)
    _verify_form(path, rule, "rule", "the rule")
    if rule["id"] != path.stem:
        raise BadData(file, "id", f'is "{rule["id"]}", but the file is named {sanitize(path.name)}')
    if rule["id"] in shipped().rules:
        raise BadData(file, "id", f'reqlint has a rule "{rule["id"]}"; its severity can be set in the configuration')
    if "request" not in rule:
        raise BadData(file, "", _NO_REQUEST)
    for number, entry in enumerate(rule.get("evidence", ())):
        names = [entry["profile"]] if isinstance(entry["profile"], str) else entry["profile"]
        for name in names:
            if name != "*" and name not in profiles:
                raise BadData(file, f"evidence[{number}].profile", _unknown("profile", name, profiles))


def _verify_profile(name: str, custom: CustomContents, profiles: list[str]) -> None:
    files = custom.profiles[name]
    profile = files["profile"]
    path = files["folder"] / "profile.yaml"
    file = display_path(path)
    _verify_form(path, profile, "profile", "the profile")
    if profile["name"] != name:
        raise BadData(file, "name", f'is "{profile["name"]}", but the folder is named {sanitize(name)}')
    if name in shipped().profile_names:
        raise BadData(file, "name", f'reqlint has a profile "{name}"; extend it under another name')
    parent = profile.get("extends")
    if parent is not None and parent not in profiles:
        raise BadData(file, "extends", _unknown("profile", parent, profiles))
    chain = [name]
    while parent in custom.profiles:
        if parent in chain:
            raise BadData(file, "extends", f"{' extends '.join([*chain, parent])}, which never ends")
        chain.append(parent)
        parent = custom.profiles[parent]["profile"].get("extends")
    delta = files.get("delta", {})
    if "schema" not in files and lists_parameters(delta):
        _verify_form(files["folder"] / "delta.yaml", delta, "delta", "the list of parameters")
    elif "schema" not in files and "extends" not in profile:
        raise BadData(file, "", "has neither a request.json beside it nor a profile that it extends")
    facts = profile.get("facts", {})
    _verify_facts(file, "facts.", facts)
    if "facts" in files:
        path = files["folder"] / "facts.yaml"
        _verify_form(path, files["facts"], "facts", "the file")
        _verify_facts(display_path(path), "", files["facts"])
        for fact in files["facts"].keys() & facts.keys():
            raise BadData(display_path(path), fact, "stands in profile.yaml as well")


def _verify_facts(file: str, where: str, facts: Mapping[str, Any]) -> None:
    """Raise for a fact that is not built like a shipped one of its name, which the checks rely on."""
    for fact, entry in facts.items():
        for counterpart in ((shipped().profile(each).facts or {}).get(fact) for each in shipped().profile_names):
            if counterpart and entry and not _has_form_of(counterpart["value"], entry["value"]):
                raise BadData(file, f"{where}{fact}.value", "is not built like that of the profiles of reqlint")


def _verify_evidence(custom: CustomContents, rule_ids: Collection[str]) -> None:
    """Raise for evidence that cannot be used, and for a rule of the project that has none."""
    known: set[str] = set()
    for files in custom.profiles.values():
        if "evidence" in files:
            path = files["folder"] / "evidence.yaml"
            _verify_form(path, files["evidence"], "evidence", "the file")
            for rule in files["evidence"]:
                if rule not in rule_ids:
                    raise BadData(display_path(path), rule, _unknown("rule", rule, rule_ids))
            known.update(files["evidence"])
        if "answers" in files:
            path = files["folder"] / "answers.yaml"
            _verify_form(path, files["answers"], "answers", "the file")
            for rule in files["answers"]:
                if rule not in rule_ids:
                    raise BadData(display_path(path), rule, _unknown("rule", rule, rule_ids))
    for path, rule in custom.rules.items():
        if "evidence" not in rule and rule["id"] not in known:
            raise BadData(display_path(path), "", _NO_EVIDENCE)


_NO_EVIDENCE = "the rule has no evidence, neither here nor in the evidence.yaml of a profile of the project"


def _has_form_of(shipped: object, value: object) -> bool:
    """Return whether *value* has the types and keys of a *shipped* fact, which the checks rely on."""
    if type(value) is not type(shipped):
        return False
    if isinstance(value, dict) and isinstance(shipped, dict):
        if value.keys() <= shipped.keys() and shipped:
            return all(_has_form_of(shipped[key], member) for key, member in value.items())
        return all(any(_has_form_of(each, member) for each in shipped.values()) for member in value.values())
    if isinstance(value, list) and isinstance(shipped, list):
        if not shipped:
            return all(isinstance(item, str) for item in value)  # exceptions, of which the shipped list has none
        rows = [each for each in shipped if isinstance(each, dict)]
        needed = set.intersection(*map(set, rows)) if rows else set()
        return all(
            any(_has_form_of(each, item) for each in shipped) and needed <= {*(item if isinstance(item, dict) else ())}
            for item in value
        )
    return True


def _verify_templates(custom: CustomContents, catalog: Catalog) -> None:
    """Raise for a fact in a message or help that the rule never gives, which would be written as null."""
    by_profile = [facts_of_profile(catalog.profile(name).schema) for name in custom.profiles if custom.rules]
    for path, rule in custom.rules.items():
        facts = facts_of_request(rule["request"]).union(*(by_rule.get(rule["id"], ()) for by_rule in by_profile))
        for key in ("message", "help"):
            for fact in placeholders(rule.get(key, "")):
                if fact not in facts:
                    raise BadData(display_path(path), key, _unknown("fact", fact, facts))


def _schema_file(custom: CustomContents, name: str) -> Path | None:
    """Return the file that writes a profile's schema; None where the profile takes that of its parent unchanged."""
    files = custom.profiles[name]
    folder: Path = files["folder"]
    return next((folder / PROFILE_FILES[kind][0] for kind in ("schema", "delta") if kind in files), None)


def _verify_form(path: Path, loaded: Mapping[str, Any], schema: str, root: str) -> None:
    """Raise the first fault of a file under the meta schema; *root* is what messages call the whole file."""
    faults = list(find_faults(loaded, schema, root))
    # A misspelled key is likely the cause of the other faults.
    for fault in sorted(faults, key=lambda fault: not fault.what.startswith("unknown key")):
        if schema == "rule" and "request" not in loaded and not fault.what.startswith("unknown key"):
            raise BadData(display_path(path), "", _NO_REQUEST)
        raise BadData(display_path(path), to_path(fault.place), fault.what)


def _verify_schema(
    path: Path, where: str, schema: Mapping[str, Any], rule_ids: set[str], delta: Mapping[str, Any]
) -> int:
    """Raise the first fault of a JSON Schema, which may come of a *delta*; return the number of its patterns."""
    fault = schema_fault(schema)
    count = 0
    for place, each in subschemas(schema) if fault is None else ():
        count += ("pattern" in each) + len(each.get("patternProperties", ()))
        for inner, what in _extension_faults(each, rule_ids):
            fault = fault or ((*place, *inner), what)
    if fault:
        inside = to_path(written_place(fault[0], delta))
        raise BadData(display_path(path), sanitize(".".join(filter(None, [where, inside]))), sanitize(fault[1]))
    return count


def _extension_faults(schema: Mapping[str, Any], rule_ids: set[str]) -> Iterator[tuple[Place, str]]:
    """Yield reqlint's own keywords (``x-…``) in *schema* that cannot be used, with the reason."""
    named = schema.get("x-rule")
    rules = named if isinstance(named, Mapping) else {None: named} if named is not None else {}
    for keyword, rule in rules.items():
        if not isinstance(rule, str) or rule not in rule_ids:
            place = ("x-rule",) if keyword is None else ("x-rule", keyword)
            yield place, _unknown("rule", rule, rule_ids) if isinstance(rule, str) else "is no rule"
    if schema.get("x-severity", "note") not in ("error", "warning", "note"):
        yield ("x-severity",), 'takes "error", "warning" or "note"'
    member = schema.get("x-discriminator")
    if "x-discriminator" in schema and not isinstance(schema.get("properties", {}).get(str(member)), Mapping):
        yield ("x-discriminator",), "names none of the properties beside it"


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    unknown = UnknownName(name, known)
    unknown.kind = kind
    return str(unknown)
