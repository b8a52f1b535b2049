"""A problem folder small enough to read, written with or without faults."""

from pathlib import Path

PLACES = ("C1", "C2", "C3", "C4")

FILES = {
    "problem.toml": "start_date = 2026-06-01\ndays = 1\n",
    "clients.csv": """\
client_id,worker_gender,barred_workers,introduced_workers
C1,any,,W1;W2;W3
C2,female,,W1;W2
C3,any,W3,W1;W2
C4,any,,W1;W2;W3
""",
    "visits.csv": """\
visit_id,client_id,date,earliest_start,latest_start,duration_min,workers_required,skills,priority
V1,C1,2026-06-01,08:00,08:30,60,1,medication,essential
V2,C4,2026-06-01,09:00,10:00,60,2,,standard
V3,C2,2026-06-01,10:30,11:00,90,1,,essential
V4,C3,2026-06-01,12:30,13:00,120,1,,essential
V5,C1,2026-06-01,10:00,11:00,30,1,,standard
V6,C4,2026-06-01,13:00,14:00,30,1,hoist,flexible
""",
    "workers.csv": """\
worker_id,skills,gender,hourly_rate
W1,medication,female,14.80
W2,,female,14.80
W3,medication,male,14.80
""",
    "shifts.csv": """\
worker_id,date,start,end
W1,2026-06-01,07:00,16:00
W2,2026-06-01,08:30,16:00
W3,2026-06-01,07:00,16:00
""",
    "travel.csv": "profile,from_place,to_place,seconds,metres\n"
    + "".join(f"walk,{a},{b},300,250\n" for a in PLACES for b in PLACES if a != b),
}
"""V6 asks for a skill that nobody has. Any two places are five minutes apart."""

STARTS = {
    "W1": [("V1", "08:00"), ("V2", "09:15"), ("V3", "10:30"), ("V4", "12:30")],
    "W2": [("V2", "09:15")],
    "W3": [("V5", "10:00")],
}
"""W1 works 6 h 10 min, with a break between V3 and V4."""


def write_files(folder, **changes):
    """Write the problem; ``clients="..."`` replaces a table, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {Path(name).stem: text for name, text in FILES.items()} | changes
    for stem, content in contents.items():
        name = "problem.toml" if stem == "problem" else f"{stem}.csv"
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return folder
