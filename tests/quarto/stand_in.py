"""Stands in for the program Quarto: writes down how it is called, and says what it is told to say.

It knows nothing of Markdown, and no test may take what it makes for what Quarto would make.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

VARIABLE = "STAND_IN_FOLDER"
"""Names the folder that holds `plan.json`, and that the calls are written to."""


def put(folder: Path, **plan: object) -> Path:
    """Make an executable `quarto` in `folder`; return its path.

    Args:
        folder: an empty one of its own.
        plan: `version`; per render `code`, `stderr` and `stdout` (text, or hexadecimal under
            `stderr_hex`), `make` (the content of the file, None for no file), `hang` (start a
            grandchild that leads a session of its own, and wait).
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    script = Path(__file__).resolve()
    if sys.platform == "win32":
        program = folder / "quarto.cmd"
        program.write_text(
            f'@set {VARIABLE}={folder}\n@"{sys.executable}" "{script}" %*\n@exit /b %errorlevel%\n'
        )
        return program
    program = folder / "quarto"
    program.write_text(f"#!/bin/sh\n{VARIABLE}='{folder}' '{sys.executable}' '{script}' \"$@\"\n")
    program.chmod(0o755)
    return program


def calls(folder: Path) -> list[dict[str, object]]:
    """Return how it was called, the calls for a version left out, in order of their files."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("call-*.json"))]
    return [call for call in found if call["arguments"] != ["--version"]]


def main(arguments: list[str]) -> int:
    """Be Quarto."""
    folder = Path(os.environ[VARIABLE])
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    here = Path.cwd()
    rendering = arguments[:1] == ["render"]
    call = {
        "arguments": arguments,
        "folder": str(here),
        "files": {
            path.relative_to(here).as_posix(): path.read_bytes().decode("utf-8", "replace")
            for path in sorted(here.rglob("*"))
            if rendering and path.is_file()
        },
        "environment": dict(os.environ),
    }
    (folder / f"call-{os.getpid()}.json").write_text(json.dumps(call), encoding="utf-8")
    if not rendering:
        print(plan.get("version", "1.9.37"))
        return 0
    if plan.get("hang"):
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
        )
        ready = folder / "pids.part"
        ready.write_text(json.dumps([os.getpid(), child.pid]), encoding="utf-8")
        ready.rename(folder / "pids.json")
        time.sleep(600)
    sys.stdout.write(plan.get("stdout", ""))
    sys.stdout.flush()
    sys.stderr.buffer.write(bytes.fromhex(plan.get("stderr_hex", "")))
    sys.stderr.buffer.write(plan.get("stderr", "").encode("utf-8"))
    make = plan.get("make", "{to}: {text}")
    if make is not None:
        to = arguments[arguments.index("--to") + 1]
        text = Path(arguments[1])
        # A moment, so that parallel calls are there at the same time
        time.sleep(plan.get("pause", 0))
        made = make.format(to=to, text=text.read_text("utf-8"))
        suffix = {"typst": ".pdf"}.get(to, f".{to}")
        text.with_suffix(suffix).write_text(made, encoding="utf-8")
    return int(plan.get("code", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
