"""What a terminal shows while commands run in it, as one SVG: the picture of the README.

usage: terminal_picture.py OUT.svg COMMAND [FROM TO]…

COMMAND runs on a terminal of its own; lines that it rewrote in place stand as it left them. The picture shows all of
it, or from each line that begins with FROM to the line before the next that begins with TO.
"""

import io
import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

COLUMNS = 116


def run(command: str) -> list[str]:
    """The lines that the command left on its terminal, escape sequences of colour included."""
    terminal, end = pty.openpty()
    termios.tcsetwinsize(terminal, (40, COLUMNS))
    world = {**os.environ, "COLUMNS": str(COLUMNS)}
    with subprocess.Popen(command, shell=True, env=world, stdin=end, stdout=end, stderr=end):
        os.close(end)
        seen = b""
        try:
            while part := os.read(terminal, 65_536):
                seen += part
        except OSError:  # the other side was closed: all was read
            pass
    os.close(terminal)
    return [line.split("\r\x1b[K")[-1] for line in seen.decode().replace("\r\n", "\n").split("\n")]


def between(lines: list[str], first: str, end: str) -> list[str]:
    plain = [Text.from_ansi(line).plain for line in lines]
    begin = next(index for index, line in enumerate(plain) if line.startswith(first))
    return lines[begin : next(index for index in range(begin + 1, len(plain)) if plain[index].startswith(end))]


def main() -> None:
    picture, command, *marks = sys.argv[1:]
    lines = run(command)
    parts = [between(lines, *pair) for pair in zip(marks[::2], marks[1::2], strict=True)] or [lines]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    for part in parts:
        console.print(Text.from_ansi("\n".join(part)))
    svg = console.export_svg(title="retrain", theme=MONOKAI)
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL).replace("Fira Code, ", "")
    svg = re.sub(r"terminal-\d+", "terminal", svg)  # else every drawing has other names for the same
    Path(picture).write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n")


if __name__ == "__main__":
    main()
