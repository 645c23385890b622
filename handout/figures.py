"""A handout's figures as vectors: reportlab drawings, which go into the PDF as they are and into the page as SVG."""

from math import ceil, cos, floor, isnan, log10, pi, sin

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Polygon, PolyLine, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import Color, HexColor, black, grey, white

from handout import fonts
from handout.contents import Costs, Model, Thousand

DASHES = {
    "solid": None,
    "dash": [6, 3],
    "longdash": [11, 3],
    "dot": [1.5, 2.5],
    "dashdot": [6, 2, 1.5, 2],
    "longdashdot": [11, 2, 1.5, 2],
}
SYMBOLS = {"circle": "FilledCircle", "diamond": "FilledDiamond", "square": "FilledSquare", "star": "FilledStarFive"}
SIDE = 250  # of the ROC's square, in points
HEIGHT = 150  # of accuracy against cost
STEPS = 0.005, 0.01, 0.02, 0.05, 0.1, 0.2  # between two ticks of an AUC
SMALL = 8
CELL = 72, 34
WIDE = 40
STEP = 4
FATES = (
    ("found", "found", HexColor("#1f9a76")),
    ("missed", "missed", HexColor("#d1443f")),
    ("false_alarms", "false alarms", HexColor("#b07d12")),
    ("cleared", "cleared", HexColor("#8a8f98")),
)


def roc(models: tuple[Model, ...]) -> Drawing:
    """Sensitivity against false alarms; a mark with both intervals where the operating point was counted.

    A model whose pictures are of one class has no curve, and is left out.
    """
    left, bottom, legend = 44, 38, 14 * len(models)
    drawn = Drawing(left + SIDE + 12, bottom + SIDE + 10 + legend)
    square = Group(transform=(1, 0, 0, 1, left, bottom))
    square.add(Rect(0, 0, SIDE, SIDE, strokeColor=grey, strokeWidth=0.7, fillColor=None))
    square.add(Line(0, 0, SIDE, SIDE, strokeColor=grey, strokeWidth=0.5))
    for tick in (0, 0.25, 0.5, 0.75, 1):
        square.add(_text(tick * SIDE, -12, f"{tick:.0%}".replace("%", " %"), anchor="middle"))
        square.add(_text(-4, tick * SIDE - 3, f"{tick:.0%}".replace("%", " %"), anchor="end"))
    square.add(_text(SIDE / 2, -28, "False alarms among normals (1 − specificity)", anchor="middle"))
    square.add(_upright("Pneumonias found (sensitivity)", SIDE / 2))
    for number, it in enumerate(models):
        if isnan(it.roc.auc):
            continue
        colour = HexColor(it.colour)
        line = {"strokeColor": colour, "strokeWidth": 1.3, "strokeDashArray": DASHES[it.dash]}
        ends = [place * SIDE for pair in zip(it.roc.fpr, it.roc.tpr, strict=True) for place in pair]
        square.add(PolyLine(ends, fillColor=None, **line))
        alarms = it.specificity.complement
        across, up = alarms.value * SIDE, it.sensitivity.value * SIDE
        square.add(Line(alarms.low * SIDE, up, alarms.high * SIDE, up, strokeColor=colour, strokeWidth=0.8))
        low, high = it.sensitivity.low * SIDE, it.sensitivity.high * SIDE
        square.add(Line(across, low, across, high, strokeColor=colour, strokeWidth=0.8))
        square.add(Circle(across, up, 3, fillColor=colour, strokeColor=white, strokeWidth=0.6))
        height = SIDE + 10 + 14 * (len(models) - 1 - number)
        square.add(Line(0, height + 3, 26, height + 3, **line))
        square.add(_text(32, height, it.title))
    drawn.add(square)
    return drawn


def costs(it: Costs) -> Drawing:
    """AUC with its interval against cost: a mark a model, its words in the legend, the front as a dotted line."""
    left, bottom, legend = 44, 38, 14 * len(it.models)
    first, last = floor(log10(min(one.cost for one in it.models))), ceil(log10(max(one.cost for one in it.models)))
    low, high = min(one.auc.low for one in it.models), max(one.auc.high for one in it.models)
    step = next((step for step in STEPS if high - low <= 5 * step), STEPS[-1])
    highest = ceil(high / step)
    lowest = min(floor(low / step), highest - 1)

    def place(cost: float, auc: float) -> tuple[float, float]:
        return (log10(cost) - first) / max(last - first, 1) * SIDE, (auc / step - lowest) / (highest - lowest) * HEIGHT

    plot = Group(transform=(1, 0, 0, 1, left, bottom))
    plot.add(Rect(0, 0, SIDE, HEIGHT, strokeColor=grey, strokeWidth=0.7, fillColor=None))
    for decade in range(first, max(last, first + 1) + 1):
        plot.add(_text(place(10.0**decade, low)[0], -12, f"{10.0**decade:g}", anchor="middle"))
    for tick in range(lowest, highest + 1):
        plot.add(_text(-4, place(1, tick * step)[1] - 3, f"{tick * step:.3f}".removeprefix("0"), anchor="end"))
    plot.add(_text(SIDE / 2, -28, it.axis, anchor="middle"))
    plot.add(_upright("AUC-ROC", HEIGHT / 2))
    ends = [end for one in it.front for end in place(one.cost, one.auc.value)]
    plot.add(PolyLine(ends, strokeColor=grey, strokeWidth=1, strokeDashArray=DASHES["dot"], fillColor=None))
    for number, one in enumerate(it.models):
        colour, (across, up) = HexColor(one.colour), place(one.cost, one.auc.value)
        ends = place(one.cost, one.auc.low)[1], place(one.cost, one.auc.high)[1]
        plot.add(Line(across, ends[0], across, ends[1], strokeColor=colour, strokeWidth=0.8))
        height = HEIGHT + 10 + 14 * (len(it.models) - 1 - number)
        for x, y in ((across, up), (4, height + 3)):
            plot.add(_symbol(one.symbol, x, y, colour))
        plot.add(_text(14, height, one.words))
    drawn = Drawing(left + SIDE + 60, bottom + HEIGHT + 10 + legend)
    drawn.add(plot)
    return drawn


def matrix(it: Model) -> Drawing:
    """Counts and shares of the row: truth in rows, verdict in columns."""
    wide, high = CELL
    left, top = 62, 2 * high
    drawn = Drawing(left + 2 * wide + 4, 2 * high + 36)
    drawn.add(_text(left, top + 26, f"{it.title} · threshold {it.threshold}", size=SMALL + 1))
    for column, word in enumerate(("called suspected", "not suspected")):
        drawn.add(_text(left + (column + 0.5) * wide, top + 6, word, anchor="middle", size=7))
    counts = it.counts
    cells = (
        ("pneumonia", ((counts.tp, "found", counts.sensitivity), (counts.fn, "missed", 1 - counts.sensitivity))),
        ("normal", ((counts.fp, "false alarms", 1 - counts.specificity), (counts.tn, "cleared", counts.specificity))),
    )
    tint = HexColor(it.colour)
    for row, (truth, of_row) in enumerate(cells):
        below = top - (row + 1) * high
        drawn.add(_text(left - 5, below + high / 2 - 3, truth, anchor="end"))
        for column, (count, word, share) in enumerate(of_row):
            known = share == share
            fill = Color(tint.red, tint.green, tint.blue, alpha=0.03 + 0.42 * share if known else 0)
            place = left + column * wide
            drawn.add(Rect(place, below, wide, high, fillColor=fill, strokeColor=grey, strokeWidth=0.5))
            drawn.add(_text(place + wide / 2, below + high / 2 + 2, f"{count} {word}", anchor="middle"))
            if known:
                said = f"{share:.1%}".replace("%", " %")
                drawn.add(_text(place + wide / 2, below + high / 2 - 10, said, anchor="middle", size=7))
    return drawn


def thousand(it: Thousand) -> Drawing:
    """A mark a child: a disc found, a cross missed, a triangle a false alarm, a small ring cleared."""
    rows = 1000 // WIDE
    drawn = Drawing(WIDE * STEP + 4, rows * STEP + 44)
    drawn.add(_text(0, rows * STEP + 34, it.title, size=SMALL + 1))
    first = 0
    for number, (field, word, colour) in enumerate(FATES):
        count = getattr(it.of, field)
        for place in range(first, first + count):
            drawn.add(_mark(field, 2 + place % WIDE * STEP, (rows - 1 - place // WIDE) * STEP + 2, colour))
        first += count
        across, up = number % 2 * 84, rows * STEP + 20 - number // 2 * 11
        drawn.add(_mark(field, across + 3, up + 3, colour))
        drawn.add(_text(across + 9, up, f"{count} {word}"))
    return drawn


def _symbol(name: str, x: float, y: float, colour: Color):
    mark = makeMarker(SYMBOLS[name], size=8)
    mark.x, mark.y, mark.fillColor, mark.strokeColor = x, y, colour, white
    return mark


def _mark(field: str, x: float, y: float, colour: Color):
    half = 1.4
    if field == "found":
        return Circle(x, y, half, fillColor=colour, strokeColor=None)
    if field == "missed":
        cross = Group()
        cross.add(Line(x - half, y - half, x + half, y + half, strokeColor=colour, strokeWidth=1))
        cross.add(Line(x - half, y + half, x + half, y - half, strokeColor=colour, strokeWidth=1))
        return cross
    if field == "false_alarms":
        corners = [place for turn in range(3) for place in _corner(x, y, half * 1.3, pi / 2 + turn * 2 * pi / 3)]
        return Polygon(corners, fillColor=colour, strokeColor=None)
    return Circle(x, y, half * 0.7, fillColor=None, strokeColor=colour, strokeWidth=0.4)


def _corner(x: float, y: float, radius: float, angle: float) -> tuple[float, float]:
    return x + radius * cos(angle), y + radius * sin(angle)


def _upright(text: str, middle: float) -> Group:
    """The title of the upright axis, read from below."""
    return Group(_text(0, 0, text, anchor="middle"), transform=(0, 1, -1, 0, -36, middle))


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: float = SMALL) -> String:
    return String(x, y, text, fontName=fonts.REGULAR, fontSize=size, textAnchor=anchor, fillColor=black)
