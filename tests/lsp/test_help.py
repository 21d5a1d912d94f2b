"""What is shown and offered at the cursor: pages of rules, parameters, keys and words of the API that judges."""

import json
from pathlib import Path

import pytest

from reqlint.lsp.completion import completions
from reqlint.lsp.hover import hover
from reqlint.lsp.positions import TextPositions
from reqlint.lsp.workspace import EditorWorkspace

CURSOR = "│"


def offered(text: str, name: str = "a.json", profile: str = "openai") -> list[str]:
    """Return the labels that are offered at the cursor."""
    return [item["label"] for item in _items(text, name, profile)]


def _items(text: str, name: str, profile: str) -> list[dict]:  # type: ignore[type-arg]  # of the protocol
    at = text.index(CURSOR)
    workspace, uri = EditorWorkspace({"profile": profile}, isolated=True), f"file:///x/{name}"
    workspace.open(uri, text.replace(CURSOR, ""), 1)
    analysis = workspace.analyse(uri)
    assert analysis is not None
    return completions(analysis, at)


ROLES = ["developer", "system", "user", "assistant", "tool", "function"]
CHAT = '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]'


@pytest.mark.parametrize(
    ("text", "name", "some"),
    [
        ('{"model": "gpt-4o", "messages": [{"role": "│"}]}', "a.json", ROLES),
        ('{"model": "gpt-4o", "messages": [{"role": │}]}', "a.json", ROLES),
        ('{"model": "gpt-4o", "messages": [{"role": "us│er"}]}', "a.json", ROLES),
        ('{"model": "gpt-4o", "messages": [{"role": "user", │}]}', "a.json", ["name", "content"]),
        ('{"model": "gpt-4o", "messages": [{"role": "user", "content": [{"type": "│', "a.json", ["text", "image_url"]),
        (CHAT + ', "te│', "a.json", ["temperature"]),
        (CHAT + ',\n "te│"\n}', "a.json", ["temperature"]),
        (CHAT + ',\n │\n}', "a.json", ["temperature"]),
        (CHAT + ',\n te│\n}', "a.json", ["temperature"]),
        (CHAT + ', "stream": │}', "a.json", ["true", "false"]),
        (CHAT + ', "tool_choice": "│"}', "a.json", ["auto", "none", "required"]),
        ("\n" + CHAT + ', "te│"}\n' + CHAT + "}\n", "a.jsonl", ["temperature"]),
        ("model: gpt-4o\nte│\nmessages: []\n", "a.yaml", ["temperature"]),
        ("model: gpt-4o\nmessages:\n  - ro│\n", "a.yaml", ["role"]),
        ("model: gpt-4o\nmessages:\n  - role: us│\n", "a.yaml", ROLES),
        ("model: gpt-4o\nmessages:\n  - role: user\n    │\n", "a.yaml", ["content"]),
        ("model: gpt-4o\nmessages: []\nmodalities:\n  - te│\n", "a.yaml", ["text", "audio"]),
        ('{"│', "a.json", ["model", "messages"]),
    ],
)  # fmt: skip
def test_keys_and_words_of_the_profile_are_offered(text: str, name: str, some: list[str]) -> None:
    """Whatever state the text is in, and only what may stand there."""
    found = offered(text, name)
    assert set(some) <= set(found)
    if some is ROLES:
        assert found == ROLES
    assert "model" not in found or text.startswith('{"│')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CHAT + ', "tools": [{"type": "function", "function": {"name": "f", "parameters": {"│"}}}]}', "a.json"),
        ('{"name": "x", "│"}', "package.json"),
        ("model│: {", "a.yaml"),
        ("│", "a.json"),
        ('"│', "a.json"),
        ("[" * 5000 + "│", "a.json"),
    ],
)
def test_nothing_is_offered_where_the_profile_says_nothing(text: str, name: str) -> None:
    """In a schema of the user's own, in what is no request, and in what cannot be read."""
    assert offered(text, name, "auto") == []


def test_an_item_replaces_the_token_and_is_documented() -> None:
    """With its quotes, and with a colon where none stands there; what is required comes first, deprecated keys last."""
    items = _items(CHAT[:-1] + ', {"ro│": "user"}]}', "a.json", "openai")
    [role] = [item for item in items if item["label"] == "role"]
    assert role["textEdit"]["newText"] == role["filterText"] == '"role"'
    assert role["sortText"] == "0role"
    assert role["documentation"]["value"].startswith("**role**  string, required\n\nWho speaks.")
    items = _items(CHAT + ", max│}", "a.json", "openai")
    [limit] = [item for item in items if item["label"] == "max_tokens"]
    assert (limit["textEdit"]["newText"], limit["filterText"], limit["tags"]) == ('"max_tokens": ', "max_tokens", [1])
    [yaml] = [item for item in _items("model: gpt-4o\nmessages: []\nn│\n", "a.yaml", "openai") if item["label"] == "n"]
    assert yaml["textEdit"]["newText"] == '"n": '  # a reader of YAML 1.1 takes it for false


def shown(text: str, name: str = "a.json") -> str:
    """Return what is shown at the cursor, as Markdown; an empty text if nothing is."""
    at = text.index(CURSOR)
    text = text.replace(CURSOR, "")
    workspace, uri = EditorWorkspace({"profile": "openai"}, isolated=True), Path(f"/x/{name}").as_uri()
    workspace.open(uri, text, 1)
    analysis = workspace.analyse(uri)
    assert analysis is not None
    found = hover(analysis, TextPositions(text).position(at))
    return found["contents"]["value"] if found else ""


def test_a_finding_shows_the_page_of_its_rule() -> None:
    """What it says, what the API does, and the evidence."""
    page = shown('{"model": "gpt-4o", "messages": [], "n": 5│00}')
    assert page.startswith("**out-of-range** (error): n is 500; this API takes from 1 to 128\n\nhelp: ")
    assert "| openai | error | refuses it | [documented](" in page


def test_a_key_shows_what_the_profile_knows_of_it() -> None:
    """In JSON and in YAML; a value shows nothing."""
    assert shown(CHAT + ', "temp│erature": 1}').startswith("**temperature**  number or null, default 1, at least 0")
    assert shown("model: gpt-4o\nmessages: []\ntop│_p: 1\n", "a.yaml").startswith("**top_p**")
    assert shown(CHAT + ', "temperature": │1}') == ""


@pytest.mark.parametrize("odd", ["[x](command:evil)", "![x](http://host/x)", "<img src=x>", "`a`", "**b**"])
def test_markdown_of_a_payload_is_text(odd: str) -> None:
    """No link, picture or tag comes of what a request says."""
    page = shown(json.dumps({"model": "gpt-4o", "messages": [], "│" + odd: 1}, ensure_ascii=False))
    head = page.split("\n\n")[0]
    assert head.startswith("**unknown-field** (error): `")
