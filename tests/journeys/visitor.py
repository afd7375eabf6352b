"""A person without script: reads pages, follows links, fills in forms and presses their buttons."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from lxml import html


class Visitor:
    """One person with one browser. Every answer must be a page that opens; a redirect is followed."""

    def __init__(self) -> None:
        self.client = Client()
        self.url = "/"
        self.page: Any = None
        self.response: HttpResponse

    def goto(self, address: str) -> "Visitor":
        """Open an address."""
        return self._take(self.client.get(urljoin(self.url, address), follow=True))

    def follow(self, words: str) -> "Visitor":
        """Follow the first link of the main part whose text holds the words."""
        for link in self.page.xpath("//main//a[@href]") + self.page.xpath("//a[@href]"):
            if words in _words(link):
                return self.goto(link.get("href"))
        raise AssertionError(f"no link «{words}» on {self.url}:\n{self.text}")

    def press(self, words: str, *, files: dict[str, tuple[str, bytes]] | None = None, **typed: Any) -> "Visitor":
        """Fill in the form that has a button with these words and press it.

        typed: values by field name, with `__` for a hyphen; None leaves a box unticked.
        """
        button, form = self._button(words)
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        for name, value in typed.items():
            key = name.replace("__", "-")
            if value is None:
                data.pop(key, None)
            else:
                assert key in form.fields, f"no field «{key}» in the form of «{words}»: {sorted(form.fields)}"
                data[key] = value if isinstance(value, list) else [value]
        if button.get("name"):
            data[button.get("name")] = [button.get("value") or ""]
        for name, (file_name, content) in (files or {}).items():
            data[name] = [SimpleUploadedFile(file_name, content)]
        target = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        if (form.get("method") or "get").lower() == "get":
            return self._take(self.client.get(target, data, follow=True))
        return self._take(self.client.post(target, data, follow=True))

    @property
    def text(self) -> str:
        """What the main part says, as one line."""
        main = self.page.xpath("//main") or [self.page]
        return _words(main[0])

    def says(self, words: str) -> bool:
        return words in self.text

    def _button(self, words: str) -> tuple[Any, Any]:
        for button in self.page.xpath("//button"):
            form = next(iter(button.xpath("ancestor::form")), None)
            if form is None and button.get("form"):
                form = self.page.get_element_by_id(button.get("form"))
            if form is not None and words in _words(button) and not button.get("disabled"):
                return button, form
        raise AssertionError(f"no button «{words}» on {self.url}:\n{self.text}")

    def _take(self, response: Any) -> "Visitor":
        assert response.status_code == 200, (response.status_code, self.url)
        if response.redirect_chain:
            self.url = urljoin(self.url, response.redirect_chain[-1][0])
        else:
            request = response.request
            query = f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else ""
            self.url = urlsplit(request["PATH_INFO"]).path + query
        self.response = response
        if response["Content-Type"].startswith("text/html"):
            self.page = html.fromstring(response.content)
        return self


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())
