"""axe-core in a page: what is wrong for those who read it in other ways."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js").read_text()
RUN = "() => axe.run(document, { resultTypes: ['violations'] })"


def violations(page: Page) -> list[str]:
    """Return each rule that is broken, and where; no policy stops an evaluation."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
