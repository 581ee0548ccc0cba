"""docs/settings.md: every setting."""

from services.monitor.settings import MonitorSettings


def settings() -> str:
    """Every setting."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from `shared/runtime/settings.py` and the services' own. A wrong setting stops the",
        "process and is named.",
        "",
        "| variable | default | what it is |",
        "|---|---|---|",
    ]
    # The monitor has all that the others have, and more.
    for name, field in MonitorSettings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `VEERKRACHT_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
