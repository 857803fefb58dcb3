"""The custom ids in a message: they tell what a message of the bot is about."""

from collections.abc import Iterable, Iterator


def custom_ids_in(components: Iterable[object]) -> Iterator[str]:
    """Yield the custom id of each component of a message, also of those inside rows and containers."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield str(custom_id)
        yield from custom_ids_in(getattr(component, "children", ()))
