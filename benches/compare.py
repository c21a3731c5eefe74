"""Times commands in turns, so that a busy machine is as busy for each of them; medians, and ratios to the first."""
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

oomkit, logs, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
SIX = "invoked oom-killer|Killed process|oom-kill:|Out of memory|oom_reaper:|memory.oom.group"
LOOP = "import re,sys\nfind=re.compile(rb'" + SIX + "').search\nprint(sum(1 for line in open(sys.argv[1],'rb') if find(line)))"


def of(name):
    return os.path.join(logs, name)


def parse(log, threads, *, pipe=False):
    command = f"{oomkit} parse -q -f jsonl --threads {threads}"
    return f"cat {of(log)} | {command}" if pipe else f"{command} {of(log)}"


def search(log):
    if shutil.which("rg"):
        return f"rg -j1 -c '{SIX}' {of(log)}"
    return f"grep -cE '{SIX}' {of(log)}"


GROUPS = [
    ("sparse log", [
        ("search for six literals", search("sparse")),
        ("oomkit, 1 thread", parse("sparse", 1)),
        ("oomkit, 2 threads", parse("sparse", 2)),
        ("grep -c oom-kill", f"grep -c oom-kill {of('sparse')}"),
        ("wc -l", f"wc -l {of('sparse')}"),
        ("Python, one regular expression", f"{sys.executable} -c \"{LOOP}\" {of('sparse')}"),
    ]),
    ("sparse log from a pipe", [
        ("wc -l", f"cat {of('sparse')} | wc -l"),
        ("oomkit, 1 thread", parse("sparse", 1, pipe=True)),
        ("oomkit, 2 threads", parse("sparse", 2, pipe=True)),
    ]),
    ("storm", [
        ("wc -l", f"wc -l {of('storm')}"),
        ("oomkit, 1 thread", parse("storm", 1)),
        ("oomkit, 2 threads", parse("storm", 2)),
    ]),
    ("sparse log in JSON", [
        ("search for six literals", search("json")),
        ("oomkit, 1 thread", parse("json", 1)),
        ("oomkit, 2 threads", parse("json", 2)),
    ]),
]


def timed(command):
    """Seconds by the clock, and of all processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    # not to /dev/null itself: grep then stops at the first match
    subprocess.run(f"({command}) | cat", shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clock = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(command):
    done = subprocess.run(["/usr/bin/time", "-f", "%M", "sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1]) / 1024


def machine():
    with open("/proc/cpuinfo", encoding="utf8") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"


print(f"{machine()}; medians of {runs} runs in turns, files in the page cache\n")
for title, commands in GROUPS:
    times = {name: [] for name, _ in commands}
    for _, command in commands:
        timed(command)
    for _ in range(runs):
        for name, command in commands:
            times[name].append(timed(command))
    medians = {name: [statistics.median(column) for column in zip(*pairs)] for name, pairs in times.items()}
    first = medians[commands[0][0]]
    print(f"| {title} | ms | ratio | processor ms | ratio | peak MiB |\n|---|---|---|---|---|---|")
    for name, command in commands:
        (clock, cpu) = medians[name]
        ratios = f"{clock * 1000:.0f} | {clock / first[0]:.2f} | {cpu * 1000:.0f} | {cpu / first[1]:.2f}"
        print(f"| {name} | {ratios} | {peak(command):.1f} |")
    print()
