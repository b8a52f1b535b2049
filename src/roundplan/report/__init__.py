"""What people look at: rosters, run sheets, street maps, pictures of a search."""

from roundplan.report.calendars import calendars, zipped
from roundplan.report.client_sheets import client_sheets
from roundplan.report.geojson import rounds_geojson
from roundplan.report.network_map import network_map
from roundplan.report.pdf import pdf_of
from roundplan.report.publishing import (
    REFERENCE_DAYS,
    Average,
    average_hours,
    by_notice,
    publish,
)
from roundplan.report.roster_page import roster_page
from roundplan.report.rota import Rota
from roundplan.report.run_sheets import run_sheets
from roundplan.report.trace import Trace, read_trace
from roundplan.report.trace_plot import trace_html, trace_svg
from roundplan.report.workbook import workbook

__all__ = [
    "REFERENCE_DAYS",
    "Average",
    "Rota",
    "Trace",
    "average_hours",
    "by_notice",
    "calendars",
    "client_sheets",
    "network_map",
    "pdf_of",
    "publish",
    "read_trace",
    "roster_page",
    "rounds_geojson",
    "run_sheets",
    "trace_html",
    "trace_svg",
    "workbook",
    "zipped",
]
