//! Long histories of containers: 16 bytes a point.

use super::Sample;
use crate::units::Bytes;
use chrono::DateTime;

/// What was measured, where a source tells one metric at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resources) enum Metric {
    WorkingSet,
    Rss,
    Usage,
    Cache,
    ActiveFile,
    InactiveFile,
}

/// Milliseconds since 1970, and bytes.
type Point = (i64, Bytes);

/// Points of each metric, in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Range {
    working_set: Vec<Point>,
    rss: Vec<Point>,
    usage: Vec<Point>,
    cache: Vec<Point>,
    active_file: Vec<Point>,
    inactive_file: Vec<Point>,
}

impl Range {
    fn of(&mut self, metric: Metric) -> &mut Vec<Point> {
        match metric {
            Metric::WorkingSet => &mut self.working_set,
            Metric::Rss => &mut self.rss,
            Metric::Usage => &mut self.usage,
            Metric::Cache => &mut self.cache,
            Metric::ActiveFile => &mut self.active_file,
            Metric::InactiveFile => &mut self.inactive_file,
        }
    }

    /// Of two series at one time the larger counts: two scrapes, two endpoints, or both sides of a restart.
    pub(super) fn push(&mut self, metric: Metric, time: i64, value: Bytes) {
        let points = self.of(metric);
        match points.last_mut() {
            Some((last, kept)) if *last == time => *kept = (*kept).max(value),
            Some((last, _)) if *last > time => match points.binary_search_by_key(&time, |(time, _)| *time) {
                Ok(at) => points[at].1 = points[at].1.max(value),
                Err(at) => points.insert(at, (time, value)),
            },
            _ => points.push((time, value)),
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        for (metric, points) in [
            (Metric::WorkingSet, other.working_set),
            (Metric::Rss, other.rss),
            (Metric::Usage, other.usage),
            (Metric::Cache, other.cache),
            (Metric::ActiveFile, other.active_file),
            (Metric::InactiveFile, other.inactive_file),
        ] {
            if self.of(metric).is_empty() {
                *self.of(metric) = points;
            } else {
                points.into_iter().for_each(|(time, value)| self.push(metric, time, value));
            }
        }
    }

    /// All of it as samples, in the order of time.
    pub(super) fn samples(&self) -> Vec<Sample> {
        type Slot = fn(&mut Sample) -> &mut Option<Bytes>;
        let columns: [(&[Point], Slot); 6] = [
            (&self.working_set, |sample| &mut sample.working_set),
            (&self.rss, |sample| &mut sample.rss),
            (&self.usage, |sample| &mut sample.usage),
            (&self.cache, |sample| &mut sample.cache),
            (&self.active_file, |sample| &mut sample.active_file),
            (&self.inactive_file, |sample| &mut sample.inactive_file),
        ];
        let mut times: Vec<i64> = columns.iter().flat_map(|(points, _)| points.iter().map(|(time, _)| *time)).collect();
        times.sort_unstable();
        times.dedup();
        let time = |millis: &i64| DateTime::from_timestamp_millis(*millis).map(|time| time.fixed_offset());
        let mut samples: Vec<Sample> =
            times.iter().map(|millis| Sample { time: time(millis), ..Sample::default() }).collect();
        for (points, slot) in columns {
            let mut at = 0;
            for (time, value) in points {
                while times[at] < *time {
                    at += 1;
                }
                *slot(&mut samples[at]) = Some(*value);
            }
        }
        samples
    }
}
