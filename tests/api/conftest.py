"""What tests of the API's own description share."""

from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Describe the API once: nobody changes the description."""
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("described")))
    app.state.services.engine.dispose()
    description: dict[str, Any] = app.openapi()
    return description
