"""The published files, checked by third-party validators and their exit status.

The validators are in two separate environments, because their dependencies conflict with the project's and with each
other: REVIEWMART_VALIDATORS and REVIEWMART_SSSOM name the bin folders, .ci/validators.txt and .ci/sssom.txt list the
packages. The context of RO-Crate comes from the package `rocrate`, which includes the published one; it is put into the
validator's cache, so that nothing is downloaded.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.release_frames import frames_of, publish_as

RO_CRATE = "1.3"
SEED = """
import io, sys
from pathlib import Path
import rocrate
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse

class Shipped(HTTPAdapter):
    def send(self, request, **_):
        body = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(body=io.BytesIO(body), status=200, headers=headers, preload_content=False,
                           request_url=request.url)
        return self.build_response(request, raw)

session = CachedSession(sys.argv[1], backend="sqlite", expire_after=-1)
session.mount("https://w3id.org/ro/crate/", Shipped())
context = session.get(f"https://w3id.org/ro/crate/{sys.argv[2]}/context").json()
assert context["@id"].endswith(f"/{sys.argv[2]}/context"), context["@id"]
"""
RECORDS = """
import sys, mlcroissant as mlc
dataset = mlc.Dataset(jsonld=sys.argv[1])
for name in sys.argv[2:]:
    rows = list(dataset.records(record_set=name))
    print(name, len(rows), rows[0][f"{name}/review_id"].decode())
"""
RENDER = """
import sys, json, warnings
warnings.simplefilter("ignore")
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
items = json.load(open(sys.argv[1], encoding="utf-8"))
style = CitationStylesStyle("harvard-cite-them-right", validate=False)
bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
for item in items:
    bibliography.register(Citation([CitationItem(item["id"])]))
for entry in bibliography.bibliography():
    print(str(entry).replace("\\n", " "))
"""
READ_BIBTEX = """
import json, sys, bibtexparser
from bibtexparser import middlewares as m
library = bibtexparser.parse_file(sys.argv[1], append_middleware=[m.LatexDecodingMiddleware()])
assert not library.failed_blocks, library.failed_blocks
print(json.dumps({entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}))
"""


@pytest.fixture(scope="module")
def validators() -> Path:
    folder = os.environ.get("REVIEWMART_VALIDATORS")
    if not folder or not (Path(folder) / "frictionless").exists():
        pytest.skip("set REVIEWMART_VALIDATORS to the bin folder of the validators")
    return Path(folder)


@pytest.fixture(scope="module")
def sssom() -> Path:
    folder = os.environ.get("REVIEWMART_SSSOM")
    if not folder or not (Path(folder) / "sssom").exists():
        pytest.skip("set REVIEWMART_SSSOM to the bin folder of sssom")
    return Path(folder) / "sssom"


@pytest.fixture(scope="module", params=["verbatim", "no-verbatim"])
def release(request: pytest.FixtureRequest, outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "verbatim":
        return (outputs / "latest").resolve()
    out = tmp_path_factory.mktemp("no-verbatim")
    return publish_as(frames_of(outputs / "latest"), out, "no-verbatim", verbatim=False)


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


def test_frictionless_validates_the_data_package(release: Path, validators: Path) -> None:
    done = run(validators / "frictionless", "validate", "datapackage.json", "--json", cwd=release)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr
    report = json.loads(done.stdout)
    tables = [task for task in report["tasks"] if task["type"] == "table"]
    listed = len(list((release / "parquet").iterdir()))
    assert len(tables) == listed
    assert sum(task["stats"].get("rows", 0) for task in tables) == sum(
        frame.height for frame in frames_of(release).values()
    )
    assert len(report["tasks"]) == 2 * listed + 1


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("csv/claims.csv", ",no_difference,", ",sideways,"),
        ("csv/citation_mentions.csv", "spine-metastases-review,1,", "spine-metastases-review,99999,"),
        ("parquet/claims.parquet", "PAR1", "PAR2"),
    ],
)
def test_frictionless_rejects_a_changed_file(
    file: str, old: str, new: str, outputs: Path, validators: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree((outputs / "latest").resolve(), tmp_path / "broken"))
    data = (broken / file).read_bytes()
    assert old.encode() in data
    (broken / file).write_bytes(data.replace(old.encode(), new.encode(), 1))
    assert run(validators / "frictionless", "validate", "datapackage.json", cwd=broken).returncode == 1


def test_the_ro_crate_validator_accepts_the_metadata(release: Path, validators: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    seeded = run(validators / "python", "-c", SEED, cache, RO_CRATE)
    assert seeded.returncode == 0, seeded.stderr
    command: list[str | Path] = [
        validators / "rocrate-validator",
        "-y",
        "validate",
        release,
        "--offline",
        "--cache-path",
        cache,
    ]
    profile = ["--profile-identifier", f"ro-crate-{RO_CRATE}", "--requirement-severity", "required", "--no-paging"]
    done = run(*command, *profile)
    assert done.returncode == 0, done.stdout
    broken = Path(shutil.copytree(release, tmp_path / "broken"))
    text = (broken / "ro-crate-metadata.json").read_text(encoding="utf-8")
    (broken / "ro-crate-metadata.json").write_text(text.replace('"datePublished"', '"dateGuessed"'), encoding="utf-8")
    command[3] = broken
    assert run(*command, *profile).returncode == 1


def test_mlcroissant_validates_and_loads_the_record_sets(release: Path, validators: Path) -> None:
    done = run(validators / "mlcroissant", "validate", "--jsonld", "croissant.json", cwd=release)
    assert done.returncode == 0, done.stderr
    loaded = run(validators / "python", "-c", RECORDS, release / "croissant.json", "bib_references", "claims")
    assert loaded.returncode == 0, loaded.stderr
    frames = frames_of(release)
    expected = [f"{name} {frames[name].height} spine-metastases-review" for name in ("bib_references", "claims")]
    assert loaded.stdout.splitlines() == expected


@pytest.mark.parametrize("where", ["release", "project"])
def test_cffconvert_accepts_the_citation(where: str, release: Path, validators: Path) -> None:
    folder = release if where == "release" else Path(__file__).parents[2]
    done = run(validators / "cffconvert", "--validate", "-i", folder / "CITATION.cff")
    assert done.returncode == 0, done.stdout + done.stderr


def test_sssom_accepts_the_mappings_and_rejects_invalid_ones(outputs: Path, sssom: Path, tmp_path: Path) -> None:
    mappings = outputs / "latest" / "vocabularies" / "mappings.sssom.tsv"
    done = run(sssom, "validate", mappings)
    assert done.returncode == 0, done.stdout + done.stderr
    text = mappings.read_text(encoding="utf-8")
    broken = tmp_path / "broken.sssom.tsv"
    broken.write_text(text.replace("semapv:ManualMappingCuration", "semapv:Guess", 1), encoding="utf-8")
    assert broken.read_text(encoding="utf-8") != text
    assert run(sssom, "validate", broken).returncode != 0


def test_citeproc_renders_every_reference(outputs: Path, validators: Path, tmp_path: Path) -> None:
    from pipelines.release.formats.bibliography import read_references, render_csl_json

    references = read_references(outputs / "latest")
    (tmp_path / "references.json").write_text(render_csl_json(references), encoding="utf-8")
    done = run(validators / "python", "-c", RENDER, tmp_path / "references.json")
    assert done.returncode == 0, done.stderr
    rendered = done.stdout.splitlines()
    assert len(rendered) == len(references) == 71
    for reference, line in zip(references, rendered, strict=True):
        assert reference.authors[0].surname in line
        assert str(reference.year) in line
    # Reference 3 of the source: Smorgick Y, Mirovsky Y, Shalmon E, et al., Harefuah 2007; 146: 358–363.
    assert [part in rendered[2] for part in ("Smorgick", "Harefuah", "146", "358")] == [True] * 4


def test_bibtex_is_read_back_by_another_library(outputs: Path, validators: Path, tmp_path: Path) -> None:
    from pipelines.release.formats.bibliography import read_references, render_bibtex

    references = read_references(outputs / "latest")
    (tmp_path / "references.bib").write_text(render_bibtex(references), encoding="utf-8")
    done = run(validators / "python", "-c", READ_BIBTEX, tmp_path / "references.bib")
    assert done.returncode == 0, done.stderr
    back = json.loads(done.stdout)
    assert len(back) == len(references)
    for reference in references:
        fields = back[reference.key]
        assert fields["title"].strip("{}") == reference.title
        assert fields.get("journal") == reference.journal
        assert fields["year"] == str(reference.year)
        assert len(fields["author"].split(" and ")) == len(reference.authors) + reference.authors_truncated


def test_ris_is_read_back_by_another_program(outputs: Path, tmp_path: Path) -> None:
    from lxml import etree

    from pipelines.release.formats.bibliography import read_references, render_ris

    if shutil.which("ris2xml") is None:
        pytest.skip("ris2xml of bibutils is not installed")
    references = read_references(outputs / "latest")
    (tmp_path / "references.ris").write_text(render_ris(references), encoding="utf-8")
    done = run("ris2xml", "-i", "utf8", tmp_path / "references.ris")
    assert done.returncode == 0, done.stderr
    mods = {"m": "http://www.loc.gov/mods/v3"}
    back = etree.fromstring(done.stdout.encode().lstrip(b"\xef\xbb\xbf")).findall("m:mods", mods)
    assert len(back) == len(references)
    for reference, entry in zip(references, back, strict=True):
        words = [entry.findtext(f"m:titleInfo/m:{part}", namespaces=mods) for part in ("nonSort", "title", "subTitle")]
        letters = "".join("".join(word for word in words if word).split()).replace(":", "")
        assert letters == "".join((reference.title or "").split()).replace(":", "")
        # The journal is exported as printed, usually abbreviated; the program distinguishes the two kinds of title.
        assert reference.journal in [title.text for title in entry.findall("m:relatedItem/m:titleInfo/m:title", mods)]
        assert len(entry.findall("m:name", mods)) == len(reference.authors) + reference.authors_truncated
