"""A handout as a PDF: A4, vectors and embedded letters; no browser and no network."""

from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    PageTemplate,
    Paragraph,
    Spacer,
)  # fmt: skip
from reportlab.platypus import (
    Table as Grid,
)

from handout import contents, figures, fonts
from handout.contents import Handout

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
GAP = 5 * mm
TALLEST = 78 * mm  # of a picture: two rows and their words fit a page
BODY = ParagraphStyle("body", fontName=fonts.REGULAR, fontSize=8.5, leading=12, spaceAfter=4)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=7.5, leading=9.5, spaceAfter=0, wordWrap=None)
HEAD = ParagraphStyle("head", parent=CELL, fontName=fonts.BOLD)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=10, textColor=colors.HexColor("#444444"))
TITLE = ParagraphStyle("title", parent=BODY, fontName=fonts.BOLD, fontSize=17, leading=22, spaceAfter=6)
HEADING = ParagraphStyle(
    "heading", parent=BODY, fontName=fonts.BOLD, fontSize=12, leading=16, spaceBefore=9, keepWithNext=1
)
SUBHEADING = ParagraphStyle("subheading", parent=BODY, fontName=fonts.BOLD, spaceBefore=5, spaceAfter=2, keepWithNext=1)


def write(handout: Handout) -> bytes:
    """The PDF's bytes."""
    fonts.register()
    file = BytesIO()
    document = BaseDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=20 * mm, bottomMargin=16 * mm,
        title=handout.title, subject=handout.disclaimer,
    )  # fmt: skip
    frame = Frame(MARGIN, 16 * mm, WIDTH, A4[1] - 36 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_around, handout)))
    story = [Paragraph(escape(handout.title), TITLE)]
    for section in handout.sections:
        story += [Paragraph(escape(section.heading), HEADING)]
        story += [flowable for block in section.blocks for flowable in _of(block)]
    document.build(story)
    return file.getvalue()


def _around(handout: Handout, canvas: Canvas, document: BaseDocTemplate) -> None:
    """What stands on every page: disclaimer, title, date, number."""
    canvas.saveState()
    canvas.setFont(fonts.BOLD, 8)
    canvas.drawString(MARGIN, A4[1] - 12 * mm, handout.disclaimer)
    canvas.setFont(fonts.REGULAR, 8)
    canvas.drawRightString(A4[0] - MARGIN, A4[1] - 12 * mm, handout.made_on.isoformat())
    canvas.drawString(MARGIN, 9 * mm, handout.title)
    canvas.drawRightString(A4[0] - MARGIN, 9 * mm, f"Page {document.page}")
    canvas.setStrokeColor(colors.grey)
    canvas.line(MARGIN, A4[1] - 14 * mm, A4[0] - MARGIN, A4[1] - 14 * mm)
    canvas.restoreState()


def _of(block: contents.Block) -> list[Flowable]:
    match block:
        case contents.Words(text):
            return [Paragraph(escape(text), BODY)]
        case contents.Points(lines):
            style = ParagraphStyle("point", parent=BODY, leftIndent=10, bulletIndent=0)
            return [Paragraph(escape(line), style, bulletText="•") for line in lines]
        case contents.Table(title, _, note):
            below = [Paragraph(escape(note), SMALL)] if note else []
            above = [Paragraph(escape(title), SUBHEADING)] if title else []
            return [*above, _grid(block), Spacer(1, 2), *below]
        case contents.RocCurves(models):
            return [figures.roc(models)]
        case contents.Matrices(models):
            return [_beside([figures.matrix(it) for it in models], columns=2)]
        case contents.Children(models):
            cells = [[figures.thousand(it), Paragraph(escape(it.sentence), SMALL)] for it in models]
            return [_beside(cells, columns=2)]
        case contents.Costs():
            return [figures.costs(block)]
        case contents.Figures(shown):
            return [_beside([[_image(it.jpeg), Paragraph(escape(it.caption), SMALL)] for it in shown], columns=2)]


def _image(jpeg: bytes) -> Image:
    drawn = Image(BytesIO(jpeg))
    drawn._restrictSize(WIDTH / 2 - GAP, TALLEST)
    return drawn


def _grid(it: contents.Table) -> Grid:
    columns = it.frame.columns
    rows = [[Paragraph("", HEAD), *(Paragraph(escape(str(column)), HEAD) for column in columns)]]
    headings = []
    for group, frame in it.groups:
        if group:
            headings.append(("SPAN", (0, len(rows)), (-1, len(rows))))
            rows.append([Paragraph(escape(group), HEAD), *[""] * len(columns)])
        rows += [
            [Paragraph(escape(str(name)), CELL), *(Paragraph(escape(str(cell)), CELL) for cell in row)]
            for name, row in zip(frame.index, frame.itertuples(index=False), strict=True)
        ]
    first = WIDTH * 0.22
    widths = [first] + [(WIDTH - first) / len(columns)] * len(columns)
    style = [
        *headings,
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.lightgrey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    return Grid(rows, colWidths=widths, style=style, repeatRows=1, hAlign="LEFT")


def _beside(cells: list, *, columns: int) -> Grid:
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    rows[-1] += [""] * (columns - len(rows[-1]))
    return Grid(rows, colWidths=[WIDTH / columns] * columns, style=[("VALIGN", (0, 0), (-1, -1), "TOP")], hAlign="LEFT")
