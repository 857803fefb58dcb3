"""Rules of message components and modals: https://discord.com/developers/docs/components/reference."""

from collections.abc import Callable, Collection

from sandbox.discord.errors import FormErrors, Path
from sandbox.discord.model import Json
from sandbox.discord.rules.fields import number, objects, text
from sandbox.discord.walk import SELECT_TYPES, ComponentType, displayed_texts, media_items, walk

C = ComponentType

COMPONENTS_MAX = 40
DISPLAYED_CHARACTERS_MAX = 4000

V2_TOP_LEVEL = (C.ACTION_ROW, C.SECTION, C.TEXT_DISPLAY, C.MEDIA_GALLERY, C.FILE, C.SEPARATOR, C.CONTAINER)
CONTAINER_CHILDREN = V2_TOP_LEVEL[:-1]
ROW_CHILDREN = (C.BUTTON, *SELECT_TYPES)
LABEL_CHILDREN = (*SELECT_TYPES, C.TEXT_INPUT, C.FILE_UPLOAD, C.RADIO_GROUP, C.CHECKBOX_GROUP, C.CHECKBOX)

LINK, PREMIUM = 5, 6


def check_message_components(
    errors: FormErrors, body: Json, path: Path, *, is_v2: bool, filenames: Collection[str]
) -> None:
    """Note what Discord refuses about the components of a message whose attachments are called `filenames`."""
    if is_v2:
        top = objects(errors, body, "components", path, 0, COMPONENTS_MAX)
        _check_all(errors, top, V2_TOP_LEVEL)
        _check_totals(errors, body, path)
    else:
        _check_all(errors, objects(errors, body, "components", path, 0, 5), (C.ACTION_ROW,))
    _check_media(errors, body, path, filenames)
    _check_custom_ids(errors, body, path)


def check_modal(errors: FormErrors, data: Json, path: Path) -> None:
    """Note what Discord refuses about a modal."""
    text(errors, data, "title", path, 1, 45, required=True)
    text(errors, data, "custom_id", path, 1, 100, required=True)
    top = objects(errors, data, "components", path, 1, 5)
    _check_all(errors, top, (C.LABEL, C.TEXT_DISPLAY, C.ACTION_ROW), row_children=(C.TEXT_INPUT,))
    _check_custom_ids(errors, data, path)


def _check_all(
    errors: FormErrors,
    found: list[tuple[Path, Json]],
    allowed: Collection[ComponentType],
    row_children: Collection[ComponentType] = ROW_CHILDREN,
) -> None:
    for path, component in found:
        kind = component.get("type")
        if not isinstance(kind, int) or kind not in allowed:
            choices = ", ".join(str(int(choice)) for choice in allowed)
            errors.add((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices},).')
        elif kind == C.ACTION_ROW:
            _check_row(errors, component, path, row_children)
        else:
            CHECKS[C(kind)](errors, component, path)


def _check_row(errors: FormErrors, row: Json, path: Path, allowed: Collection[ComponentType]) -> None:
    children = objects(errors, row, "components", path, 1, 5)
    _check_all(errors, children, allowed)
    # A button takes one of five places in a row, everything else takes all five.
    width = sum(1 if child.get("type") == C.BUTTON else 5 for _, child in children)
    if width > 5 and len(children) <= 5:
        errors.add(
            (*children[-1][0],),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_button(errors: FormErrors, button: Json, path: Path) -> None:
    number(errors, button, "style", path, 1, 6)
    text(errors, button, "label", path, 0, 80)
    style = button.get("style")
    if style is None:
        errors.required((*path, "style"))
    elif style == LINK:
        text(errors, button, "url", path, 1, 512, required=True)
        if button.get("custom_id"):
            errors.add(path, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
    elif style == PREMIUM:
        if not button.get("sku_id"):
            errors.required((*path, "sku_id"))
    else:
        text(errors, button, "custom_id", path, 1, 100, required=True)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        errors.add((*path, "label"), "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or emoji is required")


def _check_select(errors: FormErrors, select: Json, path: Path) -> None:
    text(errors, select, "custom_id", path, 1, 100, required=True)
    text(errors, select, "placeholder", path, 0, 150)
    _check_value_counts(errors, select, path, 25)
    if select.get("type") == C.STRING_SELECT:
        _check_options(errors, select, path, 1, 25)


def _check_value_counts(errors: FormErrors, component: Json, path: Path, maximum: int) -> None:
    low = number(errors, component, "min_values", path, 0, maximum)
    high = number(errors, component, "max_values", path, 1, maximum)
    if low and high and component["min_values"] > component["max_values"]:
        errors.add((*path, "max_values"), "NUMBER_TYPE_MIN", "max_values must not be below min_values.")


def _check_options(errors: FormErrors, component: Json, path: Path, low: int, high: int) -> None:
    seen: set[str] = set()
    for where, option in objects(errors, component, "options", path, low, high):
        text(errors, option, "label", where, 1, 100, required=True)
        text(errors, option, "description", where, 0, 100)
        if text(errors, option, "value", where, 1, 100, required=True) and option["value"] in seen:
            errors.add(
                (*where, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(str(option.get("value")))


def _check_text_input(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "custom_id", path, 1, 100, required=True)
    number(errors, component, "style", path, 1, 2)
    number(errors, component, "min_length", path, 0, 4000)
    number(errors, component, "max_length", path, 1, 4000)
    text(errors, component, "placeholder", path, 0, 100)
    text(errors, component, "value", path, 0, 4000)
    if path[-1] != "component":
        text(errors, component, "label", path, 1, 45, required=True)


def _check_section(errors: FormErrors, section: Json, path: Path) -> None:
    _check_all(errors, objects(errors, section, "components", path, 1, 3), (C.TEXT_DISPLAY,))
    accessory = section.get("accessory")
    if isinstance(accessory, dict):
        _check_all(errors, [((*path, "accessory"), accessory)], (C.BUTTON, C.THUMBNAIL))
    else:
        errors.required((*path, "accessory"))


def _check_text_display(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "content", path, 1, DISPLAYED_CHARACTERS_MAX, required=True)


def _check_thumbnail(errors: FormErrors, component: Json, path: Path) -> None:
    _check_one_media(errors, component, "media", path)
    text(errors, component, "description", path, 0, 1024)


def _check_gallery(errors: FormErrors, gallery: Json, path: Path) -> None:
    for where, item in objects(errors, gallery, "items", path, 1, 10):
        _check_one_media(errors, item, "media", where)
        text(errors, item, "description", where, 0, 1024)


def _check_file(errors: FormErrors, component: Json, path: Path) -> None:
    _check_one_media(errors, component, "file", path)
    url = (component.get("file") or {}).get("url")
    if isinstance(url, str) and not url.startswith("attachment://"):
        errors.add(
            (*path, "file", "url"),
            "URL_TYPE_INVALID_SCHEME",
            f'Scheme "{url.split(":")[0]}" must be one of attachment.',
        )


def _check_one_media(errors: FormErrors, holder: Json, key: str, path: Path) -> None:
    media = holder.get(key)
    if isinstance(media, dict):
        text(errors, media, "url", (*path, key), 1, 2048, required=True)
    else:
        errors.required((*path, key))


def _check_separator(errors: FormErrors, component: Json, path: Path) -> None:
    number(errors, component, "spacing", path, 1, 2)


def _check_container(errors: FormErrors, container: Json, path: Path) -> None:
    number(errors, container, "accent_color", path, 0, 0xFFFFFF)
    _check_all(errors, objects(errors, container, "components", path, 1, COMPONENTS_MAX), CONTAINER_CHILDREN)


def _check_label(errors: FormErrors, label: Json, path: Path) -> None:
    text(errors, label, "label", path, 1, 45, required=True)
    text(errors, label, "description", path, 0, 100)
    child = label.get("component")
    if isinstance(child, dict):
        _check_all(errors, [((*path, "component"), child)], LABEL_CHILDREN)
    else:
        errors.required((*path, "component"))


def _check_file_upload(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "custom_id", path, 1, 100, required=True)
    _check_value_counts(errors, component, path, 10)


def _check_radio_group(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "custom_id", path, 1, 100, required=True)
    _check_options(errors, component, path, 2, 10)


def _check_checkbox_group(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "custom_id", path, 1, 100, required=True)
    _check_value_counts(errors, component, path, 10)
    _check_options(errors, component, path, 1, 10)


def _check_checkbox(errors: FormErrors, component: Json, path: Path) -> None:
    text(errors, component, "custom_id", path, 1, 100, required=True)


CHECKS: dict[ComponentType, Callable[[FormErrors, Json, Path], None]] = {
    C.BUTTON: _check_button,
    **dict.fromkeys(SELECT_TYPES, _check_select),
    C.TEXT_INPUT: _check_text_input,
    C.SECTION: _check_section,
    C.TEXT_DISPLAY: _check_text_display,
    C.THUMBNAIL: _check_thumbnail,
    C.MEDIA_GALLERY: _check_gallery,
    C.FILE: _check_file,
    C.SEPARATOR: _check_separator,
    C.CONTAINER: _check_container,
    C.LABEL: _check_label,
    C.FILE_UPLOAD: _check_file_upload,
    C.RADIO_GROUP: _check_radio_group,
    C.CHECKBOX_GROUP: _check_checkbox_group,
    C.CHECKBOX: _check_checkbox,
}


def _components(body: Json) -> list[Json]:
    value = body.get("components")
    return value if isinstance(value, list) else []


def _check_totals(errors: FormErrors, body: Json, path: Path) -> None:
    components = _components(body)
    if sum(1 for _ in walk(components)) > COMPONENTS_MAX:
        errors.add(
            (*path, "components"),
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The maximum number of total components is {COMPONENTS_MAX}",
        )
    if sum(len(shown) for shown in displayed_texts(components)) > DISPLAYED_CHARACTERS_MAX:
        errors.add(
            (*path, "components"),
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size exceeds the maximum of {DISPLAYED_CHARACTERS_MAX}",
        )


def _check_media(errors: FormErrors, body: Json, path: Path, filenames: Collection[str]) -> None:
    for where, component in walk(_components(body), (*path, "components")):
        for inner, media in media_items(component):
            url = media.get("url")
            if isinstance(url, str) and url.startswith("attachment://"):
                if url.removeprefix("attachment://") not in filenames:
                    errors.add(
                        (*where, *inner),
                        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                        "The referenced attachment was not found",
                    )
            elif isinstance(url, str) and not url.startswith(("http://", "https://")):
                errors.add((*where, *inner, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_custom_ids(errors: FormErrors, body: Json, path: Path) -> None:
    seen: set[str] = set()
    for where, component in walk(_components(body), (*path, "components")):
        custom_id = component.get("custom_id")
        if not isinstance(custom_id, str):
            continue
        if custom_id in seen:
            errors.add(
                (*where, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        seen.add(custom_id)
