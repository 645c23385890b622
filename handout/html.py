"""A handout as one HTML file that needs nothing else: style and figures inside, no script, no address outside."""

import re
from base64 import b64encode
from html import escape

import pandas as pd
from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing

from handout import contents, figures, fonts
from handout.contents import Handout

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a2129; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
.disclaimer { position: sticky; top: 0; background: #fff;
  font-weight: 600; padding: .5rem 0; border-bottom: 1px solid #888; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .4rem .3rem 0; border-bottom: 1px solid #ccc; }
tbody th { font-weight: normal; }
table.pairs { overflow-wrap: anywhere; }
tbody th.group { font-weight: bold; padding-top: .8rem; }
.beside { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: 0; max-width: 22rem; }
svg { max-width: 100%; height: auto; }
.note { font-size: .85rem; color: #444; }
@media print { .disclaimer { position: fixed; width: 100%; } body { padding-top: 2.5rem; } }
"""


def write(handout: Handout) -> bytes:
    """The file's bytes, UTF-8."""
    fonts.register()
    body = "".join(
        f"<h2>{escape(section.heading)}</h2>{''.join(_of(block) for block in section.blocks)}"
        for section in handout.sections
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(handout.title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f'<p class="disclaimer">{escape(handout.disclaimer)} · {handout.made_on.isoformat()}</p>'
        f"<h1>{escape(handout.title)}</h1>{body}</body></html>"
    ).encode()


def _of(block: contents.Block) -> str:
    match block:
        case contents.Words(text):
            return f"<p>{escape(text)}</p>"
        case contents.Points(lines):
            return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        case contents.Table(title, _, note):
            above = f"<h3>{escape(title)}</h3>" if title else ""
            below = f"<p class='note'>{escape(note)}</p>" if note else ""
            return f"{above}{_table(block)}{below}"
        case contents.RocCurves(models):
            return f"<figure>{_svg(figures.roc(models))}</figure>"
        case contents.Matrices(models):
            return _beside(_svg(figures.matrix(it)) for it in models)
        case contents.Children(models):
            return _beside(
                f"{_svg(figures.thousand(it))}<figcaption>{escape(it.sentence)}</figcaption>" for it in models
            )
        case contents.Costs():
            return f"<figure>{_svg(figures.costs(block))}</figure>"
        case contents.Figures(shown):
            return _beside(f"{_image(it)}<figcaption>{escape(it.caption)}</figcaption>" for it in shown)


def _image(figure: contents.Figure) -> str:
    return f"<img alt='{escape(figure.caption)}' src='data:image/jpeg;base64,{b64encode(figure.jpeg).decode()}'>"


def _beside(drawn) -> str:
    return f"<div class='beside'>{''.join(f'<figure>{it}</figure>' for it in drawn)}</div>"


def _table(it: contents.Table) -> str:
    head = "".join(f"<th scope='col'>{escape(str(column))}</th>" for column in it.frame.columns)
    body = "".join(f"<tbody>{_group(name, it)}{_rows(rows)}</tbody>" for name, rows in it.groups)
    # Of two columns one may hold what has no spaces: a path, a hash.
    pairs = " class='pairs'" if len(it.frame.columns) == 1 else ""
    return f"<div class='wide'><table{pairs}><thead><tr><th></th>{head}</tr></thead>{body}</table></div>"


def _group(name: str, it: contents.Table) -> str:
    wide = len(it.frame.columns) + 1
    return f"<tr><th scope='rowgroup' class='group' colspan='{wide}'>{escape(name)}</th></tr>" if name else ""


def _rows(frame: pd.DataFrame) -> str:
    return "".join(
        f"<tr><th scope='row'>{escape(str(name))}</th>{''.join(f'<td>{escape(str(it))}</td>' for it in row)}</tr>"
        for name, row in zip(frame.index, frame.itertuples(index=False), strict=True)
    )


def _svg(drawn: Drawing) -> str:
    """The drawing as an element of the page: without the file's own head, and with letters every browser has."""
    text = renderSVG.drawToString(drawn)
    return re.sub(fonts.REGULAR, "DejaVu Sans, system-ui, sans-serif", text[text.index("<svg") :])
