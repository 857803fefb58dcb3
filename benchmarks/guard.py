"""How long a word list takes over one prompt: a full list, harmless and hostile, and the longest prompts.

Run: python -m benchmarks.guard
"""

import random
import string
import time
from statistics import median

from bot.domain.guard import Guard
from bot.domain.word_list import ENTRIES_MAX, INSTRUCTIONS_MAX, PATTERNS_MAX, add_lines, compiled, read_entry

PROMPT_CHARACTERS = 6_000
ROUNDS = 31
_DRAW = random.Random(7)
WORDS = ["".join(_DRAW.choices(string.ascii_lowercase, k=_DRAW.randint(4, 12))) for _ in range(ENTRIES_MAX)]
USUAL = [f"/w[o0]rd{number}\\b/" for number in range(PATTERNS_MAX)]
HOSTILE = [f"/[ab]*a[ab]{{{number}}}c/" for number in range(1, 40)] + [f"/(x+x+)+y{n}/" for n in range(60)]
LISTS = {
    "5,000 words": WORDS,
    "4,900 words and 100 patterns": WORDS[PATTERNS_MAX:] + USUAL,
    "4,901 words and 99 hostile patterns": WORDS[len(HOSTILE) :] + HOSTILE,
}
PROMPTS = {
    "a usual prompt, repeated": "a lighthouse at dusk, waves and gulls; ",
    "letters one by one": "b a d ",
    "a and b at random": "".join(_DRAW.choices("ab", k=PROMPT_CHARACTERS)),
    "one sign that stands for several": "㍿",
}


def milliseconds(guard: Guard, text: str) -> float:
    """Return the median time of a search."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        list(guard.matches(text))
        times.append(time.perf_counter() - begun)
    return 1_000 * median(times)


def main() -> None:
    """Print one row for each list, and one column for each prompt of 6,000 characters."""
    prompts = {name: (part * PROMPT_CHARACTERS)[:PROMPT_CHARACTERS] for name, part in PROMPTS.items()}
    print(f"| list | compiled in | instructions | {' | '.join(prompts)} |")
    print("| --- | --- | --- |" + " --- |" * len(prompts))
    for name, lines in LISTS.items():
        added = add_lines((), "\n".join(lines)).added
        begun = time.perf_counter()
        guard = Guard(added)
        built = 1_000 * (time.perf_counter() - begun)
        patterns = [entry.pattern for entry in map(read_entry, added) if entry.pattern is not None]
        instructions = sum(int(compiled(pattern).programsize) for pattern in patterns)
        times = " | ".join(f"{milliseconds(guard, text):.1f} ms" for text in prompts.values())
        print(f"| {name} | {built:.0f} ms | {instructions:,} of {INSTRUCTIONS_MAX:,} | {times} |")


if __name__ == "__main__":
    main()
