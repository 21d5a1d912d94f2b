"""Which judge is asked about which request: that of a named profile, or the one its host or model points to."""

from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from os import PathLike

from reqlint.containers.envelope import Envelope, Kind
from reqlint.core.errors import UnknownProfile
from reqlint.core.findings import Severity
from reqlint.core.json_values import to_json_value
from reqlint.judge.judge import Judge, Overrides, judge_for
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.knowledge.profile_choice import AUTO, FALLBACK, Choice, choose_profile


class Judges:
    """
    The judges of one linter: one for each profile, all with the same rules. Arguments as `reqlint.Linter`.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: a rule or profile of the project is not what it should be.
    """

    __slots__ = ("_by_name", "_enabled", "_engine", "_overrides", "_profile_of", "catalog", "default", "is_auto")

    def __init__(
        self,
        profile: str,
        select: Collection[str],
        ignore: Collection[str],
        severity: Mapping[str, Severity | str],
        rules: Collection[str | PathLike[str]],
        profiles: Collection[str | PathLike[str]],
        engine: str | None,
    ) -> None:
        self.catalog: Catalog = _load_custom(rules, profiles) if rules or profiles else shipped()
        self._enabled = self.catalog.enabled_rules(select, ignore)
        groups_first = sorted(severity.items(), key=lambda setting: setting[0] not in self.catalog.subjects)
        self._overrides: Overrides = tuple(
            (rule, None if setting == "off" else Severity(setting))
            for name, setting in groups_first
            for rule in sorted(self.catalog.resolve_rules([name]))
        )
        self._engine = engine
        self._profile_of = lru_cache(maxsize=1024)(partial(choose_profile, self.catalog))
        self.is_auto = profile == AUTO  #: whether each request is judged by the profile it seems to be for
        # With `auto`, text that cannot be read is reported under the default profile.
        try:
            self.default: Judge = self.named(DEFAULT_PROFILE if self.is_auto else profile)
        except UnknownProfile:
            raise UnknownProfile(profile, [*self.catalog.profile_names, AUTO]) from None
        self._by_name = (self.default, Choice(profile, ""))

    def named(self, profile: str) -> Judge:
        """Return the judge of a profile, compiled once in a process."""
        return judge_for(self.catalog, profile, self._enabled, self._engine, self._overrides)

    def choose(self, envelope: Envelope) -> tuple[Judge, Choice]:
        """Return the judge of a request, and why it is this one."""
        if envelope.kind is Kind.FINETUNE and (self.is_auto or not self.knows_training_files):
            return self.named(FALLBACK), Choice(FALLBACK, "training examples")
        if not self.is_auto:
            return self._by_name
        choice = self._profile_of(envelope.url, _model_of(envelope.value))
        return self.named(choice.profile), choice

    @property
    def knows_training_files(self) -> bool:
        """Whether a conversation without a model may be a line of a training file."""
        return self.is_auto or Kind.FINETUNE in (self.default.profile.lines or {})


def _load_custom(rules: Collection[str | PathLike[str]], profiles: Collection[str | PathLike[str]]) -> Catalog:
    from reqlint.knowledge.custom import load_custom  # imports what reads YAML and checks schemas

    return load_custom(rules, profiles)


def _model_of(request: object) -> str | None:
    if type(request) is dict:
        model = request.get("model")
        if type(model) is str:
            return model
        if model is None:
            return None
    value, _ = to_json_value(request)
    model = value.get("model") if isinstance(value, dict) else None
    return model if isinstance(model, str) else None
