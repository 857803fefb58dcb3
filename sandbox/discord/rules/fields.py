"""The checks that every rule is made of. Each returns what can be checked further."""

from sandbox.discord.errors import FormErrors, Path
from sandbox.discord.model import Json


def text(
    errors: FormErrors, holder: Json, key: str, path: Path, low: int, high: int, *, required: bool = False
) -> bool:
    """Check a string of `low` to `high` characters; null counts as absent. Return whether there is a valid one."""
    value = holder.get(key)
    if value is None:
        if required:
            errors.required((*path, key))
        return False
    if not isinstance(value, str):
        errors.add((*path, key), "STRING_TYPE_CONVERT", "Could not interpret as a string.")
        return False
    if low <= len(value) <= high:
        return True
    if low == 0:
        errors.too_long((*path, key), high)
    elif not value:
        errors.required((*path, key))
    else:
        errors.length((*path, key), low, high)
    return False


def number(errors: FormErrors, holder: Json, key: str, path: Path, low: int, high: int) -> bool:
    """Check an integer between two bounds; null counts as absent. Return whether there is a valid one."""
    value = holder.get(key)
    if value is None:
        return False
    if not isinstance(value, int) or isinstance(value, bool):
        errors.add((*path, key), "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        return False
    if value < low:
        errors.add((*path, key), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
    elif value > high:
        errors.add((*path, key), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
    else:
        return True
    return False


def objects(errors: FormErrors, holder: Json, key: str, path: Path, low: int, high: int) -> list[tuple[Path, Json]]:
    """Check a list of `low` to `high` objects; null counts as absent unless `low` > 0.

    Return the objects, each with its path.
    """
    value = holder.get(key)
    if value is None:
        if low:
            errors.required((*path, key))
        return []
    if not isinstance(value, list):
        errors.add((*path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if not low <= len(value) <= high:
        errors.length((*path, key), low, high)
    found: list[tuple[Path, Json]] = []
    for index, entry in enumerate(value):
        if isinstance(entry, dict):
            found.append(((*path, key, index), entry))
        else:
            errors.add((*path, key, index), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    return found
