"""A data lake judged on a real local Ray cluster: with the command line's findings, whatever happens to workers."""

import gzip
import json
import os
import pickle
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter, UnknownProfile
from reqlint.reporters.formats.json_report import as_dict

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(find_spec("ray") is None, reason="there is no wheel of Ray for this platform"),
    # Ray Data warns of its own settings while it gives them their first values.
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\.data\.context"),
    # Ray says how a later version will treat machines with accelerators.
    pytest.mark.filterwarnings("ignore:Tip. In future versions of Ray:FutureWarning"),
]

ROOT = Path(__file__).parents[2]
GOOD = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}
BAD = {**GOOD, "max_token": 5, "temperature": 3}
PLAIN = {**GOOD, "messages": [{"role": "user", "content": 5}]}


@pytest.fixture(scope="module")
def lake() -> Iterator[Any]:
    """Return the integration, connected to a local cluster of four workers."""
    import ray

    ray.init(num_cpus=4, include_dashboard=False, logging_level="ERROR", object_store_memory=150 << 20)
    from reqlint.integrations import ray as integration

    yield integration
    ray.shutdown()


@pytest.fixture
def small(lake: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the integration with sizes so small that little work is spread over many workers."""
    monkeypatch.setattr(lake, "_CHUNK", 1 << 14)
    monkeypatch.setattr(lake, "_TASK", 1 << 14)
    monkeypatch.setattr(lake, "_SMALLEST_TASK", 1 << 10)
    monkeypatch.setattr(lake, "_SUMMARIES", 2)
    monkeypatch.setattr(lake, "_IDS", 300)
    return lake


def line(custom_id: str, body: object, **more: object) -> str:
    return json.dumps({"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body, **more})


def batch(name: str, lines: int) -> str:
    """Return a batch file: every seventh line has two mistakes, every 50th an id of all files, one id repeats."""
    bodies = [BAD if number % 7 == 0 else GOOD for number in range(lines)]
    ids = [f"all-{number}" if number % 50 == 0 else f"{name}-{number}" for number in range(lines)]
    ids[-2] = ids[1]
    return "".join(line(custom_id, body) + "\n" for custom_id, body in zip(ids, bodies, strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of texts in all formats: some long, some broken, some without requests."""
    there = tmp_path / "lake"
    (there / "day=1").mkdir(parents=True)
    for name, lines in {"a": 700, "b": 10, "day=1/c": 600}.items():
        (there / f"{name}.jsonl").write_text(batch(Path(name).name, lines), "utf-8")
    (there / "packed.jsonl.gz").write_bytes(gzip.compress(batch("packed", 300).encode(), mtime=0))
    (there / "short.jsonl.gz").write_bytes(gzip.compress(batch("short", 300).encode(), mtime=0)[:-20])
    broken = batch("broken", 400).splitlines()
    broken[200:202] = ["", '{"custom_id": "broken-200", ']
    (there / "broken.jsonl").write_text("\n".join(broken) + "\n", "utf-8")
    (there / "one.json").write_text(json.dumps(PLAIN), "utf-8")
    (there / "some.json").write_text(json.dumps([json.loads(line("all-0", BAD)), json.loads(line("x", GOOD))]), "utf-8")
    (there / "asis.yaml").write_text(f"# reqlint: ignore[unknown-field] kept\n{json.dumps(BAD)}\n", "utf-8")
    (there / "package.json").write_text('{"name": "left-pad"}', "utf-8")
    (there / "empty.jsonl").touch()
    return there


def command_line(*arguments: object) -> dict[str, Any]:
    """Return the command line's JSON report on the same files."""
    command = [sys.executable, "-m", "reqlint", "check", "--isolated", "--output-format", "json", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode in (0, 1), run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def assert_same(result: Any, report: dict[str, Any]) -> None:
    """Compare rows and summary with the command line's report."""
    rows = result.findings.take_all()
    assert [json.dumps(row) for row in rows] == [json.dumps(row) for row in report["findings"]]
    said, summary = report["summary"], result.summary
    counts = ("files", "requests", "errors", "warnings", "notes", "suppressed")
    assert {name: getattr(summary, name) for name in counts} == {name: said[name] for name in counts}
    assert summary.by_rule == said["by_rule"]
    assert [list(each) for each in summary.skipped] == [list(each.values()) for each in said["skipped_files"]]
    assert [(profile, why or None, count) for profile, why, count in summary.judged_by] == [
        tuple(each.values()) for each in said["judged_by"]
    ]


def assert_duplicates(result: Any, texts: dict[str, str]) -> None:
    """Compare the ids that occur in several files with a count by hand."""
    met: dict[str, list[tuple[str, int]]] = {}
    for name, text in sorted(texts.items()):
        first: dict[str, int] = {}
        for number, each in enumerate(text.splitlines()):
            first.setdefault(json.loads(each)["custom_id"], number)
        for custom_id, number in first.items():
            met.setdefault(custom_id, []).append((name, number))
    expected = {custom_id: places for custom_id, places in sorted(met.items()) if len(places) > 1}
    assert result.summary.duplicated == len(expected) > 0
    assert {each.custom_id: [tuple(met) for met in each.met] for each in result.summary.duplicates} == expected
    rows = Counter((row["custom_id"], row["file"], row["document"]) for row in result.duplicates.take_all())
    assert rows == Counter((custom_id, *place) for custom_id, places in expected.items() for place in places)


def test_a_lake_is_judged_as_the_command_line_does(small: Any, folder: Path) -> None:
    """Rows are the findings of the JSON output, byte for byte and in its order, and the summary is the same."""
    result = small.check(folder)
    assert_same(result, command_line("-p", "auto", folder))
    assert result.summary.unreadable == 1
    assert pickle.loads(pickle.dumps(result.summary)) == result.summary  # noqa: S301 - just written
    assert str(result).splitlines()[0].endswith(f"in {result.summary.requests:,} requests, 9 files")
    everywhere = next(each for each in result.summary.duplicates if each.custom_id == "all-0")
    assert [Path(met.file).name for met in everywhere.met] == [
        "a.jsonl", "b.jsonl", "broken.jsonl", "c.jsonl", "packed.jsonl.gz", "short.jsonl.gz", "some.json",
    ]  # fmt: skip


class Deadly:
    """A filesystem on which the process that opens the *deadly*-th file is killed, as the kernel would."""

    def __init__(self, log: Path, deadly: range) -> None:
        self.log, self.deadly = log, deadly

    def get_file_info(self, what: Any) -> Any:
        """Return what the local filesystem returns."""
        from pyarrow import fs

        return fs.LocalFileSystem().get_file_info(what)

    def open_input_file(self, key: str) -> Any:
        """Open the file and leave a mark, or kill this process."""
        from pyarrow import fs

        with self.log.open("a") as log:
            log.write(f"{os.getpid()}\n")
        if len(self.log.read_text().splitlines()) in self.deadly:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return fs.LocalFileSystem().open_input_file(key)


def test_lines_of_other_wire_shapes_are_judged_as_the_command_line_does(lake: Any, tmp_path: Path) -> None:
    """Message batches of Anthropic, lines of the Responses API and requests of Gemini have their findings."""
    ask = {"model": "claude-haiku-4-5", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}
    files = {
        "anthropic.jsonl": [{"custom_id": "a", "params": ask}, {"custom_id": "b", "params": {**ask, "max_tokens": -5}}],
        "gemini.jsonl": [{"key": "a", "request": {"contents": [{"role": "system", "parts": [{"text": "Hi"}]}]}}],
        "responses.jsonl": [
            {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": {"model": "gpt-4.1", "input": []}}
        ],
    }
    for name, lines in files.items():
        (tmp_path / name).write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    found = [(row["rule"], row["pointer"]) for row in lake.check([str(tmp_path)]).findings.take_all()]
    report = command_line(tmp_path, "-p", "auto")
    assert sorted(found) == sorted((each["rule"], each["pointer"]) for each in report["findings"])
    assert {rule for rule, _ in found} >= {"out-of-range", "system-role-in-contents", "empty-input"}


@pytest.fixture
def by_value() -> None:
    """Send the classes of this module to workers by value, because they cannot import it."""
    from ray import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.mark.usefixtures("by_value")
@pytest.mark.parametrize("deadly", [1, 9, 14])
def test_a_killed_worker_changes_nothing(small: Any, tmp_path: Path, deadly: int) -> None:
    """A process killed while it starts, cuts or judges is replaced, and no finding is lost or repeated."""
    texts = {str(tmp_path / f"{name}.jsonl"): batch(name, 500) for name in "abc"}
    for name, text in texts.items():
        Path(name).write_text(text, "utf-8")
    log = tmp_path / "log"
    result = small.check(sorted(texts), "openai", filesystem=Deadly(log, range(deadly, deadly + 1)))
    assert_same(result, command_line("-p", "openai", *sorted(texts)))
    assert_duplicates(result, texts)
    pids = log.read_text().splitlines()
    assert len(pids) > deadly
    assert pids[deadly - 1] not in pids[deadly + 4 :]
    assert len(set(pids)) > 2


@pytest.mark.usefixtures("by_value")
def test_work_that_fails_for_good_is_never_clean(small: Any, tmp_path: Path) -> None:
    """A file that kills every process that reads it ends the run with one sentence and no result."""
    (tmp_path / "a.jsonl").write_text(batch("a", 10), "utf-8")
    with pytest.raises(small.JobFailed, match=r"^a task on the cluster failed for good, .*: WorkerCrashed") as met:
        small.check(tmp_path / "a.jsonl", filesystem=Deadly(tmp_path / "log", range(100)))
    assert "\n" not in str(met.value)


def write_table(path: Path, **columns: Any) -> None:
    """Write a Parquet file with ten rows in each group."""
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table(columns), path, row_group_size=10)


def places(result: Any) -> list[tuple[str, int, str, str, int | None]]:
    """Return file, document, rule, pointer and id of each finding."""
    rows = result.findings.take_all()
    return [(Path(row["file"]).name, row["document"], row["rule"], row["pointer"], row["column"]) for row in rows]


def test_each_cell_of_a_column_is_a_text(small: Any, tmp_path: Path) -> None:
    """A row has the findings of its text, with its number, its id and the columns that were asked for."""
    texts = [json.dumps(BAD if number % 4 == 0 else GOOD) for number in range(2000)]
    write_table(
        tmp_path / "a.parquet", id=list(range(2000)), request=texts, trace=[f"t{n % 1999}" for n in range(2000)]
    )
    write_table(tmp_path / "b.parquet", id=["x"], request=[line("t5", PLAIN).encode()], trace=[None])
    result = small.check(tmp_path, "openai", custom_id="trace", keys=["id"])
    rows = result.findings.take_all()
    linter = Linter("openai")
    for row in rows:
        text = texts[row["document"]] if row["file"].endswith("a.parquet") else line("t5", PLAIN)
        alone = [as_dict(finding) for finding in linter.check_text(text, form="json")]
        own = next(each for each in alone if each["rule"] == row["rule"])
        assert {key: row[key] for key in ("message", "pointer", "line", "column", "fix")} == {
            key: own[key] for key in ("message", "pointer", "line", "column", "fix")
        }
    assert [(row["document"], row["custom_id"], row["id"]) for row in rows] == [
        *((number, f"t{number % 1999}", str(number)) for number in range(0, 2000, 4) for _ in range(2)),
        (0, "t5", "x"),
    ]
    assert (result.summary.requests, result.summary.files) == (2001, 2)
    assert [(each.custom_id, each.times) for each in result.summary.duplicates] == [("t0", 2), ("t5", 2)]


def test_whatever_a_column_holds_ends_in_a_finding_or_a_sentence(small: Any, tmp_path: Path) -> None:
    """Nulls, numbers, cut texts, a damaged file and a missing column each end in a finding or a sentence."""
    write_table(tmp_path / "half.parquet", request=[json.dumps(GOOD), None, '{"model": ', "", "null"])
    write_table(tmp_path / "number.parquet", request=[1])
    write_table(tmp_path / "other.parquet", text=["Hello"])
    write_table(tmp_path / "none.parquet", request=[""][:0])
    (tmp_path / "torn.parquet").write_bytes((tmp_path / "half.parquet").read_bytes()[:-40])
    result = small.check([tmp_path, tmp_path / "lost.parquet"], "openai", keys=["id"])
    assert places(result) == [
        ("half.parquet", 2, "invalid-json", "", 10),
        ("half.parquet", 3, "invalid-json", "", 1),
        ("half.parquet", 4, "null-not-allowed", "", 1),
        ("number.parquet", 0, "wrong-type", "", None),
        ("torn.parquet", 0, "unreadable-input", "", None),
        ("lost.parquet", 0, "unreadable-input", "", None),
    ]
    summary = result.summary
    assert (summary.requests, summary.unreadable, summary.empty_rows, summary.files) == (3, 2, 1, 4)
    assert [(Path(file).name, why) for file, why in summary.skipped] == [
        ("none.parquet", "holds no row"), ("other.parquet", 'has no column "request"; there is text'),
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r'other\.parquet has no column "request"; there is text$'):
        small.check(tmp_path / "other.parquet")
    with pytest.raises(ValueError, match='"message" is a column of findings already'):
        small.check(tmp_path, keys=["message"])
    with pytest.raises(UnknownProfile, match="did you mean"):
        small.check(tmp_path, "opnai")
    assert str(small.check([])) == "0 findings in 0 requests, 0 files"


def test_structs_lose_their_nulls_and_nothing_else(small: Any, tmp_path: Path) -> None:
    """In a struct, keys that only other rows have are absent and wrong ones are found; maps keep their nulls."""
    import pyarrow as pa

    write_table(tmp_path / "structs.parquet", request=[BAD, {**GOOD, "tools": None}, {"model": "gpt-4.1"}])
    result = small.check(tmp_path, "openai")
    assert sorted(places(result)) == [
        ("structs.parquet", 0, "out-of-range", "/temperature", None),
        ("structs.parquet", 0, "unknown-field", "/max_token", None),
        ("structs.parquet", 2, "missing-field", "", None),
    ]
    maps = pa.array([[("model", None)]], pa.map_(pa.string(), pa.string()))
    write_table(tmp_path / "structs.parquet", request=maps)
    found = {(rule, pointer) for _, _, rule, pointer, _ in places(small.check(tmp_path, "openai"))}
    assert found == {("null-not-allowed", "/model"), ("missing-field", "")}


def test_datasets_are_judged_by_row(small: Any, tmp_path: Path) -> None:
    """Rows are numbered in their file if the dataset knows it, else in the dataset, however it is divided."""
    import ray

    items = [
        {"id": n, "request": json.dumps(BAD if n % 5 == 0 else GOOD), "custom_id": f"c{n // 2}"} for n in range(40)
    ]
    wrong = [(number, rule) for number in range(0, 40, 5) for rule in ("unknown-field", "out-of-range")]
    for blocks in (1, 7):
        dataset = ray.data.from_items(items, override_num_blocks=blocks)
        result = small.check(dataset, "openai", keys=["id"])
        assert not dataset.context.execution_options.preserve_order
        rows = result.findings.take_all()
        assert [(row["document"], row["rule"]) for row in rows] == wrong
        assert all(row["id"] == row["document"] and row["file"] == "dataset" for row in rows)
        assert (result.summary.duplicated, result.summary.requests, result.summary.files) == (20, 40, 1)
    for name in "xy":
        write_table(tmp_path / f"{name}.parquet", request=[item["request"] for item in items])
    named = ray.data.read_parquet(str(tmp_path), include_paths=True)
    direct = small.check(tmp_path, "openai")
    result = small.check(named, "openai")
    assert places(result) == places(direct)
    assert result.summary == direct.summary
    rows = small.check(ray.data.from_items([BAD, GOOD]), "openai", column=None).findings.take_all()
    assert sorted(row["rule"] for row in rows) == ["out-of-range", "unknown-field"]
    with pytest.raises(ValueError, match='the dataset has no column "requests"; there is id, request, custom_id'):
        small.check(ray.data.from_items(items), column="requests")


def test_patterns_and_addresses_stand_for_the_same_files(small: Any, folder: Path) -> None:
    """Files that pyarrow reads by address have the findings of local files, apart from the name."""
    here = small.check(f"{folder}/**/[abc].jsonl", "openai")
    there = small.check([f"file://{folder}/**/[abc].jsonl", f"file://{folder}/a.jsonl"], "openai")
    assert here.summary.files == there.summary.files == 3
    assert [(f"file://{file}", *rest) for file, *rest in found(here)] == found(there)
    packed = small.check(f"file://{folder}", "openai")
    assert {Path(row["file"]).name for row in packed.findings.take_all()} >= {"packed.jsonl.gz", "one.json"}


def found(result: Any) -> list[tuple[str, int, str]]:
    return sorted((row["file"], row["document"], row["rule"]) for row in result.findings.take_all())


def test_an_id_need_not_be_text(small: Any, tmp_path: Path) -> None:
    """Ids with lone surrogates are compared as they are, and shown as far as possible."""
    for name in "ab":
        lines = [line("\ud800", {**GOOD, "model": "\udfff"}), line("\ud801" if name == "a" else "x", GOOD)]
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{each}\n" for each in lines), "utf-8")
    result = small.check(tmp_path, "openai")
    assert [(each.custom_id, each.times) for each in result.summary.duplicates] == [("\ud800", 2)]
    assert {row["custom_id"] for row in result.duplicates.take_all()} == {"?"}
    assert result.findings.count() == result.summary.findings >= 2


def test_own_rules_reach_the_workers(small: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The linter's arguments apply on every worker."""
    monkeypatch.chdir(folder)
    result = small.check(["a.jsonl"], "openai", select=["unknown-field"], severity={"unknown-field": "note"})
    assert (result.summary.notes, result.summary.findings) == (100, 100)
    assert {row["severity"] for row in result.findings.take_all()} == {"note"}


BLOCKS = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / "data-lakes.md").read_text("utf-8"), re.M | re.S)


def test_the_page_runs_as_it_stands(small: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python examples of the page run and give the results that it states."""
    monkeypatch.chdir(folder.parent)
    folder.rename("logs")
    Path("tables").mkdir()
    write_table(Path("tables/a.parquet"), id=[7, 8], request=[json.dumps(BAD), json.dumps(GOOD)], trace=["a", "a"])
    blocks = [block for block in BLOCKS if "reqlint.integrations.ray" in block]
    assert small.__name__ in blocks[0]
    scopes: list[dict[str, Any]] = [{} for _ in blocks]
    for block, scope in zip(blocks, scopes, strict=True):
        exec(block, scope)  # noqa: S102 - our own page
    lake, tables = scopes
    counts = {row["rule"]: row["count()"] for row in lake["often"].take_all()}
    assert counts.pop("unknown-field") == lake["result"].summary.by_rule["unknown-field"] + 1  # one is suppressed
    assert counts == {rule: n for rule, n in lake["result"].summary.by_rule.items() if rule != "unknown-field"}
    assert set(lake["worst"].take(1)[0]) == {"file", "document", "message"}
    assert {row["id"] for row in tables["result"].findings.take_all()} == {7}
    assert tables["result"].summary.duplicated == 1


def test_nothing_else_imports_an_engine(root: Path) -> None:
    """The command line, the library and the guards load neither Ray nor Arrow, pandas or Spark."""
    code = (
        "import sys; from reqlint.__main__ import main; import reqlint, reqlint.project.project, reqlint.run.parallel\n"
        "sys.argv = ['reqlint', 'check', '--exit-zero', 'examples']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'ray', 'pyarrow', 'pandas', 'numpy', 'pyspark', 'reqlint.integrations'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("missing", ["ray", "ray.data"])
def test_without_ray_one_sentence_says_what_to_install(missing: str) -> None:
    """Without Ray, importing the integration names the extra to install."""
    code = f"import sys; sys.modules[{missing!r}] = None; import reqlint.integrations.ray"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = "ImportError: reqlint.integrations.ray needs Ray Data; install reqlint with its extra: pip install '.[ray]'"
    assert run.stderr.splitlines()[-1] == f"{said} in the checkout"
