"""report_check.py PAGE ...: a report is whole HTML, loads nothing, and has no script but its own. Prints what
it says of itself: the ids of its sections."""
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "wbr"}
SVG_VOID = {"path", "rect"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.sections, self.scripts, self.images = [], set(), [], [], 0

    def handle_startendtag(self, tag, attributes):
        assert tag in SVG_VOID, f"<{tag}/>"
        self.look(tag, dict(attributes))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.look(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append(attributes.get("type", ""))

    def look(self, tag, attributes):
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        for name in ("src", "href"):
            url = attributes.get(name, "#")
            assert re.match(r"#|data:|\./|/run/|/$", url), url
        self.images += tag == "img"
        if "id" in attributes:
            assert attributes["id"] not in self.ids, attributes["id"]
            self.ids.add(attributes["id"])
            if tag == "section":
                self.sections.append(attributes["id"])

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()


for name in sys.argv[1:]:
    with open(name, encoding="utf-8", errors="strict") as file:
        text = file.read()
    page = Page()
    page.feed(text)
    page.close()
    assert text.startswith("<!DOCTYPE html>") and not page.open, page.open
    assert page.scripts.count("") == 1 and set(page.scripts) <= {"", "application/json"}, page.scripts
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", text)
    print(name + ":", *page.sections)
    if page.images:
        print("  pictures:", page.images)
