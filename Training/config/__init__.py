"""Configurations: one module each, named on the command line by `--config`, single fields changed by `--set FIELD=VALUE`."""
import ast
import importlib
from dataclasses import fields, replace
from pathlib import Path

from config.base import Configuration, OtherConfiguration, Training

__all__ = ["Configuration", "OtherConfiguration", "Training", "load"]


def load(name: str, settings: list[str] = ()) -> tuple[Configuration, Training]:
    """The network and training of a configuration, with fields as settings such as `keypoints=10`, `sources=1,2` and `weights.gan=0.1` say. Throws `ValueError` that says what was wrong."""
    known = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem not in ("__init__", "base"))
    if name not in known:
        raise ValueError(f"there is no configuration {name}: there are {', '.join(known)}")
    module = importlib.import_module(f"config.{name}")
    configuration, training = {}, {}
    weights = {}
    targets = ((module.configuration, configuration, ""), (module.training, training, ""), (module.training.weights, weights, "weights."))
    for setting in settings:
        key, equals, text = setting.partition("=")
        found = [(holder, changes, f) for holder, changes, prefix in targets for f in fields(holder) if prefix + f.name == key and key != "weights"]
        if not equals or not found:
            names = [prefix + f.name for holder, _, prefix in targets for f in fields(holder) if f.name != "weights"]
            raise ValueError(f"--set {setting}: must be FIELD=VALUE, with a field of {', '.join(names)}")
        holder, changes, f = found[0]
        changes[f.name] = parsed(key, text, getattr(holder, f.name))
    if weights:
        training["weights"] = replace(module.training.weights, **weights)
    return replace(module.configuration, **configuration), replace(module.training, **training)


def parsed(key: str, text: str, like):
    """A value of the type of another. Throws `ValueError`."""
    if isinstance(like, str):
        return text
    if isinstance(like, bool):
        if text.lower() not in ("true", "false"):
            raise ValueError(f"--set {key}={text}: must be true or false")
        return text.lower() == "true"
    try:
        if isinstance(like, tuple):
            kind = type(like[0]) if like else number_or_word
            return tuple(kind(part) for part in text.strip("() ").split(",") if part.strip())
        value = ast.literal_eval(text)
        if isinstance(like, int) and not isinstance(value, int):
            raise ValueError
        return type(like)(value)
    except (ValueError, SyntaxError, TypeError) as error:
        example = ",".join(map(str, like)) if isinstance(like, tuple) else like
        raise ValueError(f"--set {key}={text}: must be like {example}") from error


def number_or_word(text: str):
    """A number where it is one, else the text: what an empty list holds is not known."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text.strip()
