"""The benchmarks measure what they claim: clean requests, fair ratios, contenders that check, complete pages."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.answers import MOST_LINES, Options, comparison_table, markdown
from benchmarks.batch_file import MIXED, mixed_bodies
from benchmarks.commands import Proof, contender, run
from benchmarks.files import batch_line
from benchmarks.growth import table
from benchmarks.making import LARGE, SMALL, Json, Size, bodies, request, tiny_request
from benchmarks.plot import Curve, plot
from benchmarks.rounds import Contender, Measurement, Row, Spread, ratio, run_interleaved
from benchmarks.run import BY_NAME, QUESTIONS, question, question_text
from benchmarks.shapes import SHAPES, shaped
from benchmarks.spoiling import MISTAKES, with_note, with_three_mistakes, wrong_requests
from reqlint import Linter
from tests.support.generated import ROOT

BENCHMARKS = ROOT / "benchmarks"
SECONDS = st.floats(1e-6, 1e3)
RATIO = re.compile(r"[\d.,]+ × \([\d.,]+–[\d.,]+\)")


def row(name: str, seconds: list[float]) -> Row:
    return Row(name, tuple(map(Measurement, seconds)), 1000)


# The requests


@pytest.mark.parametrize("profile", SHAPES)
@pytest.mark.parametrize("own_tools", [False, True])
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_requests_are_clean(profile: str, own_tools: bool, size: Size) -> None:
    """Requests timed as clean have no finding, of every kind, with shared tools and with different tools in each."""
    linter = Linter(profile)
    for number in range(40):
        assert linter.check(shaped(profile, number, size, own_tools=own_tools)) == [], number


def test_a_file_of_several_apis_is_clean() -> None:
    """Each line is judged by the profile of its API."""
    linter = Linter()
    chosen = {linter.check_text(json.dumps(body)).judged_by[0][0] for body in mixed_bodies(60)}
    assert chosen == set(MIXED)
    assert all(linter.check(body) == [] for body in mixed_bodies(60))


@given(st.integers(0, 1_000_000))
def test_tiny_requests_are_tiny_and_clean(number: int) -> None:
    """Every tiny line is a clean request of about 300 bytes."""
    body = tiny_request(number)
    assert Linter("openai").check(body) == []
    assert 200 < len(json.dumps(body)) < 600


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_a_note_is_one_note(size: Size) -> None:
    """The line with a note has that finding and no other, and not always at the same place."""
    places = set()
    for number in range(40):
        body = with_note(request(number, size, model="gpt-4o"), number)
        assert [(each.rule, str(each.severity)) for each in Linter("openai").check(body)] == [
            ("deprecated-field", "note")
        ]
        places.add(list(body).index("max_tokens"))
    assert len(places) > 3


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_three_mistakes_are_three_findings(size: Size) -> None:
    """Of several rules, at many places, with messages of their own."""
    linter = Linter("openai")
    found = [linter.check(with_three_mistakes(request(number, size, model="gpt-4o"), number)) for number in range(60)]
    assert {len(each) for each in found} == {3}
    flat = [finding for each in found for finding in each]
    assert {finding.rule for finding in flat} == {"unknown-field", "unknown-value", "wrong-type", "out-of-range"}
    assert len({finding.message for finding in flat}) > 120
    assert len({(finding.rule, finding.pointer) for finding in flat}) > len(MISTAKES) * 10


@pytest.mark.parametrize("profile", ["gptproto-qwen", "openai", "dashscope"])
def test_proofs_are_wrong_in_their_shape(profile: str) -> None:
    """The requests that every contender must refuse are errors in reqlint, for the reason each is named after."""
    linter = Linter(profile)
    found = {
        name: [finding.rule for finding in linter.check(body)]
        for name, body in wrong_requests(shaped(profile, 0)).items()
    }
    assert found == {"a wrong role": ["unknown-role"], "a wrong type": ["wrong-type"]}


def test_no_two_requests_say_the_same() -> None:
    """Nothing that is remembered of one answers another: no text stands in two; tools do only if they are shared."""

    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for each in value.values() for text in texts(each)]
        if isinstance(value, list):
            return [text for each in value for text in texts(each)]
        return [value] if isinstance(value, str) and value.count(" ") > 3 and value[0] != "{" else []

    for own_tools in (False, True):
        made = list(bodies(200, LARGE, own_tools=own_tools))
        said = [text for body in made for text in texts(body if own_tools else body["messages"])]
        assert len(said) == len(set(said))
        sets = {json.dumps(body["tools"]) for body in made}
        assert len(sets) == 200 if own_tools else 30 < len(sets) <= 40


def test_the_mix_is_that_of_real_work() -> None:
    """Pictures, calls with their results, answers in a given form, and plain talk."""
    made: list[Json] = list(bodies(200, LARGE))
    assert 10 < sum("response_format" in body for body in made) < 50
    assert 60 < sum(any(m["role"] == "tool" for m in body["messages"]) for body in made) < 140
    assert 10 < sum(any(isinstance(m["content"], list) for m in body["messages"]) for body in made) < 50


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_a_full_file_may_be_sent(size: Size) -> None:
    """A large file is below the 200 MB and the number of lines that a batch may have, by either kind of megabyte."""
    lines = Options().lines(size)
    lengths = [len(json.dumps(batch_line(n, body))) + 1 for n, body in enumerate(bodies(300, size))]
    assert lines <= MOST_LINES
    assert 0.9 < sum(lengths) / len(lengths) / size.bytes < 1.01
    assert lines == MOST_LINES or 0.99 < lines * size.bytes / 200e6 <= 1


# The figures


@given(st.lists(st.tuples(SECONDS, SECONDS, st.integers(-3, 3)), min_size=1, max_size=9))
def test_a_busy_machine_changes_no_ratio(rounds: list[tuple[float, float, int]]) -> None:
    """A round that is slow as a whole changes no ratio, because times are compared only within a round."""
    calm = ratio(row("a", [a for a, _, _ in rounds]), row("b", [b for _, b, _ in rounds]))
    busy = ratio(row("a", [a * 2.0**by for a, _, by in rounds]), row("b", [b * 2.0**by for _, b, by in rounds]))
    assert calm == busy  # powers of two, so that nothing is rounded
    assert calm.low <= calm.median <= calm.high


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=1, max_size=9))
def test_a_ratio_turned_round_is_its_reciprocal(rounds: list[tuple[float, float]]) -> None:
    """The range of b to a is the reciprocal of that of a to b; a row is exactly 1 × itself."""
    one, other = row("a", [a for a, _ in rounds]), row("b", [b for _, b in rounds])
    there, back = ratio(one, other), ratio(other, one)
    assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))
    assert ratio(one, one) == Spread(1, 1, 1)


@given(st.integers(0, 5), st.integers(1, 7), st.integers(0, 4))
def test_rounds_are_interleaved(contenders: int, rounds: int, missing: int) -> None:
    """In each round every available contender runs exactly once; a missing one has a reason instead of figures."""
    ran: list[int] = []

    def entry(number: int) -> Contender:
        if number == missing:
            return Contender(str(number), None, absent="not installed")
        return Contender(str(number), lambda: (ran.append(number), Measurement(1.0))[1])

    rows = run_interleaved([entry(number) for number in range(contenders)], rounds)
    present = [number for number in range(contenders) if number != missing]
    width = len(present)
    assert [sorted(ran[at : at + width]) for at in range(0, len(ran), width or 1)] == [present] * (
        rounds if width else 0
    )
    assert [len(row.runs) for row in rows] == [0 if n == missing else rounds for n in range(contenders)]
    assert all(row.runs or row.absent == "not installed" for row in rows)


@given(st.lists(st.lists(SECONDS, min_size=2, max_size=2), min_size=1, max_size=4), st.booleans())
def test_every_row_of_figures_has_its_ratio(times: list[list[float]], missing: bool) -> None:
    """A table row has a ratio to every available base, or a reason why it has no figures, and fits its header."""
    rows = [row(str(number), taken) for number, taken in enumerate(times)]
    rows += [Row("gone", (), absent="not installed")] * missing
    made = comparison_table("These.", rows, {"÷ first": "0", "÷ gone": "gone"}, speed=True, memory=True, written=True)
    assert "÷ first" in made.head
    assert "÷ gone" not in made.head
    for line in made.rows:
        assert len(line) == len(made.head)
        assert RATIO.fullmatch(line[-1]) or line[1] == "not installed"


def test_growth_compares_each_size_with_the_one_before() -> None:
    """Ten times the time at ten times the size is 10 ×, in the column of its contender."""
    rows = [[row("a", [1, 1]), Row("gone", (), absent="not installed")], [row("a", [10, 10]), Row("gone", ())]]
    made = table("Files.", ["1", "10"], rows)
    assert markdown(made).splitlines() == [
        "Files. Without gone: not installed.",
        "",
        "| lines | a |",
        "| --- | ---: |",
        "| 1 | 1.00 s, 0 bytes |",
        "| 10 | 10.0 s, 10.0 × (10.0–10.0), 0 bytes |",
    ]


@given(st.lists(st.lists(SECONDS, min_size=1, max_size=7), min_size=1, max_size=4))
def test_the_picture_holds_every_curve(times: list[list[float]]) -> None:
    """Any times give well-formed SVG of a few kilobytes, with a line for each curve inside the picture."""
    curves = [Curve(f"<{n}>", [(10**at, s) for at, s in enumerate(taken)]) for n, taken in enumerate(times)]
    drawn = plot("lines", curves)
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    paths = [path for path in tree.iter("{http://www.w3.org/2000/svg}path") if path.attrib["class"].startswith("curve")]
    assert len(paths) == 2 * len(curves)  # each once in the key
    for path in paths:
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path.attrib["d"]):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
    assert len(drawn) < 10_000


# The contenders


def judge(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import sys; sys.exit('right' not in open(sys.argv[1]).read())", ""),
        ("pass", "accepts what is wrong"),
        ("print('no'); raise SystemExit(3)", "refuses what is right"),
    ],
)
def test_nothing_is_timed_that_checks_nothing(tmp_path: Path, code: str, absent: str) -> None:
    """A command has figures only if it accepts the right file and refuses every wrong one."""
    for name in ("right", "wrong"):
        (tmp_path / name).write_text(name)
    proof = Proof(tmp_path / "right", [tmp_path / "wrong"])
    made = contender("a", lambda path: [*judge(code), str(path)], tmp_path / "right", proof)
    assert made.absent.startswith(absent)
    assert (made.measure is None) == bool(absent)


def test_memory_is_that_of_the_command(tmp_path: Path) -> None:
    """The memory peak is that of the command, not of the measuring process, and its whole output is counted."""
    held = run([*judge("b = bytearray(60_000_000); print('x' * 1000)")], tmp_path)
    assert 60e6 < held.memory < 90e6
    assert held.written == 1001
    mine = bytearray(200_000_000)
    assert run([*judge("pass")], tmp_path).memory < 50e6 < len(mine)


# The page


def test_a_quick_run_writes_both_files(tmp_path: Path) -> None:
    """With only reqlint installed, the command exits 0 and writes the page and the picture."""
    chosen = ["one_request", "growth"]
    arguments = [*chosen, "--quick", "--rounds", "1", "--out", str(tmp_path)]
    code = f"""
import sys
sys.modules.update(dict.fromkeys(("fastjsonschema", "orjson", "openai", "pydantic_core")))  # importing them fails
from benchmarks import peers
peers.version = lambda name: ""
peers._sourcemeta_binary = lambda: None
from benchmarks.run import main
main({arguments})
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"RESULTS.md", "growth.svg"}
    page = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == list(map(question_text, chosen))
    assert page.count("| not installed |") == 2 * 3 + 3  # two libraries for each profile, and openai's types
    assert tmp_path.name not in page


def test_every_module_that_answers_is_asked() -> None:
    """Every file with an `ask` is a question of the run, and its docstring is that question."""
    modules = [
        path for path in BENCHMARKS.glob("*.py") if "\ndef ask(options: Options) -> Answer:" in path.read_text("utf-8")
    ]
    assert {path.stem for path in modules} == {*QUESTIONS, *BY_NAME}
    for name in (*QUESTIONS, *BY_NAME):
        assert re.match(r"How .*[^.?]\?$", question_text(name)), name
        assert question(name).ask.__annotations__["options"] is Options


def test_the_results_are_those_of_this_code() -> None:
    """The page in the repository answers every question, has a ratio in every row, and names no local path."""
    page = (BENCHMARKS / "RESULTS.md").read_text("utf-8")
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == list(map(question_text, QUESTIONS))
    lines = [line for line in page.splitlines() if re.match(r"\| [^|-]", line) and re.search(r" (µs|ms|s)\b", line)]
    assert len(lines) > 40
    first_of_growth = [line for line in lines if re.match(r"\| [\d,]+( \(|\s\|)", line) and not RATIO.search(line)]
    assert len(first_of_growth) <= 2  # the smallest size has none before it
    assert all(RATIO.search(line) for line in lines if line not in first_of_growth)
    assert not re.search(r"(?<![\w.])/(home|tmp|root|usr|var|opt|Users)/|://", page)
    assert "](growth.svg)" in page
    assert (BENCHMARKS / "growth.svg").exists()
