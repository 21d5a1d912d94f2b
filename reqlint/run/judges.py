"""Which judge is asked about which request: that of a named profile, or the one its host or model points to."""

from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from os import PathLike

from reqlint.containers.envelope import Envelope, Kind
from reqlint.core.errors import UnknownProfile
from reqlint.core.findings import Severity
from reqlint.core.json_values import to_json_value
from reqlint.dialects.registry import CHAT, dialect_named, dialect_of, is_endpoint
from reqlint.judge.judge import Judge, Models, Overrides, judge_for
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.evidence import EVERY_PROFILE
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.knowledge.profile_choice import AUTO, TRAINING, Choice, choose_for_tools, choose_profile

_MOST_CHOSEN = 1024  # addresses with models whose judge is remembered


class Judges:
    """
    The judges of one linter: one for each profile, all with the same rules. Arguments as `reqlint.Linter`.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: a rule or profile of the project is not what it should be.
    """

    __slots__ = (
        "_default", "_enabled", "_engine", "_expects_many", "_has_compiled", "_models", "_of_chat", "_overrides",
        "_profile_of", "catalog", "dialect", "is_auto", "named_one",
    )  # fmt: skip

    def __init__(
        self,
        profile: str,
        select: Collection[str],
        ignore: Collection[str],
        severity: Mapping[str, Severity | str],
        rules: Collection[str | PathLike[str]],
        profiles: Collection[str | PathLike[str]],
        engine: str | None,
        models: Mapping[str, str],
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
        self._models: Models = tuple(sorted(models.items()))
        self._profile_of = lru_cache(maxsize=1024)(partial(choose_profile, self.catalog))
        self._of_chat: dict[tuple[str, str], tuple[Judge, Choice]] = {}  # by address and model
        self.is_auto = profile == AUTO  #: whether each request is judged by the profile it seems to be for
        self._expects_many = self._has_compiled = False
        self._default: Judge | None = None
        self.named_one: tuple[Judge, Choice] | None = None  #: the judge of the named profile; None with ``auto``
        self.dialect: str | None = None  #: the wire shape of the named profile's requests; None with ``auto``
        if not self.is_auto:
            try:
                self._default = self.named(profile)
            except UnknownProfile:
                raise UnknownProfile(profile, [*self.catalog.profile_names, AUTO]) from None
            self.named_one = (self._default, Choice(profile, ""))
            self.dialect = self._default.dialect.name

    @property
    def default(self) -> Judge:
        """The judge of the named profile; with ``auto`` that of what belongs to no request, such as unreadable text."""
        if self._default is None:
            self._default = self.named(DEFAULT_PROFILE)
        return self._default

    def named(self, profile: str) -> Judge:
        """Return the judge of a profile, compiled once in a process."""
        judge = judge_for(self.catalog, profile, self._enabled, self._engine, self._overrides, self._models)
        if self._expects_many:
            # The profile of the first request is that of most; what the others have to judge is not known.
            if self._has_compiled:
                judge.expect_many()
            else:
                self._has_compiled = True
                judge.compile_now()
        return judge

    def expect_many(self) -> None:
        """Prepare for many requests; with ``auto`` it is not known yet which judges will be asked about them."""
        if self.is_auto:
            self._expects_many = True
        else:
            self.default.compile_now()

    def _borrowed(self, profile: str) -> Judge:
        """Return the judge of a profile for requests to somebody else: what only its own API refuses is a warning."""
        lowered = errors_of_api(self.named(profile))
        overrides = (*((rule, Severity.WARNING) for rule in lowered), *self._overrides)
        return judge_for(self.catalog, profile, self._enabled, self._engine, overrides, self._models)

    def choose(self, envelope: Envelope) -> tuple[Judge, Choice]:
        """Return the judge of a request, and why it is this one."""
        if envelope.kind is Kind.FINETUNE and (self.is_auto or not self.knows_training_files):
            return self.named(TRAINING), Choice(TRAINING, "training examples")
        if envelope.tools is not None:
            named = Choice(self.default.profile.name, "", of_tools=True)
            choice = choose_for_tools(envelope.tools.form) if self.is_auto else named
            return self.named(choice.profile), choice
        if self.named_one is not None:
            return self.named_one
        sent = _sent_to_chat(envelope)
        if sent is not None and (known := self._of_chat.get(sent)) is not None:
            return known
        dialect = dialect_of(envelope.value, envelope.url)
        model = _model_of(envelope.value) if dialect == CHAT else _model_sent(envelope, dialect)
        if self._models and model is not None:
            model = dict(self._models).get(model, model)
        choice = self._profile_of(envelope.url, model, dialect)
        chosen = (self._borrowed if choice.is_borrowed else self.named)(choice.profile), choice
        if sent is not None and is_endpoint(sent[0], CHAT) and len(self._of_chat) < _MOST_CHOSEN:
            self._of_chat[sent] = chosen
        return chosen

    @property
    def knows_training_files(self) -> bool:
        """Whether a conversation without a model may be a line of a training file."""
        return self.is_auto or Kind.FINETUNE in (self.default.profile.lines or {})


def errors_of_api(judge: Judge) -> list[str]:
    """Return the rules that are errors because of what one API is known to refuse, and not every one."""
    errors = (rule for rule, severity in judge.severities.items() if severity is Severity.ERROR)
    return [rule for rule in errors if (known := judge.evidence[rule]) is None or known.profile != EVERY_PROFILE]


def _load_custom(rules: Collection[str | PathLike[str]], profiles: Collection[str | PathLike[str]]) -> Catalog:
    from reqlint.knowledge.custom import load_custom  # imports what reads YAML and checks schemas

    return load_custom(rules, profiles)


def _sent_to_chat(envelope: Envelope) -> tuple[str, str] | None:
    """Return the address and the model of a request, by which alone its judge is chosen if it is one to chat."""
    if envelope.url is None or type(envelope.value) is not dict:
        return None
    model = envelope.value.get("model")
    return (envelope.url, model) if type(model) is str else None


def _model_sent(envelope: Envelope, dialect: str) -> str | None:
    """Return the model of a request that may have it in its URL."""
    shape, value = dialect_named(dialect), envelope.value
    if type(value) is not dict:  # an object of the caller's that is only like one; a copy is slow
        value, _ = to_json_value(value)
    model = shape.model({**shape.stated(envelope.url, envelope.headers), **(value if isinstance(value, dict) else {})})
    return model if model is None or type(model) is str else str(model)


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
