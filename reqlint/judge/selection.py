"""Which rules are enabled, by the ids and groups that a user names."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

from reqlint.core.errors import UnknownRule
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.rule import all_rules, subjects


def enabled_rules(
    select: Collection[str] = (), ignore: Collection[str] = (), custom: CustomFolders = NO_CUSTOM
) -> frozenset[str]:
    """
    Return the ids of the enabled rules: those of *select* (all if empty) without those of *ignore*.

    Names are rule ids or subjects, which stand for all their rules.

    Raises:
        UnknownRule: a name is neither.
    """
    return frozenset(resolve_rules(select, custom) if select else all_rules(custom)) - resolve_rules(ignore, custom)


def resolve_rules(names: Iterable[str], custom: CustomFolders = NO_CUSTOM) -> frozenset[str]:
    """
    Return the ids of the rules that *names* stand for.

    Raises:
        UnknownRule: a name is neither a rule nor a group.
    """
    found: set[str] = set()
    for name in names:
        if name in all_rules(custom):
            found.add(name)
        elif name in subjects():
            found |= {rule.id for rule in all_rules(custom).values() if rule.subject == name}
        else:
            raise UnknownRule(name, [*all_rules(custom), *subjects()])
    return frozenset(found)


@cache
def rules_by_name(custom: CustomFolders = NO_CUSTOM) -> Mapping[str, frozenset[str]]:
    """Return every name that a user may give, rule ids and groups, with the rules that it stands for."""
    return {name: resolve_rules([name], custom) for name in (*all_rules(custom), *subjects())}
