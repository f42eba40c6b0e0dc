"""``digitize``: builds the command line from one module per command.

A command module exposes ``register(app)``, which adds its command (or its group of commands) to the typer app. Only the module
of the command that was called is imported: `digitize up` starts six children, and none should load what only another one needs.

Exit codes (CONTRACT, ``digitize scan``): 0 all done, 2 wrong usage, 3 an input was refused, 4 done but some pages failed,
5 a needed program or model is missing, 70 our defect.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module

import typer

from commands.exit_codes import ExitCode
from models.errors import DigitizeError, MissingProgram, Refusal

COMMANDS: dict[str, tuple[str, ...]] = {  # module: the words it answers to, in the order that `digitize --help` shows
    "commands.up": ("up",),
    "commands.scan": ("scan",),
    "commands.classify": ("classify",),
    "commands.demo": ("demo",),
    "commands.doctor": ("doctor",),
    "commands.people": ("agency", "account", "station"),
    "commands.catalog": ("catalog",),
    "commands.report": ("report",),
    "commands.inventory": ("inventory",),
    "commands.handover": ("handover",),
    "commands.webhook": ("webhook",),
    "commands.separators": ("separators",),
    "commands.batch": ("batch",),
    "commands.learn": ("learn",),
    "commands.verify": ("verify",),
    "commands.api": ("api", "migrate"),
    "commands.worker": ("worker", "sweep"),
}


def build_app(called: str | None = None) -> typer.Typer:
    """The typer app: with the module of the command ``called`` only, or with all when it is none of ours (help, a slip)."""
    app = typer.Typer(
        name="digitize",
        help="Số hóa hồ sơ giấy của Bộ phận Một cửa. / Turns the paper dossiers of a one-stop counter into searchable PDFs.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )

    @app.callback()
    def group() -> None:
        """Keeps ``digitize COMMAND`` as the form even while there is only one command."""

    modules = [name for name, words in COMMANDS.items() if called in words] or list(COMMANDS)
    for name in modules:
        import_module(name).register(app)
    return app


def run() -> None:
    """Entry point of the ``digitize`` script: coded errors become one line and their exit code, never a traceback."""
    try:
        build_app(sys.argv[1] if len(sys.argv) > 1 else None)()
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except MissingProgram as error:
        _fail(error, ExitCode.MISSING)
    except Refusal as error:
        _fail(error, ExitCode.REFUSED)
    except DigitizeError as error:
        _fail(error, ExitCode.DEFECT)
    except BrokenPipeError:
        # The reader of our stdout went away (``| head``); there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except Exception:  # noqa: BLE001 - the last resort: anything else is our defect, and says so
        traceback.print_exc()
        sys.exit(ExitCode.DEFECT)


def _fail(error: DigitizeError, code: ExitCode) -> None:
    typer.echo(f"{error.code}: {error.detail}\n{error.advice_vi}\n{error.advice_en}", err=True)
    sys.exit(code)
