"""Which Quarto there is, and whether it is new enough."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from berattelse.errors import ToolError
from berattelse.typeset.quarto.run import Runner, TimedOutError

VARIABLE = "QUARTO_PATH"
"""Names Quarto, as it does for Quarto's own packages for Python and R."""
WANTED = (1, 6)
LIMIT_S = 60.0
"""Seconds that a program may take to say its version."""

_WHY = "Först från 1.6 läser Quarto _brand.yml, så att kommunens profil följer med."
_INSTALL = (
    "Installera Quarto från https://quarto.org/docs/get-started/ eller skriv i {variable} "
    "(eller som «quarto:» under «berattelse:» i _quarto.yml) var programmet ligger. "
    "Utan Quarto: «--typsattare inbyggd»."
)


def install() -> str:
    """Return what to do where there is no Quarto, in Swedish."""
    return _INSTALL.format(variable=f"miljövariabeln {VARIABLE}")


def find(setting: str, root: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Return the Quarto to run: of the setting, else of `QUARTO_PATH`, else of PATH.

    A named one that does not exist is a fault: another version would be taken in silence else.

    Args:
        setting: `quarto:` of our block in `_quarto.yml`; a program or the folder that holds it,
            seen from `root`. Empty where it says nothing.
        root: the project's folder.
        environment: the variables; those of this process where none are given.

    Raises:
        ToolError: there is none, with how to install it.
    """
    environment = os.environ if environment is None else environment
    named = {
        "«quarto:» i _quarto.yml": str(root / Path(setting).expanduser()) if setting else "",
        VARIABLE: environment.get(VARIABLE, ""),
    }
    for origin, name in named.items():
        if name:
            found = _program(Path(name))
            if found is None:
                raise ToolError(f"{origin} pekar på {name}, där Quarto inte finns.",
                                remedy=install())  # fmt: skip
            return found.absolute()
    on_path = shutil.which("quarto", path=environment.get("PATH"))
    if on_path is None:
        raise ToolError("Quarto finns inte på den här datorn.", remedy=install())
    # Quarto runs in a folder of its own, from where a relative path leads nowhere
    return Path(on_path).absolute()


def _program(path: Path) -> Path | None:
    names = ("quarto.exe", "quarto.cmd", "quarto") if sys.platform == "win32" else ("quarto",)
    inside = [path / sub / name for sub in ("", "bin") for name in names]
    tried = (path, *(path.with_suffix(end) for end in (".exe", ".cmd")), *inside)
    return next((each for each in tried if each.is_file()), None)


def version(program: Path, runner: Runner, environment: Mapping[str, str]) -> str:
    """Return the version that a Quarto says it has, once it is new enough.

    Raises:
        ToolError: it cannot be run, or is older than `WANTED`, with why that is too old.
    """
    try:
        done = runner.run(
            [str(program), "--version"],
            folder=program.parent,
            environment=environment,
            limit_s=LIMIT_S,
        )
    except (OSError, TimedOutError) as error:
        told = f": {error.strerror}" if isinstance(error, OSError) else ""
        raise ToolError(f"Quarto ({program}) går inte att köra{told}.", remedy=install()) from error
    found = re.search(r"^\s*v?(\d+(?:\.\d+)+)", done.output, re.MULTILINE)
    if done.code or found is None:
        raise ToolError(f"{program} säger inte vilken version av Quarto det är.", remedy=install())
    if tuple(map(int, found[1].split("."))) < WANTED:
        wanted = ".".join(map(str, WANTED))
        raise ToolError(
            f"Quarto {wanted} eller senare behövs, men {program} är {found[1]}. {_WHY}",
            remedy=install(),
        )
    return found[1]
