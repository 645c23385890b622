"""What a model is worth against how large it is."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import LOOKS, canvas
from cxr_models import zoo
from cxr_models.evaluation.tradeoff import Candidate

# Beyond this a name on the right would leave a narrow figure.
ROOM_RIGHT = 5e6


def figure(candidates: Mapping[str, Candidate]) -> go.Figure:
    """AUC with its 95 % interval against the number of parameters (logarithmic), a mark a model."""
    drawn = go.Figure()
    for name, it in candidates.items():
        look, title = LOOKS[name], zoo.spec(name).title
        drawn.add_scatter(
            x=[it.parameters],
            y=[it.auc.value],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [it.auc.high - it.auc.value],
                "arrayminus": [it.auc.value - it.auc.low],
                "thickness": 2,
                "width": 8,
            },
            mode="markers+text",
            text=[f"  {title}  "],
            textposition="middle right" if it.parameters < ROOM_RIGHT else "middle left",
            name=title,
            showlegend=False,
            marker={"color": look.colour, "symbol": look.symbol, "size": 13},
            hovertemplate=f"{title}<br>%{{x:,}} parameters<br>AUC %{{y:.3f}} "
            f"({it.auc.low:.3f} to {it.auc.high:.3f})<extra></extra>",
        )
    drawn.update_xaxes(title="Parameters", type="log", range=[4, 8], dtick=1, zeroline=False)
    drawn.update_yaxes(title="AUC-ROC", tickformat=".2f", zeroline=False)
    return canvas(drawn, height=380)
