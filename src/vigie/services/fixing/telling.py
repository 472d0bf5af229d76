"""The words for what fits together and what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vigie.model.text import T, Text
from vigie.services.fixing.asked import Asked
from vigie.services.fixing.choosing import Choices
from vigie.services.fixing.clashes import Clash, Examination
from vigie.sources.registries.fitting import Demand


def spoken(demands: Iterable[Demand]) -> tuple[Text, ...]:
    """Who asks for what."""
    return tuple(
        T("{package} {version} asks for {asked}", package=d.name, version=d.version,
          asked=f"{d.asked.name}{d.asked.specifier}") if d.version
        else T("{asked} is asked for here", asked=f"{d.asked.name}{d.asked.specifier}")
        for d in demands
    )  # fmt: skip


def left_out(clash: Clash) -> Text:
    """Why the upgrade of whoever asks is not in the patch."""
    if not clash.at:
        return T("left out of the patch, for it does not fit with the rest: {demands}",
                 demands=spoken([clash.demand]))  # fmt: skip
    return T("left out of the patch: {demand}, and {at} is asked for here",
             demand=spoken([clash.demand])[0], at=clash.at)  # fmt: skip


def reasons(choices: Choices) -> dict[str, tuple[Text, ...]]:
    """Why a package goes where it goes, and what goes along, by its plain name."""
    found: dict[str, tuple[Text, ...]] = {}
    for name, demands in choices.needs.items():
        if name not in choices.companions:
            found[name] = tuple(
                T("so that it fits: {demand}", demand=one) for one in spoken(demands)
            )
    for name, floor in choices.floors.items():
        why = T("so that it fits: it is the first that takes {package} {version}",
                package=floor.target, version=floor.at)  # fmt: skip
        found[name] = (*found.get(name, ()), why)
    for name, one in choices.companions.items():
        why = T("with it {package} goes from {old} to {new}: {demand}", package=name,
                old=one.upgrade.installed or "?", new=one.upgrade.version,
                demand=spoken([one.because.demand])[0])  # fmt: skip
        found[one.owner] = (*found.get(one.owner, ()), why)
    return found


def notes(
    seen: Sequence[tuple[Asked, Examination]], old: Mapping[str, Text], python: str
) -> Iterator[Text]:
    """What is known of the patch as a whole. `old` is what did not fit before, by its file."""
    doubtful = {asked.manifest for asked, found in seen if not found.fits}
    fits = dict.fromkeys(a.manifest for a, _ in seen if a.manifest not in doubtful)
    if fits:
        yield T("pip finds that it fits together: {files} (Python {python}, wheels only)",
                files=tuple(fits), python=python)  # fmt: skip
    without = sorted({name for _, found in seen for name in found.without_wheel})
    if without:
        yield T("no wheel for Python {python}, so nothing is known of what it asks for: {packages}",
                python=python, packages=tuple(without))  # fmt: skip
    yield from old.values()
    for asked, found in seen:
        if found.fits is False and asked.manifest not in old:
            demands = spoken([*(c.demand for c in found.clashes), *found.group])
            yield T("pip would refuse {path} as it is patched: {demands}", path=asked.manifest,
                    demands=demands)  # fmt: skip
