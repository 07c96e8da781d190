"""The cases that ship with the program: data only, one folder per case with its ``case.toml``.

No code lives here. `darkhours.app.cases` lists them and `darkhours.claims` reads them, exactly
as it reads a case of yours; ``docs/how-to/write-a-case.md`` tells how one is written.
"""
