"""Has a Clair server look at an image: says where its layers are, and gives the report back.

Layers of an archive or a layout on this machine are served to Clair from here while it looks;
those of a registry it fetches there itself, with the authorisation that the docker configuration
here gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from vigie.model.assets import Asset
from vigie.model.errors import SourceError, UserError
from vigie.model.identity import digest
from vigie.model.plain import plain_writer
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.scanners import Target
from vigie.sources.filesystems.images import Image, open_image
from vigie.sources.filesystems.registry.locations import RemoteImage, RemoteLayer, locate_image
from vigie.sources.scanners.clair.client import ClairClient, IndexingFailed
from vigie.sources.scanners.clair.connection import ClairService
from vigie.sources.scanners.clair.layers import Blob, LayerServer, Place, parse_place, serving
from vigie.sources.scanners.clair.tokens import DEFAULT_ISSUER, read_key
from vigie.sources.scanners.endpoint import is_loopback

_LONGEST = 1000  # of what Clair says when it fails
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - named to be told apart


@dataclass(frozen=True, slots=True)
class ClairOptions:
    """`place` is where layers are served, None when the person has not said; `platform` which
    image of several."""

    service: ClairService
    place: Place | None = None
    platform: str = "linux/amd64"


def clair_options(
    url: str,
    matcher: str = "",
    *,
    key: str = "",
    issuer: str = "",
    serve: str = "",
    reach: str = "",
    platform: str = "",
) -> ClairOptions:
    """Options out of words as a person gives them; "" is the usual. `key` in base64.

    Raises UserError, which does not show the key, for what is none.
    """
    service = ClairService(url, matcher or url, read_key(key), issuer or DEFAULT_ISSUER)
    return ClairOptions(service, parse_place(serve, reach), platform or "linux/amd64")


@dataclass(frozen=True, slots=True)
class Seen:
    """Clair's report with what Vigie adds to it, and whether it holds a vulnerability."""

    report: bytes
    found: bool


@dataclass(frozen=True, slots=True)
class _Offer:
    """An image as Clair is told of it. `server` serves its layers, None when a registry does."""

    asset: Asset
    digest: str
    layers: Sequence[RemoteLayer]
    problems: Sequence[Problem]
    server: LayerServer | None = None

    def manifest(self) -> dict[str, object]:
        """Clair's `manifest` (OpenAPI schema of that name)."""
        return {
            "hash": self.digest,
            "layers": [
                {
                    "hash": layer.digest,
                    "uri": layer.url,
                    "headers": {"Authorization": [layer.authorization]}
                    if layer.authorization
                    else {},
                }
                for layer in self.layers
            ],
        }


def look(
    target: Target, options: ClairOptions, workspace: Path, *, pause: float = 1.0
) -> Seen | None:
    """Clair's report on an image, None when the image has no layers.

    Raises UserError for what the person can mend (key, address, image), SourceError when Clair
    or a registry fails.
    """
    with closing(ClairClient(options.service, pause=pause)) as clair:
        clair.greet()  # before anything is fetched or unpacked for it
        with _offered(target, options, workspace) as offer:
            if not offer.layers:
                return None
            try:
                clair.index(offer.manifest())
            except IndexingFailed as failure:
                raise _explained(failure, offer) from None
            report, outline = clair.report(offer.digest)
            facts = {
                "asset": plain_writer(Asset)(offer.asset),
                "database_date": clair.database_date(),
                "problems": [plain_writer(Problem)(problem) for problem in offer.problems],
            }
    found = any(outline.package_vulnerabilities.values())
    return Seen(_with_facts(report, facts), found)


def unable(error: UserError | SourceError) -> bytes:
    """The report on an image that Clair did not look at: why, and nothing else."""
    hint = error.hint if error.hint.template else None
    problem = Problem(ProblemCode.REPORT, error.message, hint=hint)
    facts = {"problems": [plain_writer(Problem)(problem)]}
    return _with_facts(b'{"vulnerabilities":{},"package_vulnerabilities":{}}', facts)


def _with_facts(report: bytes, facts: Mapping[str, object]) -> bytes:
    """The object with one more member; the rest stays as Clair wrote it."""
    start = report.index(b"{") + 1
    return report[:start] + b'"vigie":' + msgspec.json.encode(facts) + b"," + report[start:]


@contextmanager
def _offered(target: Target, options: ClairOptions, workspace: Path) -> Iterator[_Offer]:
    if target.path is None:
        remote = locate_image(target.reference, workspace, platform=options.platform)
        _keep_passwords(remote, options.service.indexer)
        yield _Offer(remote.asset, remote.manifest, remote.layers, remote.problems)
        return
    place = _place(options)
    with open_image(target.path, workspace, platform=options.platform) as image:
        blobs = [Blob(x.digest, x.media_type, x.size, x.open) for x in image.layers]
        with serving(blobs, place) as server:
            layers = [RemoteLayer(blob.digest, server.url(blob.digest)) for blob in blobs]
            yield _Offer(image.asset, _digest_of(image), layers, image.problems, server)


def _digest_of(image: Image) -> str:
    """What Clair keeps the image under: its manifest's digest if it has one.

    One that lacks a layer is kept apart: others who ask this Clair about the whole image must
    not be given what was found in a part of it.
    """
    digests = image.asset.digests
    whole = any(one.startswith("layers:") for one in digests)
    manifests = sorted(one.partition(":")[2] for one in digests if one.startswith("manifest:"))
    if whole and manifests:
        return manifests[0]
    parts = [layer.digest for layer in image.layers]
    return f"sha256:{digest('image', *parts, length=64)}"


def _place(options: ClairOptions) -> Place:
    """Where to serve. Raises UserError when Clair could not find us there."""
    place = options.place
    if place is None:
        if is_loopback(options.service.indexer):
            return Place()
        raise UserError(
            T("Clair at {url} has to fetch the layers from this machine, and may not yet",
              url=options.service.indexer),
            T("Give in serve of [scanner.clair] an address of this machine that Clair can reach."),
        )  # fmt: skip
    if place.host in _EVERYWHERE and not place.reach:
        raise UserError(
            T("serve of [scanner.clair] does not say where Clair finds this machine"),
            T("Give that address in reach, such as http://build.example:8089."),
        )
    return place


def _keep_passwords(image: RemoteImage, indexer: str) -> None:
    """Raises UserError when a password would go to Clair for all on the way to read."""
    plain = urlsplit(indexer).scheme == "http" and not is_loopback(indexer)
    if plain and any(layer.authorization.startswith("Basic ") for layer in image.layers):
        raise UserError(
            T("Clair at {url} would be sent the registry's password without encryption",
              url=indexer),
            T("Give Clair an https address, or save the image and scan the archive."),
        )  # fmt: skip


def _explained(failure: IndexingFailed, offer: _Offer) -> SourceError:
    """The failure in words that hold no secret address, and what to do about it."""
    why = failure.reason
    for layer in offer.layers:
        # It may name another host that serves the same, or write the address in another way.
        for word in (layer.url, layer.url.partition("?")[2]):
            for written in filter(None, (word, word.replace("&", "\\u0026"))):
                why = why.replace(written, layer.digest)
    if offer.server is not None:
        why = why.replace(offer.server.secret, "…")
    why = why[:_LONGEST]  # only now: half of a secret would not be known again
    return SourceError(T("Clair could not index the image: {why}", why=why), _hint(offer, why))


def _hint(offer: _Offer, why: str) -> Text:
    if offer.server is None:
        return T(
            "Clair fetches the layers itself from {host}: see whether it can, or save the image "
            "and scan the archive.",
            host=urlsplit(offer.layers[0].url).netloc,
        )
    if not offer.server.asked and "fetch" in why:  # it may have had them from before
        return T(
            "It did not come to {address} for the layers: give in serve and reach of "
            "[scanner.clair] an address that it can reach.",
            address=offer.server.address,
        )
    return T("See its log.")
