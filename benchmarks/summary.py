"""Make the tables of RESULTS.md from all raw rows in benchmarks/results.

    uv run python benchmarks/summary.py

Values are medians over seeds or runs, with the least and the most in brackets. Each
commit has its own lines: what was worse once stays. Three tables would be too long that
way (costs, tightest spans, what the commands printed): they show the newest commit.
"""

from __future__ import annotations

import csv
import re
import statistics
from collections.abc import Callable, Iterable, Sequence

from bars import BARS
from recording import LIBRARIES, RESULTS, ROOT

PAGE = ROOT / "benchmarks" / "RESULTS.md"

Row = dict[str, str]
Group = dict[str, list[float]]
"""The values of each measure, over seeds or runs."""

TARGETS = {"cold_total_s": "< 90", "later_first_s": "< 3", "help_s": "< 0.5"}

STARTUP = {
    "sync_s": "`uv sync` in a fresh clone, packages cached",
    "cold_first_s": "first demo, kernel compiled: start of the command to first roster",
    "cold_demo_s": "the whole of it, 20 s of search included",
    "cold_cpu_s": "the same in CPU seconds",
    "cold_total_s": "**clone to finished roster** (sync + demo)",
    "later_first_s": "**a later demo: start of the command to the search**",
    "later_demo_s": "the whole of it, 1 s of search included",
    "later_cpu_s": "the same in CPU seconds",
    "help_s": "**`roundplan --help`**",
    "import_s": '`python -c "import roundplan"`',
}


def main() -> None:
    """Replace what stands between the markers of each table."""
    rows = read_rows()
    page = PAGE.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        begin, end = f"<!-- table {name} -->\n", "<!-- end -->"
        pattern = re.escape(begin) + ".*?" + re.escape(end)
        text = begin + table(rows) + end
        page = re.sub(pattern, lambda _, text=text: text, page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8", newline="\n")


def read_rows() -> list[Row]:
    """Return the raw rows of all files, oldest first."""
    rows: list[Row] = []
    for path in RESULTS.glob("[0-9]*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return sorted(rows, key=lambda row: row["time"])


def machines(rows: Iterable[Row]) -> str:
    """Return a line per commit and machine."""
    keys = ("commit", "cpu", "cores", "memory_gb", "system", "python")
    loads: dict[tuple[str, ...], list[float]] = {}
    for row in rows:
        key = (row["time"][:10], *(row[k] for k in (*keys, *LIBRARIES)))
        found = loads.setdefault(key, [])
        found += [float(row["load"])] if row["load"] else []
    heads = ["date", *keys[:3], "GB", *keys[4:], *LIBRARIES, "load"]
    return table(heads, ([*key, spread(load, 1)] for key, load in loads.items()))


def startup(rows: Iterable[Row]) -> str:
    """Return a line per commit and measure, with its target."""
    lines = [
        [commit, what, TARGETS.get(name, ""), spread(group[name], 2)]
        for (commit, _), group in groups(rows, "startup").items()
        for name, what in STARTUP.items()
        if name in group
    ]
    return table(["commit", "what", "target, s", "seconds"], lines)


def days(rows: Iterable[Row]) -> str:
    """Return a line per commit, one-day instance and time limit."""
    lines = [
        [
            commit,
            most(group["visits"]),
            most(group["limit_s"]),
            str(len(group["travel_s"])),
            spread(group["iterations_per_s"]),
            spread(group.get("cpu_percent", [])),
            spread(group["travel_s"]),
            most(group["unassigned"]),
            most(group["violations"]),
        ]
        for (commit, _), group in groups(by_limit(rows), "day").items()
    ]
    heads = [
        "commit",
        "visits",
        "s",
        "seeds",
        "iterations/s",
        "of a core, %",
        "travel, s",
    ]
    return table([*heads, "unassigned", "violations"], lines)


def rivals(rows: Iterable[Row]) -> str:
    """Return a line per commit, one-day instance and run beside the peers."""
    solvers = ("roundplan", "PyVRP", "VROOM", "OR-Tools")
    lines = [
        [
            call["commit"],
            number(call, "visits"),
            number(call, "limit_s"),
            number(call, "peer_limit_s"),
            number(call, "seeds"),
            *(number(call, f"{solver}_s") for solver in solvers),
            number(call, "ratio", 4),
            number(call, "bounded_s"),
            number(call, "bound_s"),
            number(call, "gap_percent", 2),
        ]
        for call in calls(rows, "day ratio")
    ]
    heads = ["commit", "visits", "s", "peers' s", "seeds", *solvers]
    return table([*heads, "ratio", "ours with a bound", "lower bound", "gap, %"], lines)


def scaling(rows: Iterable[Row]) -> str:
    """Return a line per commit and number of visits."""
    lines = [
        [
            commit,
            most(group["visits"]),
            most(group["limit_s"]),
            str(len(group["travel_s"])),
            spread(group["first_s"], 2),
            spread(group["iterations_per_s"]),
            spread(group["peak_mb"]),
            spread(group["first_over_best_percent"], 1),
            spread(group["to_5_percent_s"], 1),
            spread(group["to_2_percent_s"], 1),
            spread(group["travel_s"]),
            most(group["unassigned"]),
        ]
        for (commit, _), group in groups(by_limit(rows), "scaling").items()
    ]
    heads = ["commit", "visits", "s", "seeds", "first roster, s", "iterations/s"]
    heads += ["peak MB", "first roster above best, %", "to 5%, s", "to 2%, s"]
    return table([*heads, "travel, s", "unassigned"], lines)


def weeks(rows: Iterable[Row]) -> str:
    """Return a line per commit and week: speed, soundness, memory."""
    lines = [
        [
            commit,
            problem,
            most(group["visits"]),
            most(group["workers"]),
            most(group["limit_s"]),
            str(len(group["visits"])),
            spread(group["to_first_s"], 1),
            spread(group["first_s"], 2),
            spread(group["iterations_per_s"]),
            spread(group.get("cpu_percent", [])),
            spread(group["peak_mb"]),
            most(group["violations"]),
            most(group["cost_differences"]),
        ]
        for (commit, problem, *_), group in week_plans(rows).items()
    ]
    heads = ["commit", "week", "visits", "workers", "s", "seeds"]
    heads += [
        "start to first roster, s",
        "of it search, s",
        "iterations/s",
        "of a core, %",
    ]
    return table([*heads, "peak MB", "violations", "cost differences"], lines)


def quality(rows: Iterable[Row]) -> str:
    """Return a line per commit and week: what was reached."""
    lines = [
        [
            commit,
            problem,
            spread(group["first_unassigned"]),
            " / ".join(
                f"{statistics.median(group[f'unassigned_{priority}']):.0f}"
                for priority in ("essential", "standard", "flexible")
            ),
            spread([p / 100 for p in group["cost_total_p"]]),
            spread(group["travel_per_contact_percent"], 1),
            " / ".join(
                f"{statistics.median(group[f'distinct_workers_at_{n}_a_day']):.1f}"
                for n in ("1", "2", "3", "4+")
            ),
            spread(group["three_workers_cover_70_per_client_percent"], 1),
            spread(group["unknown_per_attendance_percent"], 1),
        ]
        for (commit, problem, *_), group in week_plans(rows).items()
    ]
    heads = ["commit", "week", "unassigned at first"]
    heads += ["unassigned at the end: essential / standard / flexible", "cost, £"]
    heads += [
        "travel per contact, %",
        "workers a client at 1 / 2 / 3 / 4+ visits a day",
    ]
    heads += ["three workers cover 70%, % of clients", "unknown worker, % of visits"]
    return table(heads, lines)


def continuity(rows: Iterable[Row]) -> str:
    """Return a line per commit, week and limit: who comes to clients, and how often."""
    names = ("1-3", "4-7", "8-14", "15-21", "22+")
    lines = [
        [
            *key,
            *(spread(group[f"distinct_workers_at_{n}_a_week"], 1) for n in names),
            spread(group["distinct_workers_at_2_a_day"], 1),
            spread(group["three_workers_cover_70_per_client_percent"], 1),
            spread([100 * share for share in group["upc_mean"]], 1),
        ]
        for key, group in week_plans(rows).items()
        if "upc_mean" in group
    ]
    heads = ["commit", "week", "s", "threads", *names, "at 2 a day"]
    heads += ["three workers cover 70%, % of clients", "usual worker, % of visits"]
    return table(heads, lines)


def over_time(rows: Iterable[Row]) -> str:
    """Return a line per commit, week and limit: the cost as time goes by."""
    percents = (1, 2, 5, 10, 20, 50, 100)
    lines = [
        [
            *key,
            *(
                f"{statistics.median(found) / 100:,.0f}" if found else "-"
                for found in (group[f"best_at_{p}_percent_p"] for p in percents)
            ),
        ]
        for key, group in week_plans(rows).items()
        if "best_at_1_percent_p" in group
    ]
    return table(
        ["commit", "week", "s", "threads", *(f"{p}%" for p in percents)], lines
    )


def bars(rows: Iterable[Row]) -> str:
    """Return a line per commit, week and limit: each bar's median and verdict."""
    lines = []
    for key, group in week_plans(rows).items():
        if "unassigned_refuted" in group:
            medians = [(bar, group.get(bar.measure, [])) for bar in BARS]
            lines.append(
                [
                    *key,
                    *(
                        f"{(m := statistics.median(v)):,.1f} {bar.verdict(m)}"
                        if v
                        else "?"
                        for bar, v in medians
                    ),
                ]
            )
    heads = [f"{bar.what} ({bar.limits()})" for bar in BARS]
    return table(["commit", "week", "s", "threads", *heads], lines)


def costs(rows: Sequence[Row]) -> str:
    """Return the terms of the newest commit's plans with seed 1, in pounds."""
    found: dict[str, dict[str, float]] = {}
    for row in newest(rows, "week"):
        if row["seed"] == "1" and re.fullmatch(r"cost_\w+_p", row["measure"]):
            term = row["measure"].removeprefix("cost_").removesuffix("_p")
            found.setdefault(term.replace("_", " "), {})[row["problem"]] = (
                float(row["value"]) / 100
            )
    problems = list(dict.fromkeys(p for terms in found.values() for p in terms))
    total = found.pop("total", {})
    lines = [
        [term, *(f"{of[p]:,.2f}" if p in of else "" for p in problems)]
        for term, of in [*found.items(), ("**total**", total)]
    ]
    return table(["£", *problems], lines)


def capacity(rows: Sequence[Row]) -> str:
    """Return the newest commit's tightest spans."""
    lines: dict[str, list[str]] = {}
    for row in newest(rows, "capacity"):
        value = row["value"]
        if row["measure"].endswith("_minutes"):
            value = f"{float(value):.1f}"
        elif row["measure"] != "span":
            value = f"{float(value):,.0f}"
        lines.setdefault(row["problem"], [row["problem"]]).append(value)
    heads = ["day", "span", "on shift, h", "contact that must fall inside, h"]
    heads += ["attendances", "left for a leg, min", "a leg in the plan, min"]
    return table([*heads, "left out that day"], lines.values())


def network(rows: Iterable[Row]) -> str:
    """Return a line per commit and step on the street network."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        if row["benchmark"] == "network":
            name, _, kind = row["measure"].rpartition("_")
            key = (row["commit"], row["problem"], name)
            found.setdefault(key, {})[kind] = row["value"]
    lines = [
        [*key, f"{float(of['s']):.3f}", of.get("note", "")] for key, of in found.items()
    ]
    return table(["commit", "map", "step", "seconds", "what"], lines)


def proof(rows: Sequence[Row]) -> str:
    """Return what the commands printed on real streets, the last time they did."""
    commits = dict.fromkeys(row["commit"] for row in reversed(rows))
    files = [sorted(RESULTS.glob(f"*-{c}-bounds_green_*.txt")) for c in commits]
    kept = next((found for found in files if found), [])
    return "".join(
        f"`benchmarks/results/{path.name}`:\n\n```text\n"
        f"{path.read_text(encoding='utf-8')}```\n"
        for path in kept
    )


TABLES: dict[str, Callable[[list[Row]], str]] = {
    "machines": machines,
    "startup": startup,
    "days": days,
    "rivals": rivals,
    "scaling": scaling,
    "weeks": weeks,
    "quality": quality,
    "continuity": continuity,
    "over time": over_time,
    "bars": bars,
    "costs": costs,
    "capacity": capacity,
    "network": network,
    "proof": proof,
}


def groups(rows: Iterable[Row], benchmark: str) -> dict[tuple[str, str], Group]:
    """Return the numbers by commit and problem."""
    found: dict[tuple[str, str], Group] = {}
    for row in rows:
        if row["benchmark"] == benchmark:
            group = found.setdefault((row["commit"], row["problem"]), {})
            group.setdefault(row["measure"], [])
            if row["value"]:
                group[row["measure"]].append(float(row["value"]))
    return found


def week_plans(rows: Iterable[Row]) -> dict[tuple[str, str, str, str], Group]:
    """Return the numbers of weeks by commit, problem, limit in seconds and threads.

    Rows that were recorded before threads could be chosen have one.
    """
    plans: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        if row["benchmark"] == "week":
            key = (row["commit"], row["problem"], row["seed"], row["time"])
            plans.setdefault(key, {})[row["measure"]] = row["value"]
    found: dict[tuple[str, str, str, str], Group] = {}
    for (commit, problem, *_), values in plans.items():
        limit, threads = (
            f"{float(values.get(name, '1')):g}" for name in ("limit_s", "threads")
        )
        group = found.setdefault((commit, problem, limit, threads), {})
        for measure, value in values.items():
            group.setdefault(measure, [])
            if value:
                group[measure].append(float(value))
    return found


def calls(rows: Iterable[Row], benchmark: str) -> list[Row]:
    """Return the values that were recorded together, by measure, with their commit."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if row["benchmark"] == benchmark:
            key = tuple(row[k] for k in ("time", "commit", "problem", "seed"))
            call = found.setdefault(key, {"commit": row["commit"]})
            call[row["measure"]] = row["value"]
    return list(found.values())


def by_limit(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with their limit in the problem's name, so as not to mix limits.

    Rows that were recorded together share time, problem and seed.
    """
    rows = list(rows)
    limits = {
        (row["time"], row["benchmark"], row["problem"], row["seed"]): row["value"]
        for row in rows
        if row["measure"] == "limit_s"
    }
    found = []
    for row in rows:
        key = (row["time"], row["benchmark"], row["problem"], row["seed"])
        found.append(row | {"problem": f"{row['problem']} {limits.get(key, '')}"})
    return found


def number(call: Row, measure: str, digits: int = 0) -> str:
    """Return a value, "" where it was not measured."""
    return f"{float(call[measure]):,.{digits}f}" if call.get(measure) else ""


def newest(rows: Sequence[Row], benchmark: str) -> list[Row]:
    """Return the rows of the commit that was measured last."""
    mine = [row for row in rows if row["benchmark"] == benchmark]
    return [row for row in mine if row["commit"] == mine[-1]["commit"]]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Return the median, with the least and the most where they differ."""
    if not values:
        return "?"
    middle, least, last = (
        f"{f(values):,.{digits}f}" for f in (statistics.median, min, max)
    )
    return middle if least == last else f"{middle} ({least} to {last})"


def most(values: Sequence[float]) -> str:
    """Return the largest value."""
    return f"{max(values):,.0f}" if values else "?"


def table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    main()
