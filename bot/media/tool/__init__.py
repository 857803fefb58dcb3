"""The program that touches strangers' media files, in a process of its own with limits: `python -I bot/media/tool …`.

Needs PyAV, whose wheel bundles x264 (GPL). Nothing of the bot is imported but the pure plan of a film.
"""
