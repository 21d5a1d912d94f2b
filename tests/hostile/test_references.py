"""References inside schemas stay inside them: nothing that a rule or a schema refers to elsewhere is opened."""

from pathlib import Path

import pytest
from referencing.exceptions import Unresolvable

from reqlint.schema.validators import REFERENCE, compile_validator
from tests.support.everything import HIDDEN, REMOTE, write_project
from tests.support.scratch import Scratch

ASTRAY = [
    *(f'$ref: "{place}"' for place in (REMOTE, f"file:///{HIDDEN}", HIDDEN, "//remote", "#", "#/$defs/missing")),
    '$ref: "#here", $anchor: here',
    '$ref: "#/properties/model"',
    '$dynamicRef: "#here"',
    f'$id: "{REMOTE}"',
]


@pytest.mark.parametrize("engine", ["reference", "accelerated"])
@pytest.mark.parametrize("reference", ASTRAY)
def test_a_reference_stays_in_its_schema(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, engine: str, reference: str
) -> None:
    """With both engines a reference out of a rule is one error sentence with its place, and is not followed."""
    monkeypatch.setenv("REQLINT_ENGINE", engine)
    scratch.write(HIDDEN, '{"type": "object"}')
    write_project(scratch.folder / "project", scratch.folder / HIDDEN)
    monkeypatch.chdir(scratch.folder / "project" / "evil" / "remote")
    rule = Path("rules/remote-rule.yaml")
    rule.write_text(rule.read_text("utf-8").replace(f'$ref: "{REMOTE}"', reference), "utf-8")
    done = scratch.run("check", "--config", "rule.toml", "../../requests/remote.json")
    assert done.code == 2
    assert done.err.startswith("error: rules/remote-rule.yaml: request.properties.metadata.$"), done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("reference", [REMOTE, f"file:///{HIDDEN}", "ftp://127.0.0.1:9/x", "other.json"])
def test_the_reference_engine_itself_fetches_nothing(monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    """Even a schema that was not checked before cannot make jsonschema open the address it refers to."""
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("it was opened"))
    engine = compile_validator([{"$id": "reqlint:tried", "properties": {"a": {"$ref": reference}}}], REFERENCE)
    with pytest.raises(Unresolvable):
        list(engine.failures({"a": 1}))
