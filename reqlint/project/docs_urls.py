"""The address of a project's own page about a rule, from a template such as ``https://docs.example/{rule}``."""

import re

_HTTP = r"(?i:https?://)"
_FORM = r"(?i:https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?[/?#][a-z0-9._~/?#&=%+:,;!{}-]*)"
_LONGEST = 500
PLACEHOLDER = "{rule}"


def fault_in_template(template: str) -> str | None:
    """
    Return why reports must not show addresses made of a *template*; None if they may.

    It is an http or https address whose host is fixed, without a user or password, and of signs that no reader of a
    report takes for anything else.
    """
    if not re.match(_HTTP, template):
        return "is no http or https address"
    if PLACEHOLDER not in template:
        return f"has no {PLACEHOLDER}, which stands for the name of the rule"
    if len(template) > _LONGEST:
        return f"has more than {_LONGEST} characters"
    rest = template.replace(PLACEHOLDER, "x")
    if not re.fullmatch(_FORM, rest) or "{" in rest or "}" in rest or PLACEHOLDER in template.split("/")[2]:
        return f"is not written like https://docs.example/rules/{PLACEHOLDER}"
    return None


def docs_url(template: str, rule: str) -> str | None:
    """Return the address of the page about a *rule*; None if there is no template."""
    return template.replace(PLACEHOLDER, rule) if template else None
