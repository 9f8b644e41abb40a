"""The commands of `modelmill`: those of this machine are loaded when asked for.

The database and the broker take a second to load, which nobody should wait for who only
speaks HTTP, or presses Tab.
"""

from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

# Each is a module here, and what it calls its command.
LOCAL = {
    "serve": "serve",
    "worker": "worker",
    "demo": "demo",
    "doctor": "doctor",
    "data": "app",
    "db": "app",
    "keys": "app",
}


class Commands(TyperGroup):
    """Commands that are there, and those that can be loaded."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer hides the base of its context
        return [*super().list_commands(ctx), *LOCAL]

    def get_command(  # type: ignore[override]  # as above
        self, ctx: typer.Context, cmd_name: str
    ) -> TyperCommand | TyperGroup | None:
        if cmd_name in LOCAL:
            return load(cmd_name)
        found = super().get_command(ctx, cmd_name)
        assert found is None or isinstance(found, TyperCommand | TyperGroup)
        return found


def load(name: str) -> TyperCommand | TyperGroup:
    found: object = getattr(import_module(f"app.cli.{name}"), LOCAL[name])
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    assert callable(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    command = get_command(alone)
    assert isinstance(command, TyperCommand)
    return command
