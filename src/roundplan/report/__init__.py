"""What people look at: pictures of a search, made without a plotting library."""

from roundplan.report.trace import Trace, read_trace
from roundplan.report.trace_plot import trace_html, trace_svg

__all__ = ["Trace", "read_trace", "trace_html", "trace_svg"]
