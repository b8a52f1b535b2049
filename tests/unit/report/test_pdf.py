"""Sheets as PDF, by a browser that is there."""

from __future__ import annotations

import re

import pytest

from browsing import need_browser
from rota_by_hand import rota
from roundplan.errors import UsageError
from roundplan.report import pdf as pdf_module
from roundplan.report import pdf_of, run_sheets


def test_each_sheet_begins_a_page():
    need_browser()
    of = rota()
    content = pdf_of(run_sheets(of, of.days()))
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 3


def test_without_a_browser_the_way_out_is_said(monkeypatch):
    monkeypatch.setattr(pdf_module, "BROWSERS", ("no-such-browser",))
    with pytest.raises(UsageError, match=r"as \.html, and print"):
        pdf_of("<p>x</p>")


def test_a_browser_that_fails_is_an_error_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf_module, "BROWSERS", ("false",))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(UsageError, match="could not print"):
        pdf_of("<p>x</p>")
    assert list(tmp_path.iterdir()) == []
