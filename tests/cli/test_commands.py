"""Every command that has an answer has it as JSON too."""

from collections.abc import Iterator

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.cli import cli

# They stay, or show; what they start is asked by the others.
WITHOUT_AN_ANSWER = {"serve", "worker", "demo"}


def commands_of(group: TyperGroup) -> Iterator[tuple[str, TyperCommand]]:
    with group.make_context(group.name, ["--help"], resilient_parsing=True) as context:
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if isinstance(found, TyperGroup):
                yield from ((f"{name} {sub}", it) for sub, it in commands_of(found))
            else:
                assert isinstance(found, TyperCommand)
                yield name, found


def everything() -> dict[str, TyperCommand]:
    group = get_command(cli)
    assert isinstance(group, TyperGroup)
    return dict(commands_of(group))


COMMANDS = everything()


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - WITHOUT_AN_ANSWER))
def test_a_command_answers_in_json_if_asked(name: str) -> None:
    options = {option for one in COMMANDS[name].params for option in one.opts}

    assert "--json" in options
