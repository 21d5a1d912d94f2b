"""Plot time against size on logarithmic scales, as a small SVG for light and dark backgrounds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 24, 52
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.curve { fill: none; stroke-width: 2 }
.linear { fill: none; stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 5 4 }
.c0 { stroke: #0969da } .c1 { stroke: #8250df } .c2 { stroke: #bc4c00 } .c3 { stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .grid { stroke: #3d444d } .linear { stroke: #9198a1 }
  .c0 { stroke: #58a6ff } .c1 { stroke: #bc8cff } .c2 { stroke: #f0883e } .c3 { stroke: #3fb950 }
}
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """The time of one contender at each size."""

    name: str
    points: Sequence[tuple[int, float]]  #: size and seconds, both above 0


def plot(of: str, curves: Sequence[Curve]) -> str:
    """Return an SVG of the curves and, through the first one's last point, of linear growth; *of* labels the x axis."""
    sizes = [size for curve in curves for size, _ in curve.points]
    seconds = [taken for curve in curves for _, taken in curve.points]
    right = max(1, math.ceil(math.log10(max(sizes))))
    low, high = math.floor(math.log10(min(seconds))), math.floor(math.log10(max(seconds))) + 1

    def x(size: float) -> float:
        return round(LEFT + math.log10(size) / right * (WIDTH - LEFT - RIGHT), 1)

    def y(taken: float) -> float:
        return round(HEIGHT - BOTTOM - (math.log10(taken) - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>Time of a whole process against {escape(of)}, both scales logarithmic</title>",
        f"<style>{STYLE}</style>",
    ]
    for power in range(right + 1):
        at = x(10**power)
        parts.append(f'<path class="grid" d="M{at} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{at}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{10.0**power:g} s</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(of)}</text>')
    size, taken = curves[0].points[-1]
    smallest = max(1.0, size * 10.0**low / taken)
    parts.append(f'<path class="linear" d="M{x(smallest)} {y(taken * smallest / size)}L{x(size)} {y(taken)}"/>')
    for number, curve in enumerate(curves):
        steps = "L".join(f"{x(size)} {y(taken)}" for size, taken in curve.points)
        parts.append(f'<path class="curve c{number % 4}" d="M{steps}"/>')
    styles = [
        *((f"curve c{number % 4}", curve.name) for number, curve in enumerate(curves)),
        ("linear", "linear growth"),
    ]
    for number, (style, name) in enumerate(styles):
        at = TOP + 16 + 20 * number
        parts.append(f'<path class="{style}" d="M{LEFT + 14} {at}h28"/>')
        parts.append(f'<text x="{LEFT + 50}" y="{at + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
