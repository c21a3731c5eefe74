//! Speed from bytes to events. Ids are paths; each bench asserts what it parsed.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use oomkit_benches::{clean, dense, sparse};
use std::hint::black_box;

fn throughput(c: &mut Criterion) {
    let mut group = c.benchmark_group("throughput");
    for (id, log, events) in
        [("clean", clean(8 << 20), 0), ("sparse", sparse(8 << 20), 4), ("dense", dense(8 << 20), 500)]
    {
        assert!(oomkit_core::parse(&log).len() >= events, "{id}");
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(id, |b| b.iter(|| oomkit_core::parse(black_box(&log)).len()));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = throughput
}
criterion_main!(benches);
