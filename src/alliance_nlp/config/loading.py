"""``alliance.toml`` read, checked and extended."""

from __future__ import annotations

import difflib
import json
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

from alliance_nlp.config.issues import StyleSettings
from alliance_nlp.config.settings import Settings
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.rank import check_weights


def load_settings(file: Path | None) -> Settings:
    """Read the settings of a workspace; without a file, the defaults and the environment.

    Raises
    ------
    ConfigError
        If the file is no TOML, or a key is unknown or holds what it must not. The message names
        file and key, and what is wanted.
    """

    class _FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = _FromFile()
        settings.read_sources()
        check_weights(settings.rank.weights)
        _check_style(settings.digest.style)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}; mend that line") from error
    except SettingsError as error:
        raise ConfigError(f"an ALLIANCE_ variable cannot be read: {error}") from error
    except ValidationError as error:
        raise ConfigError(_explain(error, file)) from error
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}") from error
    return settings


def _check_style(style: StyleSettings) -> None:
    if style != StyleSettings():  # the rules are worth loading only where they are changed
        from alliance_nlp.digest.style import house_rules

        house_rules(**style.model_dump())


def append_sources(file: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Append ``[[sources]]`` entries to a configuration; what stands in it stays as it is.

    Raises
    ------
    ConfigError
        If the file would not be in order afterwards; it is left as it was.
    """
    lines = [f"\n[[sources]]\n{_toml(entry)}" for entry in entries]
    kept = file.resolve()  # of a link, what it leads to is replaced
    trial = kept.with_name(f".{kept.name}.new")
    try:
        text = kept.read_text(encoding="utf-8")
        trial.write_text(text.rstrip("\n") + "\n" + "".join(lines), encoding="utf-8")
        shutil.copymode(kept, trial)
        load_settings(trial)
        trial.replace(kept)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror or error}") from error
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(trial), f"{file}, if changed so")) from error
    finally:
        trial.unlink(missing_ok=True)


def _toml(entry: Mapping[str, Any]) -> str:
    # JSON's strings, numbers, booleans and lists are TOML's too; no value here is deeper.
    return "".join(f"{name} = {_toml_value(value)}\n" for name, value in entry.items())


def _toml_value(value: Any) -> str:
    # JSON lets the control character DEL stand, TOML does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _explain(error: ValidationError, file: Path | None) -> str:
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    key = ".".join(path)
    where = str(file) if file else "the settings"
    if first["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        close = difflib.get_close_matches(path[-1], known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known here: {', '.join(known)}"
        return f"{where}: unknown key {key!r}; {hint}"
    # An address may hold a password, which is no one's to read in a log.
    found = re.sub(r"//[^/\s]*@", "//…@", repr(first["input"]))
    return f"{where}: {key} = {found} will not do: {first['msg']}"


def _known_keys(path: list[str]) -> list[str]:
    model: Any = Settings
    for part in path:
        model = model.model_fields[part].annotation
        # A section that may be missing is of a type or None.
        model = next((one for one in get_args(model) if one is not type(None)), model)
    return list(model.model_fields)
