"""Swedish for what Typer says by itself: its help pages and its complaints about arguments."""

from __future__ import annotations

import sys
from typing import Any

import typer
import typer.core
from rich.console import Console
from typer import rich_utils

from berattelse.errors import UsageError
from berattelse.model import FORMATS, Format

out_console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
err_console = Console(stderr=True, soft_wrap=True, highlight=False)

rich_utils.OPTIONS_PANEL_TITLE = "Väljare"
rich_utils.COMMANDS_PANEL_TITLE = "Kommandon"
rich_utils.ARGUMENTS_PANEL_TITLE = "Argument"
rich_utils.DEFAULT_STRING = "[förval: {}]"
rich_utils.REQUIRED_LONG_STRING = "[måste anges]"

UsageFault: type[Any] = typer.BadParameter.__mro__[1]
"""Typer's base class for wrong arguments; it has no public name."""


class _Swedish:
    """Mixed into Typer's commands."""

    def get_usage(self, ctx: Any) -> str:
        """Return the line that shows how the command is written."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return (
            usage.replace("Usage:", "Så här:")
            .replace("[OPTIONS]", "[VÄLJARE]")
            .replace("COMMAND [ARGS]...", "KOMMANDO")
        )

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option --help, which explains itself in Swedish."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Visa den här hjälpen."
        return option


class Command(_Swedish, typer.core.TyperCommand):
    """A command."""


class Group(_Swedish, typer.core.TyperGroup):
    """Commands under a common name."""


class RenderByDefault(Group):
    """The commands; `berattelse --kommun x` is taken for `berattelse render --kommun x`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in `render` where no command is named."""
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h")):
            args = ["render", *args]
        return super().parse_args(ctx, args)


def formats(text: str) -> tuple[Format, ...]:
    """Return the formats that a text such as `html,pdf` asks for, in their own order.

    Raises:
        UsageError: an unknown format, or none.
    """
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [part for part in asked if part not in FORMATS]
    if unknown or not asked:
        raise UsageError(
            f"Okänt format «{', '.join(unknown) or text}».",
            remedy=f"Välj bland {', '.join(FORMATS)}.",
        )
    return tuple(format_ for format_ in FORMATS if format_ in asked)


def complaint(fault: Any) -> str:
    """Return what is wrong with the arguments, in Swedish."""
    kind = type(fault).__name__
    if kind == "NoSuchOption":
        near = getattr(fault, "possibilities", None) or []
        hint = f" Menade du {', '.join(near)}?" if near else ""
        return f"Väljaren {fault.option_name} finns inte.{hint}"
    if kind == "MissingParameter":
        return f"Du måste ange {_name(fault)}."
    if kind == "BadParameter":
        return f"Värdet för {_name(fault)} är av fel slag."
    if kind == "BadOptionUsage":
        return f"Väljaren {fault.option_name} ska följas av ett värde."
    message = str(getattr(fault, "message", fault))
    if message.startswith("No such command"):
        name, _, near = message.partition("Did you mean")
        hint = f" Menade du {near.strip(' ?.:')}?" if near else ""
        return f"Kommandot finns inte: {name.split(None, 3)[3].strip(' .')}.{hint}"
    if message.startswith("Got unexpected extra argument"):
        extra = message.rpartition("(")[2].strip(" ).")
        return f"«{extra}» hör inte hemma här; väljare skrivs med två streck, som --kommun."
    return f"Kommandot går inte att tolka ({message})."


def _name(fault: Any) -> str:
    parameter = getattr(fault, "param", None)
    return str(parameter.opts[0]) if parameter is not None else "ett värde"


def run(app: typer.Typer, argv: list[str] | None) -> int:
    """Run the app and return its exit code: 2 for wrong arguments, told in Swedish.

    Raises:
        BerattelseError: what the command itself finds wrong.
    """
    try:
        code = app(args=argv, prog_name="berattelse", standalone_mode=False)
    except UsageFault as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":
            return 2  # the help has been shown
        print(
            f"FEL\n{complaint(fault)}\n  → «berattelse --help» visar hur det skrivs.",
            file=sys.stderr,
        )
        return 2
    except typer.Abort:
        print("Avbrutet.", file=sys.stderr)
        return 1
    return code if isinstance(code, int) else 0
