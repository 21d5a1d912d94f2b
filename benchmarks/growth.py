"""
How does time grow with size, from one line to a million, and does memory grow with it.

Small lines of bare requests first, the same file for everybody; then batch files of 20 MB and 200 MB, and of 2 GB with
``--full``, which only fit if nothing is kept.
"""

from collections.abc import Sequence

from benchmarks.answers import Answer, How, Table, amount, duration, times
from benchmarks.commands import contender, proof, reading_proof, scratch
from benchmarks.making import LINES, bare_file, batch_file, bodies, small_request
from benchmarks.peers import SCHEMA, loop, reqlints, sourcemeta
from benchmarks.plot import Curve, plot
from benchmarks.rounds import Contender, Row, interleaved, ratio

SMALL = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
LARGE = (LINES // 10, LINES, LINES * 10)
FLOOR, SOURCEMETA = "json.loads, a loop over the lines", "Sourcemeta CLI, the schema alone, --fast"
NOTES = (
    "Each cell: the median time, how many times as long as in the row above, within one round, and the peak memory of "
    "the largest process. Up to a few hundred lines all there is to see is the start of a process; linear growth is "
    "10 × from there on.",
    "The rules on how large a batch file may be are off in the second table, as 2 GB are ten times too many.",
)


def ask(how: How) -> Answer:
    """Measure all sizes, and draw those of the small lines."""
    small, curves = small_lines(how)
    return Answer([small, large_lines(how)], NOTES, {"growth.svg": plot("lines of about 300 bytes", curves)})


def small_lines(how: How) -> tuple[Table, list[Curve]]:
    """Measure files of bare requests of about 300 bytes."""
    sizes = SMALL[:2] if how.quick else SMALL
    with scratch(400 * sizes[-1]) as folder:
        of_bare, of_reading = proof(folder, bare_file), reading_proof(folder)
        by_size: list[list[Contender]] = []
        for size in sizes:
            path = bare_file(folder / f"{size}", map(small_request, range(size)))
            by_size.append(
                [
                    *reqlints(path, of_bare),
                    contender(SOURCEMETA, sourcemeta(SCHEMA, "--fast"), path, of_bare),
                    contender(FLOOR, loop("json", SCHEMA), path, of_reading),
                ]
            )
        rows = all_sizes(by_size, how.rounds)
    curves = [
        Curve(of_one[0].name, [(size, row.seconds) for size, row in zip(sizes, of_one, strict=True)])
        for of_one in zip(*rows, strict=True)
        if of_one[0].taken
    ]
    return table("JSON Lines files of requests of about 300 bytes each.", [f"{size:,}" for size in sizes], rows), curves


def large_lines(how: How) -> Table:
    """Measure batch files of lines of about 6 KB."""
    sizes = (34, 340) if how.quick else LARGE if how.full else LARGE[:2]
    with scratch(sum(sizes) * 6000) as folder:
        of_batch, of_reading = proof(folder, batch_file), reading_proof(folder)
        off = ("--ignore", "oversized-batch-file", "--ignore", "too-many-batch-lines")
        by_size: list[list[Contender]] = []
        for size in sizes:
            path = batch_file(folder / f"{size}", bodies(size))
            floor = contender(FLOOR, loop("json", SCHEMA), path, of_reading)
            by_size.append([*reqlints(path, of_batch, *off), floor])
        rows = all_sizes(by_size, how.rounds)
        shown = [f"{size:,} ({amount(by_size[at][0].size)})" for at, size in enumerate(sizes)]
    return table("Batch files of lines of about 6 KB.", shown, rows)


def all_sizes(by_size: Sequence[Sequence[Contender]], rounds: int) -> list[list[Row]]:
    """Run every contender on every size in each round; gives the rows of each size."""
    width = len(by_size[0])
    rows = interleaved([one for of_size in by_size for one in of_size], rounds)
    return [rows[at : at + width] for at in range(0, len(rows), width)]


def table(caption: str, sizes: Sequence[str], rows: Sequence[Sequence[Row]]) -> Table:
    """Make a table with a line for each size and a column for each contender, those that are not there left out."""
    there = [at for at, row in enumerate(rows[0]) if row.taken]
    absent = [f"{row.name}: {row.absent}" for row in rows[0] if not row.taken]
    body: list[list[str]] = []
    for number, (size, of_size) in enumerate(zip(sizes, rows, strict=True)):
        cells = [size]
        for at in there:
            row = of_size[at]
            grown = times(ratio(row, rows[number - 1][at])) if number else ""
            cells.append(", ".join(filter(None, (duration(row.seconds), grown, amount(row.memory)))))
        body.append(cells)
    caption = " ".join([caption, *(f"Without {name}." for name in absent)])
    return Table(caption, ["lines", *(rows[0][at].name for at in there)], body)
