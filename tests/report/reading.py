"""What a reader finds in a report: the words of a page, and those of a PDF."""

import re
import zlib
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input", "hr"}
_WITHIN = ("#", "data:image/jpeg;base64,")


class Page(HTMLParser):
    """Tags, attributes and visible words of a page whose tags are all closed."""

    def __init__(self, html):
        super().__init__()
        self.html = html
        self.tags, self.open, self.words = [], [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "svg"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def asked_for(self):
        """What it would run, or fetch from elsewhere; a picture it holds is not."""
        found = [tag for tag, _ in self.tags if tag in {"script", "link"}]
        found += re.findall(r"@import|url\((?!#)", self.html)
        for _, attrs in self.tags:
            found += [name for name in attrs if name.startswith("on")]
            targets = [attrs.get(name, "#") for name in ("src", "href", "xlink:href")]
            found += [each for each in targets if not each.startswith(_WITHIN)]
        return found

    @property
    def unclear_names(self):
        """What is pointed to but not there, or stands for two different things."""
        pointed = re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", self.html)
        named = {attrs["id"]: [] for _, attrs in self.tags if "id" in attrs}
        for tag, attrs in self.tags:
            if "id" in attrs:
                named[attrs["id"]].append((tag, attrs))
        unlike = [name for name, parts in named.items() if parts[1:] != parts[:-1]]
        return [name for name in pointed if name not in named] + unlike

    @property
    def unset(self):
        """Names of sizes and colours that its style uses and nothing gives a value."""
        used = re.findall(r"var\((--[\w-]+)\)", self.html)
        return set(used) - set(re.findall(r"(--[\w-]+):", self.html))


class Pdf:
    """The objects of a PDF that matplotlib wrote: its pages and the text on them."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        found = re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", self.bytes, re.DOTALL)
        self._objects = {int(each[1]): each[2] for each in found}
        (fonts,) = re.findall(rb"/Font (\d+) 0 R", self.bytes)
        named = re.findall(rb"/(F\d+) (\d+) 0 R", self._objects[int(fonts)])
        self.fonts = {name: self._objects[int(number)] for name, number in named}
        self._letters = {name: self._map(font) for name, font in self.fonts.items()}

    @property
    def pages(self):
        """The text of each page; what was written at once is a line."""
        contents = re.findall(
            rb"/Type /Page .*?/Contents (\d+) 0 R", self.bytes, re.DOTALL
        )
        return [self._text(self._stream(int(number))) for number in contents]

    @property
    def info(self):
        (facts,) = (each for each in self._objects.values() if b"/Creator" in each)
        return facts.decode("latin-1")

    def _stream(self, number):
        head, data = self._objects[number].split(b"stream\n", 1)
        assert b"/FlateDecode" in head
        return zlib.decompress(data.rsplit(b"\nendstream", 1)[0])

    def _map(self, font):
        (number,) = re.findall(rb"/ToUnicode (\d+) 0 R", font)
        letters = {}
        ranges = re.findall(rb"<(\w+)> <\w+> \[(.*?)\]", self._stream(int(number)))
        for first, targets in ranges:
            for index, target in enumerate(re.findall(rb"<(\w+)>", targets)):
                text = bytes.fromhex(target.decode()).decode("utf-16-be")
                letters[int(first, 16) + index] = text
        return letters

    def _text(self, content):
        lines = []
        for block in re.findall(rb"\bBT\b(.*?)\bET\b", content, re.DOTALL):
            font, line = None, ""
            for part in _PARTS.finditer(block):
                if part["font"]:
                    font = self._letters[part["font"]]
                    continue
                raw = re.sub(rb"\\(\d{3}|.)", _unescaped, part["text"], flags=re.DOTALL)
                codes = [raw[at : at + 2] for at in range(0, len(raw), 2)]
                line += "".join(font[int.from_bytes(code)] for code in codes)
            lines.append(line)
        return "\n".join(lines)


_PARTS = re.compile(
    rb"/(?P<font>F\d+) [\d.]+ Tf|\((?P<text>(?:\\.|[^()\\])*)\)", re.DOTALL
)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(escape):
    what = escape[1]
    if what.isdigit():
        return bytes([int(what, 8)])
    return _NAMED.get(what, what)
