"""Answers as tests look at them."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
from lxml import html


def document_of(answer: httpx.Response) -> Any:
    return html.document_fromstring(answer.text)


def page(client: httpx.Client, address: str, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return document_of(answer)


def rows(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def text(element: Any) -> str:
    return " ".join(str(element.text_content()).split())
