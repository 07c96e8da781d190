"""The command line: parses arguments, calls a use case; data to stdout, words to stderr.

Anything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from darkhours import __version__
from darkhours.app.codes import EXIT_BUG, EXIT_INPUT, EXIT_INTERRUPTED, EXIT_USAGE, exit_code
from darkhours.app.config import read_config
from darkhours.app.flags import NO_FLAGS, File, Json, TableFlags, Told
from darkhours.app.screen import put, put_accounts, put_either, put_path, say, working, working_through
from darkhours.cli_detect import detect, watch
from darkhours.cli_store import store
from darkhours.model.errors import DarkhoursError

EPILOGUE = "Exit codes: 0 fine, 2 usage, 3 bad input, 4 source unavailable. A case may be a path too."

app = App(
    name="darkhours",
    help="Evidence in, account out: when a place lost the Internet, when it came back, and how sure we are.",
    help_epilogue=EPILOGUE,
    version=f"darkhours {__version__}",
    default_parameter=Parameter(negative=()),
    help_format="plaintext",
)
FETCH = "Ask a live service for a place, and keep what it measured as a table that outages reads."
app.command("darkhours.app.fetch:fetch", name="fetch", help=FETCH, sort_key=4)
app.command(detect, sort_key=11)
app.command(watch, sort_key=11)
app.command(store)
app.command("darkhours.app.mrt:commands", name="mrt", sort_key=11)
app.command(
    "darkhours.cli_serve:serve", name="serve", help="Serve an archive and the cases as a site.", sort_key=12
)


@app.command(sort_key=1)
def demo(*, out: File = None, json: Json = False, config: Told) -> int:
    """Show what this does: Almaty in January 2022, from published reports to a page.

    Args:
        out: The page to write; darkhours-almaty-2022.html in this folder unless told.
        json: Print the accounts as one JSON document instead of the story.
        config: What the program was told from outside.
    """
    from darkhours.app.demo import DEMO_PAGE, run_demo  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.app.files import refuse_unwritable  # noqa: PLC0415 — keeps `--help` fast

    refuse_unwritable(out or DEMO_PAGE)
    with working("reading reports, weighing them, drawing the page"):
        made = run_demo(out or DEMO_PAGE)
    if json:
        put(made.answer.as_json(whole=True))
        return 0
    footer = (
        f"The page  {made.page}",
        "Next      darkhours account almaty-2022 --as-of 2022-01-10T06:00Z   (what was known then)",
        "The site  make serve   (Almaty and a generated fortnight; installed: darkhours serve --demo)",
    )
    put_accounts(made.answer.lanes, made.answer.case, config.screen, footer=footer)
    return 0


@app.command(sort_key=2)
def account(
    case: str,
    /,
    *,
    entity: str | None = None,
    service: str = "internet",
    as_of: str | None = None,
    seed: int | None = None,
    step: str = "15m",
    all_: Annotated[bool, Parameter(name="--all", show_default=False)] = False,
    json: Json = False,
    html: File = None,
    svg: File = None,
    pdf: File = None,
    csv: File = None,
    lang: str = "en",
    config: Told,
) -> int:
    """Make the account of a case: its story, or one of the forms below.

    Args:
        case: Name of a case (see: darkhours cases), or the path of a case.toml.
        entity: Name or id of the place; the first of the case unless told.
        service: internet, fixed, mobile, web, messaging, social, voice, sms or payments.
        as_of: Only what was published by this time counts, such as 2022-01-10T06:00Z.
        seed: Seed of the samples behind every interval: the same seed, the same bytes.
        step: Width of a bin of time, such as 5m, 15m or 1h.
        all_: Every entity and service of the case.
        json: Print the account as JSON (see: darkhours schema account).
        html: Write the page to this file.
        svg: Write the drawing to this file.
        pdf: Write pages to file to this PDF: statement, windows, method, evidence, hashes.
        csv: Write the windows as a table to this file.
        lang: Language of the story, page, drawing or PDF: en, ru, kk, fa, ar or my.
        config: What the program was told from outside.
    """
    from darkhours.app import publish  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.app.instants import read_instant, read_step  # noqa: PLC0415 — keeps `--help` fast

    files = {"--html": html, "--svg": svg, "--pdf": pdf, "--csv": csv}
    publish.refuse_several({"--json": json, **files})
    instant = None if as_of is None else read_instant(as_of)
    beside = (html is not None or svg is not None) and not all_
    question = publish.Question(case, entity, service, instant, seed, read_step(step), all_, beside, lang)
    chosen = publish.pick_file(files, everything=all_, json=json, lang=lang)
    with working(f"making the account of {case}"):
        answer = publish.answer(question, config.cases)
    if chosen is not None:
        return put_path(publish.WRITERS[chosen[0]](answer, chosen[1]))
    if json:
        put(answer.as_json())
    else:
        put_accounts(answer.accounts, answer.case, config.screen, brief=all_, lang=lang)
    return 0


@app.command(sort_key=3)
def outages(
    files: list[Path],
    /,
    *,
    how: Annotated[TableFlags, Parameter(name="*")] = NO_FLAGS,
    live: bool = False,
    as_of: str | None = None,
    seed: int | None = None,
    json: Json = False,
    html: File = None,
    csv: File = None,
    lang: str = "en",
    config: Told,
) -> int:
    """Find the outages in measured values: any CSV or Parquet, or the export of a source that is known.

    Args:
        files: One or more files; a format of its own (ioda-csv, monash, …) is found where it is certain.
        how: How to read them.
        live: What was known at each hour, without looking ahead.
        as_of: Only what was measured by this time counts, such as 2019-11-17T12:00Z.
        seed: Seed of the samples behind every interval: the same seed, the same bytes.
        json: Print the accounts as one JSON document (see: darkhours schema outages).
        html: Write the page to this file.
        csv: Write every place with its hours as a table to this file.
        lang: Language of the page: en, ru, kk, fa, ar or my.
        config: What the program was told from outside.
    """
    from darkhours.app import outages as use_case  # noqa: PLC0415 — keeps `--help` fast

    form = use_case.pick_form({"json": json, "html": html, "csv": csv}, lang)
    wish = use_case.make_wish(files, how, live=live, as_of=as_of, seed=seed, pictures=html is not None)
    with working_through("places done") as progress:
        outcome = use_case.find(wish, progress)
    use_case.show(outcome, form, html or csv, config.screen, lang)
    return 0


@app.command(sort_key=3)
def check(case: str, /, *, json: Json = False, config: Told) -> int:
    """Check a case: everything that is wrong with it at once, or what it holds.

    Args:
        case: Name of a case, or the path of a case.toml or of its folder.
        json: Print the report as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.check import check_case  # noqa: PLC0415 — keeps `--help` fast

    report = check_case(case, config.cases)
    put_either(report.as_text, report.as_json, json=json)
    return 0 if report.fine else EXIT_INPUT


@app.command(sort_key=4)
def new(
    case_id: str,
    /,
    *,
    entity: list[str] | None = None,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    until: str | None = None,
    folder: File = None,
    json: Json = False,
    config: Told,
) -> int:
    """Begin a case: a case.toml to fill in, in a new folder of its name.

    Args:
        case_id: Small letters, digits and hyphens, place and year, such as almaty-2022.
        entity: Name or id of a place it is about, the first of all first; can be repeated.
        from_: First day, such as 2022-01-02; begin some days before the trouble.
        until: Day after the last; end at least three days after the last return.
        folder: Where the new folder is made; $DARKHOURS_CASES, or this folder, unless told.
        json: Print where it is as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.instants import read_date  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.app.new import Beginning, begin_case  # noqa: PLC0415 — keeps `--help` fast

    start = None if from_ is None else read_date(from_, "--from")
    end = None if until is None else read_date(until, "--until")
    path = begin_case(Beginning(case_id, entity or (), start, end), folder or config.cases or Path())
    put_either(lambda: str(path), lambda: {"case": case_id, "path": str(path)}, json=json)
    say(f"Fill it in, then: darkhours check {path}")
    return 0


@app.command(sort_key=5)
def diff(before: str, after: str, /, *, json: Json = False, config: Told) -> int:
    """Tell what moved between two accounts.

    Each is a file from `darkhours account … --json`, or CASE@TIME: the account of a case
    from what was published by then.

    Args:
        before: The first account, such as old.json or almaty-2022@2022-01-10T06:00Z.
        after: The second account.
        json: Print the changes as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.diff import diff_accounts  # noqa: PLC0415 — keeps `--help` fast

    with working("comparing"):
        found = diff_accounts(before, after, config.cases)
    told = {"before": before, "after": after, "accounts": [item.as_json() for item in found]}
    put_either(lambda: "\n".join(item.as_text() for item in found), lambda: told, json=json)
    return 0


@app.command(sort_key=6)
def cases(*, json: Json = False, config: Told) -> int:
    """List the cases that have a name: those shipped, and those under $DARKHOURS_CASES.

    Args:
        json: Print the list as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.cases import list_cases  # noqa: PLC0415 — keeps `--help` fast

    found = list_cases(config.cases)
    put_either(
        lambda: "\n".join(line.as_text() for line in found),
        lambda: {"cases": [line.as_json() for line in found]},
        json=json,
    )
    return 0


@app.command(sort_key=7)
def entity(
    name: str,
    /,
    *,
    at: str | None = None,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Say what a name means: its id, its zone, what it lies in.

    Args:
        name: A name in any script, an ISO code, or an id such as city:1526384 or asn:9198.
        at: Names and borders of this day, such as 2022-01-05; today's unless told.
        json: Print it as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.entity import describe_entity  # noqa: PLC0415 — keeps `--help` fast
    from darkhours.app.instants import read_date  # noqa: PLC0415 — keeps `--help` fast

    card = describe_entity(name, None if at is None else read_date(at, "--at"))
    put_either(card.as_text, card.as_json, json=json)
    return 0


@app.command(sort_key=8)
def schema(
    document: Literal["account", "outages"] = "account",
    /,
    *,
    json: Json = False,  # noqa: ARG001 — it is JSON already; the flag is there as everywhere
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Print the JSON Schema of a document.

    Args:
        document: account (one entity and service) or outages (several accounts).
        json: Changes nothing: a schema is JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.schema import show_schema  # noqa: PLC0415 — keeps `--help` fast

    put(show_schema(document))
    return 0


@app.command(sort_key=9)
def doctor(*, json: Json = False, config: Told) -> int:
    """Examine the installation; every failure names its fix.

    Args:
        json: Print the findings as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.doctor import examine  # noqa: PLC0415 — keeps `--help` fast

    found = examine(config.cases, Path.cwd(), config.screen.describe(), config.archive)
    put_either(
        lambda: "\n".join(finding.as_text() for finding in found),
        lambda: {"findings": [asdict(finding) for finding in found]},
        json=json,
    )
    return EXIT_INPUT if any(finding.verdict == "broken" for finding in found) else 0


@app.command(sort_key=10)
def score(
    accounts: File = None,
    /,
    *,
    truth: File = None,
    synthetic: Annotated[bool, Parameter(name="--synthetic", show_default=False)] = False,
    recipe: list[str] | None = None,
    detector: list[str] | None = None,
    seeds: int | None = None,
    json: Json = False,
    config: Told,  # noqa: ARG001 — every command takes it
) -> int:
    """Score accounts against what truly happened, or detectors on synthetic truth.

    Events match one to one where they overlap by half or more of what they cover together.

    Args:
        accounts: Saved accounts, such as those of darkhours account CASE --all --json.
        truth: What truly happened: CSV with the columns entity,start,end,state.
        synthetic: Run detectors on synthetic truth instead, recipe by recipe.
        recipe: A recipe of synthetic truth, such as curfew-70; can be repeated; all unless told.
        detector: What is scored, such as ioda, chocolatine or cusum; can be repeated.
        seeds: How many draws of each recipe; 1 unless told.
        json: Print the scores as JSON.
        config: What the program was told from outside.
    """
    from darkhours.app.score import choose_scores  # noqa: PLC0415 — keeps `--help` fast

    with working("scoring"):
        scores = choose_scores(
            accounts, truth, synthetic=synthetic, recipes=recipe, detectors=detector, seeds=seeds
        )
    put_either(scores.as_text, scores.as_json, json=json)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    Args:
        argv: arguments without the program's name; those of the process unless given.
    """
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("interrupted")
        return EXIT_INTERRUPTED
    except DarkhoursError as error:
        say("\n".join([f"darkhours: {error}", *getattr(error, "__notes__", ())]))
        return exit_code(error)
    except Exception:  # the last line of defence; everywhere else errors are named
        logging.getLogger("darkhours").exception(
            "darkhours: this is our bug, not yours; please report it with:"
        )
        return EXIT_BUG


def _run(tokens: list[str]) -> int:
    """Parse the arguments and call the command."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        command, bound, ignored = app.parse_args(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        say(f"darkhours: {error}\nsee: darkhours --help")
        return EXIT_USAGE
    extra = {"config": read_config(os.environ)} if "config" in ignored else {}
    result = command(*bound.args, **bound.kwargs, **extra)
    sys.stdout.flush()
    return result if isinstance(result, int) else 0
