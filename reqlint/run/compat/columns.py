"""The columns of the table: each way in which an API can be sent a tool."""

from collections.abc import Sequence

from reqlint.core.errors import UnknownName
from reqlint.core.records import dataclass
from reqlint.dialects.vocabulary import ToolWay
from reqlint.judge.judge import Judge
from reqlint.knowledge.catalog import Catalog
from reqlint.run.judges import Judges


class UnknownColumn(UnknownName):
    """No API can be sent tools under this name."""

    kind = "API"


@dataclass(frozen=True, slots=True)
class Column:
    """One way in which an API can be sent a tool."""

    name: str
    judge: Judge
    way: ToolWay

    @property
    def dialect(self) -> str:
        """The wire shape of its requests."""
        return self.judge.profile.dialect

    @property
    def is_plain(self) -> bool:
        """Whether this is the way that the profile's own name stands for."""
        return self.name == self.judge.profile.name


def column_names(catalog: Catalog) -> dict[str, str]:
    """Return the names of all columns, and the profile of each, in the order of profiles."""
    return {name: profile for profile in catalog.profile_names for name in catalog.profile(profile).ways}


def columns(judges: Judges, names: Sequence[str] = ()) -> list[Column]:
    """
    Return the columns of these *names*, or all of them.

    Raises:
        UnknownColumn: there is none of a name; the message has a suggestion.
    """
    known = column_names(judges.catalog)
    for name in names:
        if name not in known:
            raise UnknownColumn(name, known)
    wanted = [name for name in known if name in names] if names else list(known)
    return [
        Column(name, judge := judges.named(known[name]), judge.profile.ways[name]) for name in dict.fromkeys(wanted)
    ]
