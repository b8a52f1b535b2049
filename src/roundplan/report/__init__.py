"""What people look at: run sheets, maps of streets, and pictures of a search."""

from roundplan.report.network_map import network_map
from roundplan.report.rota import Rota
from roundplan.report.run_sheets import run_sheets
from roundplan.report.trace import Trace, read_trace
from roundplan.report.trace_plot import trace_html, trace_svg

__all__ = [
    "Rota",
    "Trace",
    "network_map",
    "read_trace",
    "run_sheets",
    "trace_html",
    "trace_svg",
]
