"""What a model is worth against what it costs."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from charts.style import LOOKS, TOGETHER, canvas, error_bar
from cxr_models.evaluation.tradeoff import AXES, UNITS, Candidate

FRONT = {"color": "#888888", "dash": "dot", "width": 1.5}


def figure(candidates: Mapping[str, Candidate], cost: str, front: Sequence[str]) -> go.Figure:
    """AUC with its 95 % interval against one of `tradeoff.COSTS` (logarithmic), a mark a model; the Pareto front as a
    dotted line.

    Only candidates of which the cost is known.
    """
    divisor, unit = UNITS[cost]
    known = {name: it for name, it in candidates.items() if it.cost(cost) is not None}
    drawn = go.Figure()
    drawn.add_scatter(
        x=[known[name].cost(cost) / divisor for name in front],
        y=[known[name].auc.value for name in front],
        mode="lines", name="Pareto front", line=FRONT, hoverinfo="skip",
    )  # fmt: skip
    for name, it in known.items():
        look = LOOKS.get(name, TOGETHER)
        drawn.add_scatter(
            x=[it.cost(cost) / divisor],
            y=[it.auc.value],
            error_y=error_bar(it.auc, look),
            mode="markers",
            name=it.title,
            marker={"color": look.colour, "symbol": look.symbol, "size": 13},
            hovertemplate=f"{it.title}<br>%{{x:.3g}} {unit}<br>AUC %{{y:.3f}} "
            f"({it.auc.low:.3f} to {it.auc.high:.3f})<extra></extra>",
        )
    drawn.update_xaxes(title=AXES[cost], type="log", dtick=1, zeroline=False)
    drawn.update_yaxes(title="AUC-ROC", tickformat=".2f", zeroline=False)
    return canvas(drawn, height=360)
