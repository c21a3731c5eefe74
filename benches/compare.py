"""Times commands in turns, so that a busy machine is as busy for each of them; prints tables of medians."""
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

OOMKIT, MAKE_LOG, PYTHON, LOGS = sys.argv[1:5]
RUNS, SIZE = int(sys.argv[5]), int(sys.argv[6])
SIX = "invoked oom-killer|Killed process|oom-kill:|Out of memory|oom_reaper:|memory.oom.group"
LOOP = "import re,sys\nfind=re.compile(rb'" + SIX + "').search\nprint(sum(1 for line in open(sys.argv[1],'rb') if find(line)))"


# Logs

def of(name):
    return os.path.join(LOGS, name)


def make(name, kind, mib):
    """A log, unless it is there already; false where it does not fit."""
    if os.path.exists(of(name)):
        return True
    with open("/proc/meminfo", encoding="utf8") as info:
        memory = next(int(line.split()[1]) // 1024 for line in info if line.startswith("MemAvailable"))
    room = min(memory, shutil.disk_usage(LOGS).free >> 20)
    if room < mib + 1024:
        print(f"Left out: {name}, of {mib} MiB: {room} MiB are free in memory and {LOGS}; TMPDIR names another folder.\n")
        return False
    with open(of(name), "wb") as log:
        subprocess.run([MAKE_LOG, kind, str(mib)], stdout=log, check=True)
        # a disk that is still being written to would take part of a processor while commands are timed
        os.fsync(log)
    return True


# Commands

def parse(log, threads, *, pipe=False):
    command = f"{OOMKIT} parse -q -f jsonl --threads {threads}"
    return f"cat {of(log)} | {command}" if pipe else f"{command} {of(log)}"


def search(log):
    if shutil.which("rg"):
        return f"rg -j1 -c '{SIX}' {of(log)}"
    return f"grep -cE '{SIX}' {of(log)}"


def python(count, log, read="parse_file"):
    """Counts something of each event in Python."""
    return f"{PYTHON} -c 'import oomkit, sys; print(sum({count} for e in oomkit.{read}(sys.argv[1])))' {of(log)}"


# Measuring

def timed(command):
    """Seconds by the clock, and of all processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    # grep stops at the first match where it sees /dev/null
    seen = "| cat" if command.startswith("grep") else ""
    subprocess.run(f"{command} {seen}", shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clock = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(command):
    """MiB, as GNU time says: of the largest process."""
    done = subprocess.run(["/usr/bin/time", "-f", "%M", "sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1]) / 1024


def medians(commands):
    """By name: seconds by the clock, and of all processors."""
    times = {name: [] for name, _ in commands}
    for _, command in commands:
        timed(command)
    for _ in range(RUNS):
        for name, command in commands:
            times[name].append(timed(command))
    return {name: [statistics.median(column) for column in zip(*pairs)] for name, pairs in times.items()}


def lines(command):
    return int(subprocess.run(f"{command} | wc -l", shell=True, check=True, capture_output=True, text=True).stdout)


# Tables

def machine():
    with open("/proc/cpuinfo", encoding="utf8") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"


def heading(*columns):
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")


def compared(title, commands):
    """Beside the first of them."""
    found = medians(commands)
    first = found[commands[0][0]]
    heading(title, "ms", "ratio", "processor ms", "ratio", "peak MiB")
    for name, command in commands:
        clock, cpu = found[name]
        ratios = f"{clock * 1000:.0f} | {clock / first[0]:.2f} | {cpu * 1000:.0f} | {cpu / first[1]:.2f}"
        print(f"| {name} | {ratios} | {peak(command):.1f} |", flush=True)
    print()


def searches():
    make("sparse", "sparse", SIZE)
    make("storm", "storm", SIZE // 4)
    make("json", "json", SIZE // 4)
    compared(f"sparse log, {SIZE} MiB", [
        ("search for six literals", search("sparse")),
        ("oomkit, 1 thread", parse("sparse", 1)),
        ("oomkit, 2 threads", parse("sparse", 2)),
        ("grep -c oom-kill", f"grep -c oom-kill {of('sparse')}"),
        ("wc -l", f"wc -l {of('sparse')}"),
        ("Python, one regular expression", f"{sys.executable} -c \"{LOOP}\" {of('sparse')}"),
    ])
    compared("sparse log from a pipe", [
        ("wc -l", f"cat {of('sparse')} | wc -l"),
        ("oomkit, 1 thread", parse("sparse", 1, pipe=True)),
        ("oomkit, 2 threads", parse("sparse", 2, pipe=True)),
    ])
    compared(f"storm, {SIZE // 4} MiB", [
        ("wc -l", f"wc -l {of('storm')}"),
        ("oomkit, 1 thread", parse("storm", 1)),
        ("oomkit, 2 threads", parse("storm", 2)),
    ])
    make("node", "node", SIZE // 4)
    make("near-miss", "near-miss", SIZE // 4)
    make("node-storm", "node-storm", SIZE // 4)
    for log in ("node", "near-miss"):
        compared(f"{log} log, {SIZE // 4} MiB", [
            ("search for six literals", search(log)),
            ("oomkit, 1 thread", parse(log, 1)),
            ("oomkit, 2 threads", parse(log, 2)),
        ])
    compared(f"storm between lines of node, {SIZE // 4} MiB", [
        ("wc -l", f"wc -l {of('node-storm')}"),
        ("oomkit, 1 thread", parse("node-storm", 1)),
        ("oomkit, 2 threads", parse("node-storm", 2)),
    ])
    compared(f"sparse log in JSON, {SIZE // 4} MiB", [
        ("search for six literals", search("json")),
        ("oomkit, 1 thread", parse("json", 1)),
        ("oomkit, 2 threads", parse("json", 2)),
    ])


def modules():
    """The Python module beside the command line: the module keeps what it found, and makes the parts that are asked for."""
    if not shutil.which(PYTHON) or subprocess.run([PYTHON, "-c", "import oomkit"], capture_output=True, check=False).returncode:
        print(f"Left out: Python, because {PYTHON} has no module oomkit; PYTHON names another.\n")
        return
    few = "e.victims[0].pid + len(e.container.id) + e.memcg.memory.usage_bytes"
    for log in ("sparse", "storm"):
        compared(f"Python, {log} log", [
            ("oomkit, 1 thread", parse(log, 1)),
            ("parse_file, events counted", python("1", log)),
            ("parse_file, victim, container and usage read", python(few, log)),
            ("parse_file, every row of the task table read", python("sum(t.rss_bytes for t in e.tasks)", log)),
            ("iter_events, events counted", python("1", log, "iter_events")),
            ("python -c 'import oomkit'", f"{PYTHON} -c 'import oomkit'"),
        ])


def sizes():
    """Time grows with the log, memory does not."""
    table = []
    for mib in (SIZE // 16, SIZE // 4, SIZE, SIZE * 4):
        name = "sparse" if mib == SIZE else f"sparse-{mib}"
        if not make(name, "sparse", mib):
            continue
        ways = [(pipe, threads) for pipe in (False, True) for threads in (1, 2)]
        commands = [(way, parse(name, way[1], pipe=way[0])) for way in ways]
        found = medians(commands)
        for (pipe, threads), command in commands:
            clock, cpu = found[pipe, threads]
            table.append((pipe, threads, mib, clock, cpu, peak(command)))
        if mib != SIZE:
            os.remove(of(name))
    heading("sparse log", "MiB", "ms", "ms per GiB", "processor ms per GiB", "peak MiB")
    for pipe, threads, mib, clock, cpu, most in sorted(table):
        way = f"{'pipe' if pipe else 'file'}, {threads} thread{'s' if threads > 1 else ''}"
        per_gib = f"{clock * 1024e3 / mib:.0f} | {cpu * 1024e3 / mib:.0f}"
        print(f"| {way} | {mib} | {clock * 1000:.0f} | {per_gib} | {most:.1f} |")
    print()


def rows():
    """A row costs the same in a table of any length."""
    heading("rows of the table", "dumps", "KB a dump", "µs a dump", "processor µs a dump", "of that for each row", "peak MiB")
    for count in (10, 100, 1000, 100_000):
        name = f"rows-{count}"
        if not make(name, f"rows:{count}", max(SIZE // 16, 1)):
            continue
        dumps = lines(f"grep 'invoked oom-killer' {of(name)}")
        command = parse(name, 1)
        if lines(command) != dumps:
            sys.exit(f"{name}: {dumps} dumps, {lines(command)} events")
        clock, cpu = (seconds * 1e6 / dumps for seconds in medians([(name, command)])[name])
        size = os.path.getsize(of(name)) / dumps / 1000
        print(f"| {count} | {dumps} | {size:.1f} | {clock:.0f} | {cpu:.0f} | {cpu / count:.2f} | {peak(command):.1f} |", flush=True)
        os.remove(of(name))
    print()


def needles():
    """A log in which every second line holds a text beside the log in which that text is spelled backwards."""
    heading("every second line holds", "ms", "ms without", "ratio")
    texts = subprocess.run([MAKE_LOG, "needles"], check=True, capture_output=True, text=True).stdout.split("\n")[:-1]
    for needle in texts:
        mib = max(SIZE // 16, 1)
        if not (make("needle", f"needle:{needle}", mib) and make("reversed", f"reversed:{needle}", mib)):
            continue
        found = medians([(name, parse(name, 1)) for name in ("needle", "reversed")])
        with_it, without = (found[name][0] * 1000 for name in ("needle", "reversed"))
        print(f"| `{needle}` | {with_it:.1f} | {without:.1f} | {with_it / without:.2f} |", flush=True)
        os.remove(of("needle"))
        os.remove(of("reversed"))
    print()


print(f"{machine()}; medians of {RUNS} runs in turns, files in the page cache\n")
searches()
modules()
sizes()
rows()
needles()
