"""``python -m commands``: how `digitize up` starts its own child processes, whatever the script is called."""

from commands.main import run

run()
