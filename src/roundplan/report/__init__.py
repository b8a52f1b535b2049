"""What people look at: maps of streets, and pictures of a search."""

from roundplan.report.network_map import network_map
from roundplan.report.trace import Trace, read_trace
from roundplan.report.trace_plot import trace_html, trace_svg

__all__ = ["Trace", "network_map", "read_trace", "trace_html", "trace_svg"]
