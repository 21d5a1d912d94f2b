"""
How does time grow with size, from one line to a hundred thousand, and does memory grow with it.

The first table has tiny lines of bare requests, the same file for all contenders. The second has batch files of 20 MB
and 200 MB, and with ``--full`` of 2 GB, which fit in memory only if the lines are not kept. No two lines say the same.
"""

from collections.abc import Sequence

from benchmarks.answers import Answer, Options, Table, amount, duration, times
from benchmarks.commands import contender, proof, reading_proof, scratch
from benchmarks.files import bare_file, batch_file
from benchmarks.making import LARGE, bodies, tiny_request
from benchmarks.peers import SCHEMA, loop, reqlints, sourcemeta
from benchmarks.plot import Curve, plot
from benchmarks.rounds import Contender, Row, ratio, run_interleaved

SIZES = (1, 10, 100, 1_000, 10_000, 100_000)  #: and a million lines with ``--full``
FLOOR, SOURCEMETA = "json.loads, a loop over the lines", "Sourcemeta CLI, the schema alone, --fast"
NOTES = (
    "Each cell: the median time, how many times as long as in the row above, within one round, and the peak memory of "
    "the largest process. Up to a few hundred lines all there is to see is the start of a process; linear growth is "
    "10 × from there on.",
    "The rules on how large a batch file may be are off in the second table, as 2 GB are ten times too many.",
)


def ask(options: Options) -> Answer:
    """Measure all sizes, and plot the files of small lines."""
    small, curves = small_lines(options)
    return Answer([small, large_lines(options)], NOTES, {"growth.svg": plot("lines of about 300 bytes", curves)})


def small_lines(options: Options) -> tuple[Table, list[Curve]]:
    """Measure files of bare requests of about 300 bytes."""
    sizes = SIZES[:2] if options.quick else (*SIZES, 1_000_000) if options.full else SIZES
    with scratch(400 * sizes[-1]) as folder:
        of_bare, of_reading = proof(folder, bare_file), reading_proof(folder)
        by_size: list[list[Contender]] = []
        for size in sizes:
            path = bare_file(folder / f"{size}", map(tiny_request, range(size)))
            by_size.append(
                [
                    *reqlints(path, of_bare),
                    contender(SOURCEMETA, sourcemeta(SCHEMA, "--fast"), path, of_bare),
                    contender(FLOOR, loop("json", SCHEMA), path, of_reading),
                ]
            )
        rows = all_sizes(by_size, options.rounds)
    curves = [
        Curve(of_one[0].name, [(size, row.seconds) for size, row in zip(sizes, of_one, strict=True)])
        for of_one in zip(*rows, strict=True)
        if of_one[0].runs
    ]
    return table("JSON Lines files of requests of about 300 bytes each.", [f"{size:,}" for size in sizes], rows), curves


def large_lines(options: Options) -> Table:
    """Measure batch files of lines of about 7.7 KB."""
    most = options.lines(LARGE)
    sizes = (most // 10, most, most * 10) if options.full else (most // 10, most)
    with scratch(sum(sizes) * LARGE.bytes) as folder:
        of_batch, of_reading = proof(folder, batch_file), reading_proof(folder)
        off = ("--ignore", "oversized-batch-file", "--ignore", "too-many-batch-lines")
        by_size: list[list[Contender]] = []
        for size in sizes:
            path = batch_file(folder / f"{size}", bodies(size, LARGE))
            floor = contender(FLOOR, loop("json", SCHEMA), path, of_reading)
            by_size.append([*reqlints(path, of_batch, *off), floor])
        rows = all_sizes(by_size, options.rounds)
        shown = [f"{size:,} ({amount(by_size[at][0].size)})" for at, size in enumerate(sizes)]
    return table("Batch files of lines of about 7.7 KB.", shown, rows)


def all_sizes(by_size: Sequence[Sequence[Contender]], rounds: int) -> list[list[Row]]:
    """Run every contender on every size in each round, and return the rows of each size."""
    width = len(by_size[0])
    rows = run_interleaved([one for of_size in by_size for one in of_size], rounds)
    return [rows[at : at + width] for at in range(0, len(rows), width)]


def table(caption: str, sizes: Sequence[str], rows: Sequence[Sequence[Row]]) -> Table:
    """Return a table with a line for each size and a column for each contender that is installed."""
    installed = [at for at, row in enumerate(rows[0]) if row.runs]
    absent = [f"{row.name}: {row.absent}" for row in rows[0] if not row.runs]
    body: list[list[str]] = []
    for number, (size, of_size) in enumerate(zip(sizes, rows, strict=True)):
        cells = [size]
        for at in installed:
            row = of_size[at]
            grown = times(ratio(row, rows[number - 1][at])) if number else ""
            cells.append(", ".join(filter(None, (duration(row.seconds), grown, amount(row.memory)))))
        body.append(cells)
    caption = " ".join([caption, *(f"Without {name}." for name in absent)])
    return Table(caption, ["lines", *(rows[0][at].name for at in installed)], body)
