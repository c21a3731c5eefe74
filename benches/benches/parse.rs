//! Speed from bytes to events. Ids are paths; each bench asserts what it parsed.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use oomkit_benches::{LogKind, dump, log};
use oomkit_core::json::JsonWriter;
use oomkit_core::unstable::Prescan;
use oomkit_core::{Event, Limits, parse, stages};
use oomkit_tests::synth::{KernelLine, Transport, wrap};
use std::hint::black_box;

fn throughput(c: &mut Criterion) {
    let mut group = c.benchmark_group("throughput");
    for kind in LogKind::ALL {
        let (log, dumps) = log(kind, 16 << 20);
        assert_eq!(parse(&log).len(), dumps, "{}", kind.name());
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(kind.name(), |b| b.iter(|| parse(black_box(&log)).len()));
    }
    group.finish();
}

/// What the parts of the work cost by themselves.
fn stage(c: &mut Criterion) {
    let mut group = c.benchmark_group("stages");
    let (sparse, _) = log(LogKind::Clean, 16 << 20);
    group.throughput(Throughput::Bytes(sparse.len() as u64));
    group.bench_function("scan", |b| b.iter(|| Prescan::new(black_box(&sparse))));

    let one = dump(0, 1000, 40).concat().into_bytes();
    group.throughput(Throughput::Bytes(one.len() as u64));
    assert_eq!(parse(&one).len(), 1);
    group.bench_function("dump", |b| b.iter(|| parse(black_box(&one)).len()));
    // each of the three below does what the one above it does not
    let records = stages::records(&one);
    let lines = one.iter().filter(|b| **b == b'\n').count();
    assert_eq!((stages::transport(&one), records.count()), (lines, lines));
    group.bench_function("transport", |b| b.iter(|| stages::transport(black_box(&one))));
    assert_eq!(stages::kernel(&records), lines);
    group.bench_function("kernel", |b| b.iter(|| stages::kernel(black_box(&records))));
    assert_eq!(stages::assemble(&records).len(), 1);
    group.bench_function("assemble", |b| b.iter(|| stages::assemble(black_box(&records)).len()));

    let events: Vec<Event> = parse(&one);
    let mut writer = JsonWriter::default();
    let json = serde_json::to_vec(&events[0]).unwrap_or_default();
    assert_eq!(writer.write(&events[0]).unwrap_or_default(), json);
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("serialise", |b| b.iter(|| writer.write(black_box(&events[0])).map(<[u8]>::len)));
    group.finish();
}

/// The same dump from every log format.
fn transports(c: &mut Criterion) {
    let mut group = c.benchmark_group("transport");
    let text = |line: String| line.split_once("] ").map_or(line.clone(), |(_, text)| text.trim_end().to_owned());
    let lines: Vec<KernelLine> = (0..)
        .zip(dump(0, 1000, 40))
        .map(|(at, line)| KernelLine { level: 4, micros: 71_000_000 + at, thread: 1, text: text(line).into_bytes() })
        .collect();
    for transport in Transport::ALL {
        let log = wrap(&lines, transport, "node-7");
        assert_eq!(parse(&log).len(), 1, "{transport:?}");
        group.throughput(Throughput::Bytes(log.len() as u64));
        let id = format!("{transport:?}").to_lowercase();
        group.bench_function(id, |b| b.iter(|| parse(black_box(&log)).len()));
    }
    group.finish();
}

/// Tables of any length: the cost of a row stays the same.
fn rows(c: &mut Criterion) {
    let mut group = c.benchmark_group("rows");
    let kept = Limits::default().task_rows;
    for rows in [10, 100, 1000, 100_000] {
        let log = dump(0, 1000, rows).concat().into_bytes();
        assert_eq!(parse(&log)[0].tasks.len(), kept.min(rows as usize));
        group.throughput(Throughput::Elements(u64::from(rows)));
        group.bench_function(BenchmarkId::from_parameter(rows), |b| b.iter(|| parse(black_box(&log)).len()));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = throughput, stage, transports, rows
}
criterion_main!(benches);
