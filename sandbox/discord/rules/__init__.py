"""What Discord refuses, with its error codes and paths: messages, components, embeds, modals, commands.

Discord's OpenAPI document leaves out many of these (name patterns, totals, uniqueness, combinations); they come from
its written documentation.
"""
