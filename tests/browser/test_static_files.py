"""What pages are made of: every vendored file as it was taken, every named file there, nothing from elsewhere."""

import hashlib
import re
from pathlib import Path

import jinja2
import pytest
from jinja2 import meta

import web
from web.app import create_app
from web.settings import Settings

WEB = Path(web.__file__).parent
STATIC, TEMPLATES = WEB / "static", WEB / "templates"
VENDORED = [STATIC / "vendor", Path(__file__).parent / "vendor"]
PAGES = sorted(TEMPLATES.rglob("*.html"))
SOURCES = [*PAGES, *sorted(path for path in STATIC.glob("*.*"))]
ROW = re.compile(r"^\| ([\w.-]+) \| [^|]+ \| \d[\w.]+ \| [\w.-]+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)
LISTS = {"VENDORED.md", "LICENSES.txt", "LICENSE.txt"}
XML_NAMES = {"http://www.w3.org/2000/svg"}

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)


@pytest.mark.parametrize("folder", VENDORED, ids=["of pages", "of tests"])
def test_every_vendored_file_is_listed_and_is_what_its_list_says(folder):
    listed = dict(ROW.findall((folder / "VENDORED.md").read_text(encoding="utf-8")))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert listed == {name: digest for name, digest in found.items() if name not in LISTS}
    assert found.keys() & {"LICENSES.txt", "LICENSE.txt"}


@every_source
def test_nothing_comes_from_another_address(path):
    found = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[\w/.-]*", path.read_text(encoding="utf-8")))
    assert found <= XML_NAMES


@every_page
def test_a_template_names_only_files_and_templates_that_there_are(path):
    source = path.read_text(encoding="utf-8")
    for name in re.findall(r"asset\('([^']+)'\)", source):
        assert (STATIC / name).is_file(), name
    assert "url_for('static'" not in source, "its address must change with its content: asset()"
    for name in meta.find_referenced_templates(jinja2.Environment(autoescape=True).parse(source)):
        assert name is None or (TEMPLATES / name).is_file(), name


def test_the_style_sheet_names_only_files_that_there_are():
    named = re.findall(r'url\("([^"]+)"\)', (STATIC / "app.css").read_text(encoding="utf-8"))
    assert len(named) == 2
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_templates_lead_only_to_views_that_there_are(sqlite_engine, tmp_path):
    views = create_app(Settings(home=tmp_path), sqlite_engine).view_functions.keys()
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    named = set(re.findall(r"""url_for\(["']([\w.]+)["']""", sources))
    named |= set(re.findall(r'ui\.quarters\([^)]*"([\w.]+)"\)', sources))
    assert len(named) > 10
    assert named - views == set()


@every_page
def test_a_template_holds_no_style_no_script_and_nothing_that_the_policy_would_stop(path):
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"""\s(?:style|on\w+|hx-on[\w:-]*)=["']""", source) == []
    assert re.findall(r"<style|javascript:|<script(?![^>]*nonce=)[^>]*>|<script[^>]*>[^<]", source) == []
    for tag in re.findall(r"<\w+[^>]*\shx-[^>]*>", source):
        assert 'hx-nonce="{{ nonce }}"' in tag, tag


def test_every_colour_of_the_light_look_has_a_dark_one():
    source = (STATIC / "app.css").read_text(encoding="utf-8")
    light, chosen, by_device = (
        set(re.findall(r"(--[\w-]+):", part)) for part in re.findall(r"color-scheme: \w+;([^}]*)}", source)
    )
    assert chosen == by_device
    assert light - chosen == {"--radius"}


def test_every_name_that_the_style_sheet_uses_is_set_in_it():
    source = (STATIC / "app.css").read_text(encoding="utf-8")
    assert set(re.findall(r"var\((--[\w-]+)", source)) <= set(re.findall(r"(--[\w-]+):", source))
