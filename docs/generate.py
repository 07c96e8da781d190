"""Writes docs/reference/ from the program, so that it cannot say anything else.

``make docs`` writes; ``make check`` runs it with ``--check``, which writes nothing and fails
where a page differs from what the program would say now.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from darkhours.cli import app
from darkhours.model import errors, signal
from darkhours.model.errors import DarkhoursError

FOLDER = Path(__file__).resolve().parent / "reference"
PACKAGE = Path(errors.__file__).resolve().parents[1]
DOCUMENTS = ("account", "outages")
EXIT_CODES = """\
| code | means |
|---|---|
| 0 | fine |
| 1 | our bug: please report it |
| 2 | usage: a flag or a setting that does not exist or is out of range |
| 3 | bad input: a file, case or claim that a person must mend |
| 4 | a source did not answer, or not in a form that we can read |
| 130 | interrupted |
"""


def ask(*words: str) -> str:
    """Return what the program prints, at a fixed width and without colour.

    Raises:
        RuntimeError: the program failed.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DARKHOURS", "FORCE_COLOR"))
    }
    environment |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "darkhours", *words]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)
    if ran.returncode != 0:
        message = f"darkhours {' '.join(words)}: expected exit 0, got {ran.returncode}: {ran.stderr}"
        raise RuntimeError(message)
    return "\n".join(line.rstrip() for line in ran.stdout.strip("\n").splitlines()) + "\n"


def list_commands() -> list[str]:
    """Return the names of all commands; after one that has commands of its own, each of those."""
    found = []
    for name in sorted(name for name in app if not name.startswith("-")):
        found += [name, *(f"{name} {part}" for part in app[name] if not part.startswith("-"))]
    return found


def describe_commands() -> str:
    """Return the page of the command line: the help of the program and of every command."""
    helps = {name: ask(*name.split(), "--help") for name in list_commands()}
    sections = [f"## darkhours {name}\n\n```text\n{text}```\n" for name, text in helps.items()]
    opening = (
        "# The command line\n\n"
        "Written by `make docs` from the program itself. Data goes to stdout, words to stderr;\n"
        "every command takes `--help`.\n"
    )
    return "\n".join([opening, f"```text\n{ask('--help')}```\n", f"## Exit codes\n\n{EXIT_CODES}", *sections])


def describe_errors() -> str:
    """Return the page of the errors: the tree, then each with what it says of itself."""
    tree = (errors.__doc__ or "").split("\n\n")[1]
    opening = (
        "# Errors\n\nWritten by `make docs` from `darkhours.model.errors`. Named by what the caller can do.\n"
    )
    rows = [
        f"- **`{kind.__name__}`**: {(kind.__doc__ or '').split(chr(10))[0]}" for kind in _walk(DarkhoursError)
    ]
    return f"{opening}\n```text\n{tree}\n```\n\n" + "\n".join(rows) + "\n"


def _walk(kind: type[DarkhoursError]) -> Iterator[type[DarkhoursError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _walk(below)


def describe_signals() -> str:
    """Return the page of the signals: each by its name, with what it senses and which way trouble goes."""
    opening = (
        "# Signals\n\nWritten by `make docs` from `darkhours.model.signal`. A signal of another name is\n"
        "told by its first word and its ending; `--kind` and `--worse` win over both.\n"
    )
    head = "| signal | senses | kind | worse | what it is |\n|---|---|---|---|---|"
    rows = [
        f"| `{each.name}` | {each.sense} | {each.kind} | {each.worse} | {each.about} |"
        for each in signal.SIGNALS.values()
    ]
    words = {
        "count": "things counted",
        "gauge": "a level in a unit",
        "index": "a share of ordinary",
    }
    kinds = [f"- **{kind}**: {about}" for kind, about in words.items()]
    return "\n".join([opening, head, *rows, "\n## Kinds\n", *kinds]) + "\n"


def describe_files() -> str:
    """Return the page of the files: each with the line it opens with, room by room."""
    opening = "# Files\n\nWritten by `make docs` from the line that each file opens with.\n"
    paths = sorted(PACKAGE.rglob("*.py"), key=lambda path: (path.parent != PACKAGE, path.as_posix()))
    sections: dict[str, list[str]] = {}
    for path in paths:
        folder = path.parent.relative_to(PACKAGE.parent).as_posix()
        rows = sections.setdefault(folder, [])
        said = _read_opening(path)
        rows.append(f"{said}\n" if path.name == "__init__.py" else f"- `{path.name}`: {said}")
    return "\n".join([opening, *(_join_section(folder, rows) for folder, rows in sections.items())])


def describe_api() -> str:
    """Return the page of the interface: every route with what it takes and what it answers."""
    from darkhours.app.serve import make_site  # noqa: PLC0415 — an extra, and slow to load
    from darkhours.web.run import settings_of  # noqa: PLC0415
    from darkhours.web.server import ABOUT, make_app  # noqa: PLC0415

    told = make_app(make_site(None, None), settings_of("127.0.0.1", 8000)).openapi()
    opening = (
        "# The interface\n\n"
        "Written by `make docs` from the program itself; the whole description, with every schema, is what\n"
        f"a site tells at `/api/v1/openapi.json`.\n\n{textwrap.fill(ABOUT, 110)}\n"
    )
    routes = [
        _describe_route(path, method, route)
        for path, methods in told["paths"].items()
        for method, route in methods.items()
    ]
    return "\n".join([opening, *routes])


def _describe_route(path: str, method: str, route: dict[str, Any]) -> str:
    about = route.get("description") or route["summary"]
    lines = [f"## {method.upper()} `{path}`\n", about.strip() + "\n"]
    for one in route.get("parameters", ()):
        schema = one["schema"]
        bounds = [f"{word} {schema[name]}" for name, word in BOUNDS.items() if name in schema]
        usual = f"; {schema['default']} unless told" if schema.get("default") not in (None, "", []) else ""
        needed = ", needed" if one.get("required") and one["in"] != "path" else ""
        extra = f" ({', '.join(bounds)}{usual}{needed})" if bounds or usual or needed else ""
        lines.append(f"- `{one['name']}` ({one['in']}): {one.get('description', '')}{extra}")
    answers = [
        f"{status} {' '.join(f'`{media}`' for media in answer.get('content', ()))}".strip()
        for status, answer in sorted(route["responses"].items())
    ]
    good = [each for each in answers if each[0] in "23"]
    bad = [each[:3] for each in answers if each[0] in "45"]
    lines.append(f"\nAnswers: {', '.join(good)}. Problems: {', '.join(bad)}.\n")
    return "\n".join(lines)


BOUNDS = {"minimum": "from", "maximum": "to"}


def _join_section(folder: str, rows: list[str]) -> str:
    return "\n".join([f"## {folder}/\n", *rows]).rstrip("\n") + "\n"


def _read_opening(path: Path) -> str:
    """Return the first paragraph of a file's docstring, on one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def make_pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    schemas = {f"{name}.schema.json": ask("schema", name) for name in DOCUMENTS}
    return {
        "api.md": describe_api(),
        "cli.md": describe_commands(),
        "errors.md": describe_errors(),
        "files.md": describe_files(),
        "signals.md": describe_signals(),
        **schemas,
    }


def find_drift(pages: dict[str, str]) -> list[str]:
    """Return one line for every line in which a page and the program differ."""
    drift = []
    for name, text in pages.items():
        path = FOLDER / name
        written = path.read_text(encoding="utf-8") if path.is_file() else ""
        lines = difflib.unified_diff(
            written.splitlines(), text.splitlines(), name, "the program", lineterm="", n=0
        )
        drift += [f"{name}: {line}" for line in lines]
    drift += [f"{path.name}: nothing writes it" for path in FOLDER.glob("*") if path.name not in pages]
    return drift


def main() -> int:
    """Write the pages, or with ``--check`` only compare; 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a page differs")
    pages = make_pages()
    if parser.parse_args().check:
        drift = find_drift(pages)
        print("\n".join(drift) or "docs/reference agrees with the program")
        if drift:
            print("docs/reference: the program has moved on; run: make docs", file=sys.stderr)
        return 1 if drift else 0
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"wrote {', '.join(pages)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
