"""The saved pictures that a member named, put into their request before it is admitted."""

from dataclasses import replace

from bot.domain.attachments import Attachment
from bot.domain.cast import CAST_OPTION, CastPicture, Named, digest_in, find_named, read_named
from bot.domain.casting import place
from bot.domain.problems import Problem, Rule
from bot.services.admission_request import AdmissionRequest
from bot.services.services import Services


async def put_cast(
    services: Services, asked: AdmissionRequest, typed: str
) -> tuple[AdmissionRequest, tuple[Problem, ...]]:
    """Return the request with the pictures of these names in its image options, and what is wrong with that."""
    pictures = await services.cast.for_member(asked.guild_id, asked.member_id)
    wanted: list[tuple[Named, CastPicture]] = []
    problems = []
    for named in read_named(typed):
        picture = find_named(pictures, named.name)
        if picture is None:
            problems.append(Problem(CAST_OPTION, named.name, Rule.CAST))
        else:
            wanted.append((named, picture))
    if problems:
        return asked, tuple(problems)
    placed = place(asked.request.values, wanted, asked.capability)
    return replace(asked, request=replace(asked.request, values=placed.values)), placed.problems


async def with_cast_files(services: Services, asked: AdmissionRequest) -> tuple[AdmissionRequest, tuple[Problem, ...]]:
    """Return the request with the files of its saved pictures, which travel on its card.

    A request that is repeated has the pictures' names only. One that was removed since is a problem.
    """
    there = {file.filename for file in asked.files}
    files = await services.cast.files_of(one for one in cast_of(asked) if one.filename not in there)
    problems = tuple(
        Problem(option, value, Rule.CAST_GONE)
        for option, value in asked.request.values.items()
        if isinstance(value, Attachment) and value.filename in files and files[value.filename] is None
    )
    found = tuple(file for file in files.values() if file is not None)
    return replace(asked, files=(*asked.files, *found)), problems


def without_cast_files(asked: AdmissionRequest) -> AdmissionRequest:
    """Return the request without the files of saved pictures: a question must not keep them while it waits."""
    names = {one.filename for one in cast_of(asked)}
    return replace(asked, files=tuple(file for file in asked.files if file.filename not in names))


def cast_of(asked: AdmissionRequest) -> list[Attachment]:
    """Return the saved pictures of a request."""
    values = asked.request.values.values()
    return [value for value in values if isinstance(value, Attachment) and digest_in(value) is not None]
