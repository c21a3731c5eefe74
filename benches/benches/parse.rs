//! Speed from bytes to events. Ids are paths; each bench asserts what it parsed.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use oomkit_benches::{Kind, log};
use std::hint::black_box;

fn throughput(c: &mut Criterion) {
    let mut group = c.benchmark_group("throughput");
    for kind in Kind::ALL {
        let (log, dumps) = log(kind, 8 << 20);
        assert_eq!(oomkit_core::parse(&log).len(), dumps, "{}", kind.name());
        group.throughput(Throughput::Bytes(log.len() as u64));
        group.bench_function(kind.name(), |b| b.iter(|| oomkit_core::parse(black_box(&log)).len()));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = throughput
}
criterion_main!(benches);
