"""Rows that cannot be read: each counted under why, with its first line and an example."""

from __future__ import annotations

from dataclasses import dataclass, field

from darkhours.model.errors import InputError
from darkhours.model.panel import Unreadable
from darkhours.sources.stream import refuse

_SHOWN = 40


@dataclass(slots=True)
class Complaints:
    """What could not be read of a file.

    Args:
        file: named in errors.
        strict: whether the first complaint is the last.
    """

    file: str
    strict: bool = False
    _found: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Unreadable, ...]:
        """Return every reason once, in the order in which they came."""
        return tuple(self._found.values())

    def tell(self, why: str, line: int | None, example: str) -> None:
        """Count a row that cannot be read.

        Raises:
            InputError: the reading is strict.
        """
        example = example if len(example) <= _SHOWN else example[: _SHOWN - 1] + "…"
        if self.strict:
            raise refuse(self.file, f"{why}, got {example!r}; mend the row, or read without --strict", line)
        before = self._found.get(why)
        if before is None:
            self._found[why] = Unreadable(why, 1, line, example)
        else:
            self._found[why] = Unreadable(why, before.count + 1, before.first_line, before.example)

    def refuse_all(self, otherwise: str, what: str, advice: str) -> InputError:
        """Return the error of a file of which nothing is left, by the commonest reason.

        Args:
            otherwise: what is said where there is no reason.
            what: what cannot be read, before the reason.
            advice: what to do, after it.
        """
        if not self._found:
            return refuse(self.file, otherwise)
        worst = max(self._found.values(), key=lambda each: each.count)
        return refuse(self.file, f"{what}{worst.why}, got {worst.example!r}{advice}", worst.first_line)
