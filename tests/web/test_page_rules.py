"""The rules for pages catch what breaks them: a page of each fault is refused."""

import pytest

from tests.web.page_rules import check_fragment, check_page
from web import access
from web.access import PUBLIC

SOUND = """<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">
<title>A page · Loyalty Pay</title></head><body><main id="content"><h1>A page</h1><h2>A part</h2>
<form method="post"><input type="hidden" name="csrf_token" value="t"><label for="a">A</label><input id="a"></form>
<a href="#content">Up</a></main></body></html>"""


def test_a_sound_page_is_taken(serve):
    assert check_page(serve(SOUND)).findtext("body/main/h1") == "A page"


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ("<!doctype html>", "", "no doctype"),
        ('lang="en"', "", "a language"),
        ("A page · Loyalty Pay", " · Loyalty Pay", "a title"),
        ("<h1>A page</h1>", "", "one main heading"),
        ("<h1>A page</h1>", "<h1> </h1>", "one main heading"),
        ("<h2>A part</h2>", "<h3>A part</h3>", "headings without gaps"),
        ('name="viewport"', 'name="port"', "a viewport"),
        ("<h2>", '<h2 style="color:red">', "h2 style"),
        ("<h2>", '<h2 onclick="go()">', "h2 onclick"),
        ("<h2>", '<h2 hx-on:click="go()">', "h2 hx-on:click"),
        ("<h2>", '<h2 hx-get="/">', "h2 without nonce"),
        ("<h2>", "<script>go()</script><h2>", "script"),
        ("<h2>", '<script src="https://evil.example/x.js"></script><h2>', "script"),
        ("<h2>", '<script src="/static/x.js" nonce="wrong"></script><h2>', "script"),
        ("<h2>", "<style>h2 {color: red}</style><h2>", "style"),
        ('href="#content"', 'href="javascript:go()"', "javascript"),
        ('href="#content"', 'href="#nowhere"', "#nowhere"),
        (' value="t"', ' value=""', "tokens"),
        ('name="csrf_token"', 'name="token"', "tokens"),
        ('method="post"', "", "tokens"),
        ('<label for="a">A</label>', "", "no label"),
        ('<label for="a">A</label>', '<label for="a"></label>', "no label"),
        ('<label for="a">', '<label for="b">', "for b"),
        ('<input id="a">', '<input id="a" aria-describedby="hint">', "aria-describedby hint"),
        ("<h2>", '<h2 id="a">', "id a twice"),
        ("<h2>", "<svg></svg><h2>", "an image without words"),
        ("<h2>", '<b hx-nonce="n" hx-post="/x"></b><h2>', "htmx sends no token"),
        ("</h2>", "</h3></h2>", "Unexpected end tag"),
    ],
)
def test_a_page_with_a_fault_is_refused(serve, sound, broken, fault):
    assert sound in SOUND
    with pytest.raises(AssertionError, match=fault):
        check_page(serve(SOUND.replace(sound, broken)))


def test_a_part_of_a_page_must_be_as_safe(serve):
    check_fragment(serve("<p>Ada</p>"))
    with pytest.raises(AssertionError, match="p onclick"):
        check_fragment(serve('<p onclick="go()">Ada</p>'))


@pytest.fixture
def serve(own_app, monkeypatch):
    """Gives the answer of the application with a page of one's own."""
    pages = []
    monkeypatch.setitem(access._NEEDS, "own", PUBLIC)
    own_app.add_url_rule("/own", "own", pages.pop)

    def answer(page):
        pages.append(page)
        return own_app.test_client().get("/own")

    return answer
