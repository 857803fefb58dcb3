"""Errors as Discord's REST API answers them: HTTP status, JSON code, message, sometimes a tree of field errors."""

from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]


class ApiError(Exception):
    """Refuse the current request. `errors` is the tree that goes with code 50035."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"message": message, "code": code, **(extra or {})}
        if errors is not None:
            self.body["errors"] = dict(errors)


def unauthorized() -> ApiError:
    """Return 401: the bot token is missing or wrong."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """Return 404: there is no such route."""
    return ApiError(404, 0, "404: Not Found")


def unknown(what: str) -> ApiError:
    """Return 404 with the code that Discord's table of JSON error codes has for "Unknown ..."."""
    codes = {
        "Account": 10001,
        "Application": 10002,
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "Role": 10011,
        "User": 10013,
        "Emoji": 10014,
        "Webhook": 10015,
        "interaction": 10062,
        "application command": 10063,
    }
    return ApiError(404, codes[what], f"Unknown {what}")


def missing_access() -> ApiError:
    """Return 50001: the bot does not see the channel, or is not in the guild."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return 50013: the bot lacks a permission."""
    return ApiError(403, 50013, "Missing Permissions")


def cannot_send_to_user() -> ApiError:
    """Return 50007: the user takes no direct messages from the bot."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def empty_message() -> ApiError:
    """Return 50006: the message would have no content."""
    return ApiError(400, 50006, "Cannot send an empty message")


def too_large() -> ApiError:
    """Return 40005: a file, or the request, exceeds the upload limit."""
    return ApiError(413, 40005, "Request entity too large")


def invalid_webhook_token() -> ApiError:
    """Return 50027: the interaction is older than fifteen minutes."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def already_acknowledged() -> ApiError:
    """Return 40060: the interaction has been answered before."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


class FormErrors:
    """Collects field errors, which Discord reports together as 50035 "Invalid Form Body".

    The tree nests object keys and list indexes; a leaf is `{"_errors": [{"code": ..., "message": ...}]}`.
    """

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note one error of the field at `path`."""
        node = self._tree
        for key in path:
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, path: Path) -> None:
        """Note that a field is missing."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, path: Path, minimum: int, maximum: int) -> None:
        """Note that a text or a list is shorter or longer than allowed."""
        self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {minimum} and {maximum} in length.")

    def too_long(self, path: Path, maximum: int) -> None:
        """Note that a text is longer than allowed."""
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")

    def choice(self, path: Path, allowed: str) -> None:
        """Note that a value is none of those allowed. `allowed` lists them as a text."""
        self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")

    def raise_if_any(self) -> None:
        """Raise `ApiError` 50035 if any error was noted."""
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", errors=self._tree)


def invalid_form(path: Path, code: str, message: str) -> ApiError:
    """Return 50035 with a single field error."""
    tree: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path):
        tree = {str(key): tree}
    return ApiError(400, 50035, "Invalid Form Body", errors=tree)
