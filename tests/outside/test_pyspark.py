"""The recipe for Spark, executed as it is on the page."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reqlint import Linter

pytestmark = pytest.mark.outside

PAGE = (Path(__file__).parents[2] / "docs" / "data-lakes.md").read_text("utf-8")
GOOD = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}
BAD = {**GOOD, "max_token": 5, "temperature": 3}

# Two cores and little memory, and no address that another machine could reach.
BEFORE = """
from pyspark.sql import SparkSession
settings = {"spark.driver.memory": "512m", "spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR"}
SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
"""
AFTER = """
import json
rows = [row.asDict() for row in findings.orderBy("id", "pointer").collect()]
open("found.json", "w").write(json.dumps(rows))
spark.stop()
"""


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark is a Java program, and there is no Java here")
def test_the_recipe_finds_what_the_linter_finds(tmp_path: Path) -> None:
    """On Spark's workers each row has the findings of the linter here; a null has none."""
    import pyarrow as pa
    from pyarrow import parquet

    (recipe,) = re.findall(r"^```python\n((?:(?!```).)*?mapInPandas.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    requests = [None if number % 10 == 9 else json.dumps(BAD if number % 3 == 0 else GOOD) for number in range(60)]
    (tmp_path / "logs").mkdir()
    for half in (0, 1):
        numbers = list(range(30 * half, 30 * half + 30))
        table = pa.table({"id": numbers, "request": [requests[number] for number in numbers]})
        parquet.write_table(table, tmp_path / "logs" / f"{half}.parquet")
    run = subprocess.run(  # in a process of its own, which takes the Java machine with it when it ends
        [sys.executable, "-c", BEFORE + recipe + AFTER],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    rows = json.loads((tmp_path / "found.json").read_text("utf-8"))
    linter = Linter("openai")
    expected = [
        (number, finding.rule, str(finding.severity), finding.message, finding.pointer, finding.fingerprint)
        for number, request in enumerate(requests)
        if request
        for finding in sorted(linter.check(request), key=lambda finding: finding.pointer)
    ]
    keys = ("id", "rule", "severity", "message", "pointer", "fingerprint")
    assert [tuple(row[key] for key in keys) for row in rows] == expected
    assert len(expected) == 36
    assert re.search(r"unknown-field *\| *error *\| *18\b", run.stdout), run.stdout
