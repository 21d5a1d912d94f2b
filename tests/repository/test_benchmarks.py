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

from benchmarks import making
from benchmarks.answers import Options, comparison_table, markdown
from benchmarks.commands import Proof, contender, run
from benchmarks.growth import table
from benchmarks.one_request import MODELS, pool
from benchmarks.plot import Curve, plot
from benchmarks.rounds import Contender, Measurement, Row, Spread, ratio, run_interleaved
from benchmarks.run import BY_NAME, QUESTIONS, question, question_text
from reqlint import Linter
from tests.support.generated import ROOT

BENCHMARKS = ROOT / "benchmarks"
SECONDS = st.floats(1e-6, 1e3)
RATIO = re.compile(r"[\d.,]+ × \([\d.,]+–[\d.,]+\)")


def row(name: str, seconds: list[float]) -> Row:
    return Row(name, tuple(map(Measurement, seconds)), 1000)


# The requests


@pytest.mark.parametrize("profile", MODELS)
@pytest.mark.parametrize("own_tools", [False, True])
def test_requests_are_clean(profile: str, own_tools: bool) -> None:
    """Requests timed as clean have no finding, with shared tools and with different tools in each."""
    linter = Linter(profile)
    for start in (0, 33_950):
        for body in pool(profile, start, own_tools=own_tools):
            assert linter.check(body) == []


@given(st.integers(0, 1_000_000))
def test_small_requests_are_small_and_clean(number: int) -> None:
    """Every small line is a clean request of about 300 bytes."""
    body = making.small_request(number)
    assert Linter("openai").check(body) == []
    assert 250 < len(json.dumps(body)) < 350


@pytest.mark.parametrize("profile", MODELS)
def test_every_bad_line_has_the_same_two_mistakes(profile: str) -> None:
    """A spoiled request has exactly the two findings that the page names."""
    linter = Linter(profile)
    for body in pool(profile):
        assert sorted(finding.rule for finding in linter.check(making.with_mistakes(body))) == list(making.MISTAKES)
        assert linter.check(body) == []


@pytest.mark.parametrize("profile", MODELS)
def test_proofs_are_wrong_in_their_shape(profile: str) -> None:
    """The requests that every contender must refuse are errors in reqlint, for the reason each is named after."""
    linter = Linter(profile)
    found = {
        name: [finding.rule for finding in linter.check(body)]
        for name, body in making.wrong_requests(pool(profile)[0]).items()
    }
    assert found == {"a wrong role": ["unknown-role"], "a wrong type": ["wrong-type"]}


def test_own_tools_are_in_no_other_request() -> None:
    """Requests with different tools share none; the others share all."""
    own = [json.dumps(tool) for body in making.bodies(100, own_tools=True) for tool in body["tools"]]
    assert len(set(own)) == len(own)
    assert len({json.dumps(body["tools"]) for body in making.bodies(100)}) == 1


def test_a_full_file_may_be_sent() -> None:
    """34,000 lines are below the 200 MB limit of a batch file, by either definition of a megabyte."""
    longest = len(json.dumps(making.batch_line(making.LINES, making.request(making.LINES - 1, own_tools=True)))) + 1
    assert 190e6 < longest * making.LINES < 200e6


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
    assert page.count("| not installed |") == 3 * 2 + 3  # two libraries for each profile, and openai's types
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
