"""Options of commands from a TOML file, for runs that are always the same."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from roundplan.errors import UsageError


def default_map(path: Path, root: Any) -> dict[str, Any]:
    """Return the defaults of a file as click wants them, by command and parameter.

    A section is a command, ``[network.build]`` one in a group; a key is an option
    without its dashes, ``change-price`` or ``change_price``.

    Parameters
    ----------
    root
        The group of all commands. typer brings a click of its own, so that a type of
        click's would say nothing.

    Raises
    ------
    UsageError
        E1002. The file cannot be read, or names a command or option that there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"the defaults {path.name} cannot be read: {error}"
        raise UsageError(msg) from error
    wrong: list[str] = []
    found = _section(content, root, (), wrong)
    if wrong:
        msg = f"the defaults {path.name}: {'; '.join(wrong)}"
        raise UsageError(msg)
    return found


def _section(
    content: dict[str, Any], of: Any, at: tuple[str, ...], wrong: list[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    commands = getattr(of, "commands", None)
    if commands is not None:
        for name, inner in content.items():
            if name not in commands or not isinstance(inner, dict):
                wrong.append(f"[{'.'.join((*at, name))}] is no command")
                continue
            found[name] = _section(inner, commands[name], (*at, name), wrong)
        return found
    options: dict[str, str] = {
        text.lstrip("-").replace("-", "_"): parameter.name
        for parameter in of.params
        for text in parameter.opts
        if text.startswith("--")
    }
    for key, value in content.items():
        parameter = options.get(key.replace("-", "_"))
        if parameter is None:
            wrong.append(f"[{'.'.join(at)}] has no option {key}")
        else:
            found[parameter] = value
    return found
