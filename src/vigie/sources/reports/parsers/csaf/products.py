"""The product tree of a CSAF document: which product an id stands for (section 3.2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vigie.model.components import Component
from vigie.sources.reports.packages import component_from_purl
from vigie.sources.reports.records import Record

_DEPTH = 60  # the standard allows 30 levels of branches


@dataclass(frozen=True, slots=True)
class Product:
    """One product. `part_of` is the id of the product that a relationship puts it into,
    `reference` the id of what is put there; `branches` are (category, name) from the top."""

    id: str
    name: str = ""
    purl: str = ""
    cpe: str = ""
    branches: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    part_of: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a claim calls it: its package URL and CPE, or else its name."""
        return tuple(filter(None, (self.purl, self.cpe))) or (self.name or self.id,)

    def branch(self, *categories: str) -> str:
        """The name of the innermost branch of one of these categories; "" for none."""
        return next((name for kind, name in reversed(self.branches) if kind in categories), "")


class ProductTree:
    """Every product of the document by its id, and the groups they are put in."""

    def __init__(self, tree: Record) -> None:
        self._products: dict[str, Product] = {}
        self._groups: dict[str, tuple[str, ...]] = {
            group.text("group_id"): group.texts("product_ids")
            for group in tree.children("product_groups")
        }
        for name in tree.children("full_product_names"):
            self._add(name)
        self._walk(tree.at("branches"), ())
        for link in tree.children("relationships"):
            self._add(
                link.child("full_product_name"),
                reference=link.text("product_reference"),
                part_of=link.text("relates_to_product_reference"),
            )

    def product(self, identity: str) -> Product:
        """The product of this id; one that is known by its id alone when the tree lacks it."""
        return self._products.get(identity) or Product(identity)

    def whole(self, product: Product) -> Product | None:
        """What a relationship puts this product into, None when it stands for itself."""
        return self.product(product.part_of) if product.part_of else None

    def part(self, product: Product) -> Product:
        """What is inside: the component of a relationship, or the product itself."""
        seen = {product.id}
        while product.reference and product.reference not in seen and not product.purl:
            seen.add(product.reference)
            product = self.product(product.reference)
        return product

    def component(self, product: Product) -> Component | None:
        """The package a product is, from its purl or else from its branches; None if unnamed."""
        part = self.part(product)
        if part.purl:
            return component_from_purl(part.purl)
        name = part.branch("product_name") or part.name
        version = part.branch("product_version")
        if not name:
            return None
        return Component(name=name, version=version if version != name else "")

    def named(self, entry: Record) -> set[str] | None:
        """Ids of the products that a flag, threat, remediation or score names, one by one or
        as a group; None when it names none, which means all of them."""
        groups = entry.texts("group_ids")
        ids = {*entry.texts("product_ids"), *entry.texts("products")}
        for group in groups:
            ids.update(self._groups.get(group, ()))
        return ids if ids or groups else None

    def _add(self, entry: Record, reference: str = "", part_of: str = "",
             branches: tuple[tuple[str, str], ...] = ()) -> None:  # fmt: skip
        identity = entry.text("product_id")
        if not identity:
            return
        helper = entry.child("product_identification_helper")
        purls = helper.texts("purl") or helper.texts("purls")  # a list since 2.1
        self._products[identity] = Product(
            identity, entry.text("name"), purls[0] if purls else "", helper.text("cpe"),
            branches, reference, part_of,
        )  # fmt: skip

    def _walk(self, branches: Any, path: tuple[tuple[str, str], ...]) -> None:
        if not isinstance(branches, list) or len(path) > _DEPTH:
            return
        for branch in Record({"": branches}).children(""):
            below = (*path, (branch.text("category"), branch.text("name")))
            self._add(branch.child("product"), branches=below)
            self._walk(branch.at("branches"), below)


class Concerns:
    """The entries of one list of a vulnerability by the products that they are about.

    A vulnerability names thousands of products in each of its lists: they are looked through
    once, not once for each product.
    """

    def __init__(self, tree: ProductTree, entries: Iterable[Record]) -> None:
        self._for_all: list[tuple[int, Record]] = []
        self._by_product: dict[str, list[tuple[int, Record]]] = {}
        for position, entry in enumerate(entries):
            ids = tree.named(entry)
            if ids is None:
                self._for_all.append((position, entry))
            for identity in ids or ():
                self._by_product.setdefault(identity, []).append((position, entry))

    def about(self, product: Product) -> list[Record]:
        """The entries about this product, in the order of the document."""
        own = [*self._for_all, *self._by_product.get(product.id, ())]
        return [entry for _, entry in sorted(own, key=lambda pair: pair[0])]
