"""No link leads nowhere, and every page can be found."""

from __future__ import annotations

import posixpath

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links

INSIDE = [(page, link) for page in PAGES for link in links(page) if "://" not in link]


@pytest.mark.parametrize(("page", "link"), INSIDE, ids=[f"{page}: {link}" for page, link in INSIDE])
def test_a_link_leads_somewhere(page: str, link: str):
    path, _, anchor = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    assert (ROOT / target).exists(), f"{page} links to {target}, which is not there"
    if anchor:
        assert anchor in anchors(target), f"{target} has the headings {sorted(anchors(target))}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/") and page != "docs/index.md"])
def test_the_index_leads_to_every_page(page: str):
    assert posixpath.relpath(page, "docs") in {link.partition("#")[0] for link in links("docs/index.md")}
