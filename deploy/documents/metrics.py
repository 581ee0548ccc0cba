"""docs/metrics.md: every metric, from where it is declared."""

from prometheus_client import Counter, Gauge, Histogram

from services.community import metrics as community_metrics
from services.monitor import metrics as monitor_metrics
from shared.observability import metrics


def metrics_page() -> str:
    """Every metric."""
    lines = [
        "# Metrics",
        "",
        "Made by `make docs` from `shared/observability/metrics.py` and the services' own. Each API serves them at",
        "`/<service>/metrics`; each relay and worker at `/metrics` on its own port (`VEERKRACHT_OPS_PORT`).",
        "",
        "| metric | kind | labels | what it says |",
        "|---|---|---|---|",
    ]
    for item in (*vars(metrics).values(), *vars(community_metrics).values(), *vars(monitor_metrics).values()):
        if isinstance(item, Counter | Gauge | Histogram):
            (described,) = item.describe()
            name = described.name + ("_total" if isinstance(item, Counter) else "")
            labels = ", ".join(f"`{label}`" for label in item._labelnames)
            lines.append(f"| `{name}` | {described.type} | {labels} | {described.documentation} |")
    return "\n".join(lines) + "\n"
