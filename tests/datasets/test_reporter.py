"""A terminal sees a bar, everything else one plain line."""

from io import StringIO

from rich.console import Console

from app.datasets.reporter import Reporter


def test_a_message_is_one_line_however_long(
    reporter: Reporter, output: StringIO
) -> None:
    reporter.say("a [bold]word[/] " * 20)

    assert output.getvalue() == "a [bold]word[/] " * 20 + "\n"


def test_progress_is_one_line_without_a_terminal(
    reporter: Reporter, output: StringIO
) -> None:
    with reporter.progress("Fetching [1]", 10) as advance:
        advance(4)
        advance(6)

    assert output.getvalue() == "Fetching [1]\n"


def test_progress_is_a_bar_on_a_terminal() -> None:
    output = StringIO()
    reporter = Reporter(Console(file=output, force_terminal=True, width=80))

    with reporter.progress("Fetching [1]", 10) as advance:
        advance(10)

    assert "Fetching [1]" in output.getvalue()
    assert "100%" in output.getvalue()
