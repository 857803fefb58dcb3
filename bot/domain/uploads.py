"""How large a file Discord takes."""

UPLOAD_BYTES_DEFAULT = 20 * 1024 * 1024
"""Bytes of the largest file that a guild without boosts takes: Discord's default since September 2026."""
