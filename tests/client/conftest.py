"""The application at an address of its own."""

from tests.cli.conftest import url as url
