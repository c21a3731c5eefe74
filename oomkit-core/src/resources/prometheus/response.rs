//! One answer of the API, streamed: a series leaves as soon as it is read, a range goes point by point to where it is kept.

use crate::error::{Error, ErrorKind};
use crate::resources::exposition::{Moment, Scrape, Series};
use crate::resources::kubernetes::documents;
use crate::resources::usage::{Metric, Place};
use crate::units::Bytes;
use chrono::DateTime;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

const EXPECTED: &str = "expected an answer of the Prometheus HTTP API (/api/v1/query or /api/v1/query_range)";

/// For how long a series that is no longer written still counts, as Prometheus has it.
const STALE_MILLIS: i64 = 300_000;

/// What an answer held beside its series.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Response {
    /// How many series.
    pub series: u64,
    /// How many points they had.
    pub points: u64,
    /// The answer to a query for a number.
    pub scalar: Option<f64>,
    /// The server's own: what may be missing.
    pub warnings: Vec<String>,
    /// The server's own: what may be odd.
    pub infos: Vec<String>,
}

/// An error as the API writes it: `{"status":"error","errorType":"execution","error":"query timed out"}`.
#[derive(Debug, Deserialize)]
struct ServerError {
    #[serde(default, rename = "errorType")]
    error_type: String,
    error: String,
}

impl ServerError {
    fn named(self, name: Option<&str>) -> Error {
        let Self { error_type, error: message } = self;
        ErrorKind::Server { name: name.map(str::to_owned), error_type, message }.into()
    }
}

/// The error that a server put into the body of its answer; none in the page of a proxy.
pub fn server_error(body: &[u8]) -> Option<Error> {
    serde_json::from_slice(body).ok().map(|error: ServerError| error.named(None))
}

impl Scrape {
    /// Reads answers of the Prometheus HTTP API: one, or several after the other. Each series must carry the name of its
    /// metric; an answer to a range query fills the history of what is used, of what is declared its end counts.
    ///
    /// ```
    /// use oomkit_core::resources::{Basis, ClusterFacts, Scrape, Usage};
    ///
    /// let answer = r#"{"status": "success", "data": {"resultType": "matrix", "result": [
    ///     {"metric": {"__name__": "container_memory_working_set_bytes", "namespace": "shop", "pod": "web-1", "container": "app"},
    ///      "values": [[1648800000, "7.4e+08"], [1648800060, "NaN"], [1648800120, "744079360"]]}]}}"#;
    /// let (mut scrape, mut usage) = (Scrape::default(), Usage::default());
    /// let read = scrape.read_response("range.json", answer.as_bytes())?;
    /// assert_eq!((read.series, read.points), (1, 3));
    /// scrape.finish(&mut ClusterFacts::default(), &mut usage)?;
    /// assert_eq!(usage.container("shop", "web-1", "app").len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The reader's; text that is no such answer; an answer that is an error.
    pub fn read_response(&mut self, name: &str, reader: impl Read) -> Result<Response, Error> {
        let mut all = Response::default();
        let mut failed = None;
        let mut nameless = 0;
        documents(name, reader, EXPECTED, |json| {
            let mut answer =
                Answer { scrape: self, found: &mut all, moment: Moment::default(), last: Vec::new(), nameless: 0 };
            let status = Top(&mut answer).deserialize(json)?;
            nameless += answer.nameless;
            answer.settle();
            failed = failed.take().or(status);
            Ok(())
        })?;
        if let Some(error) = failed {
            return Err(error.named(Some(name)));
        }
        if nameless > 0 && nameless == all.series {
            let remedy =
                "ask for plain series, or put the name back: label_replace(…, \"__name__\", \"NAME\", \"\", \"\")";
            return Err(Error::input(name, format!("no series tells its metric (`__name__`); {remedy}")));
        }
        Ok(all)
    }
}

/// What of an answer is still to be taken, and where it goes.
struct Answer<'a> {
    scrape: &'a mut Scrape,
    found: &'a mut Response,
    /// What was measured at one time.
    moment: Moment,
    /// The ends of ranges.
    last: Vec<Series>,
    nameless: u64,
}

impl Answer<'_> {
    fn settle(self) {
        let Self { scrape, mut moment, last, .. } = self;
        let end = last.iter().filter_map(|series| series.time).max();
        let current = |series: &Series| {
            let age = end.zip(series.time).map(|(end, time)| (end - time).num_milliseconds());
            age.is_none_or(|age| age < STALE_MILLIS)
        };
        for series in last.into_iter().filter(current) {
            scrape.take(series, &mut moment);
        }
        scrape.add(moment);
    }
}

/// The object itself; gives the error it tells.
struct Top<'a, 'b>(&'a mut Answer<'b>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum TopField {
    Status,
    Data,
    ErrorType,
    Error,
    Warnings,
    Infos,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = Option<ServerError>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = Option<ServerError>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer of the Prometheus HTTP API")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let (mut status, mut error_type, mut error) = (None::<String>, String::new(), String::new());
        let mut data = false;
        while let Some(field) = fields.next_key()? {
            match field {
                TopField::Status => status = fields.next_value()?,
                TopField::Data => {
                    data = true;
                    fields.next_value_seed(Data(&mut *self.0))?;
                }
                TopField::ErrorType => error_type = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                TopField::Error => error = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                TopField::Warnings => {
                    self.0.found.warnings.extend(fields.next_value::<Option<Vec<_>>>()?.unwrap_or_default())
                }
                TopField::Infos => {
                    self.0.found.infos.extend(fields.next_value::<Option<Vec<_>>>()?.unwrap_or_default())
                }
                TopField::Other => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        match status.as_deref() {
            Some("error") => Ok(Some(ServerError { error_type, error })),
            Some("success") if data => Ok(None),
            _ => Err(A::Error::custom(EXPECTED)),
        }
    }
}

/// `data`: what kind of result it is stands in the result as well.
struct Data<'a, 'b>(&'a mut Answer<'b>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum DataField {
    Result,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Data<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Data<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the result of a query")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(field) = fields.next_key()? {
            match field {
                DataField::Result => fields.next_value_seed(Elements(&mut *self.0))?,
                DataField::Other => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// `result`: series, or the time and value of a number.
struct Elements<'a, 'b>(&'a mut Answer<'b>);

impl<'de> DeserializeSeed<'de> for Elements<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of series")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(Element(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

struct Element<'a, 'b>(&'a mut Answer<'b>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum SeriesField {
    Metric,
    Value,
    Values,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a series with `metric` and `value` or `values`")
    }

    // the time of a number
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.found.scalar = text.parse().ok();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let answer = self.0;
        answer.found.series += 1;
        let mut metric: Option<Series> = None;
        let mut early = Vec::new();
        let mut one = None;
        let mut target = Target::default();
        while let Some(field) = fields.next_key()? {
            match field {
                SeriesField::Metric => {
                    let mut labels: BTreeMap<String, String> = fields.next_value()?;
                    let name = labels.remove("__name__").unwrap_or_default();
                    answer.nameless += u64::from(name.is_empty());
                    metric = Some(Series { name, labels, value: f64::NAN, time: None });
                }
                SeriesField::Value => one = Some(fields.next_value_seed(Point)?),
                SeriesField::Values => match &metric {
                    Some(series) => {
                        target = Target::of(series);
                        let mut keep = |point| target.take(point, answer);
                        fields.next_value_seed(Points(&mut keep))?;
                    }
                    None => fields.next_value_seed(Points(&mut |point| early.push(point)))?,
                },
                // native histograms hold no memory
                SeriesField::Other => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        let mut series = metric.ok_or_else(|| A::Error::missing_field("metric"))?;
        if !early.is_empty() {
            target = Target::of(&series);
            early.into_iter().for_each(|point| target.take(point, answer));
        }
        if let Some((time, value)) = one {
            answer.found.points += 1;
            (series.time, series.value) = (at(time), value);
            answer.scrape.take(series, &mut answer.moment);
        } else if let Some((time, value)) = target.last {
            (series.time, series.value) = (at(time), value);
            if target.place.is_some() {
                answer.scrape.note(&series);
            } else {
                answer.last.push(series);
            }
        }
        Ok(())
    }
}

fn at(millis: i64) -> Option<DateTime<chrono::FixedOffset>> {
    DateTime::from_timestamp_millis(millis).map(|time| time.fixed_offset())
}

/// Where the points of a range go.
#[derive(Default)]
struct Target {
    place: Option<(Place, Metric)>,
    last: Option<(i64, f64)>,
}

impl Target {
    fn of(series: &Series) -> Self {
        Self { place: series.container_metric(), last: None }
    }

    fn take(&mut self, (time, value): (i64, f64), answer: &mut Answer<'_>) {
        answer.found.points += 1;
        if !value.is_nan() {
            self.last = Some((time, value));
        }
        if let Some((place, metric)) = &self.place
            && value.is_finite()
            && value >= 0.0
        {
            answer.scrape.add_point(place, *metric, time, Bytes(value.round() as u64));
        }
    }
}

/// `[[time, "value"], …]`
struct Points<'a>(&'a mut dyn FnMut((i64, f64)));

impl<'de> DeserializeSeed<'de> for Points<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Points<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of points")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut points: A) -> Result<(), A::Error> {
        while let Some(point) = points.next_element_seed(Point)? {
            (self.0)(point);
        }
        Ok(())
    }
}

/// `[1648800000.123, "7.4e+08"]`: milliseconds, and the value.
struct Point;

impl<'de> DeserializeSeed<'de> for Point {
    type Value = (i64, f64);

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Point {
    type Value = (i64, f64);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time in seconds and a value in quotes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let time: f64 = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let value = parts.next_element_seed(PointValue)?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        Ok(((time * 1000.0).round() as i64, value))
    }
}

/// A number in quotes; VictoriaMetrics' exports have it without.
struct PointValue;

impl<'de> DeserializeSeed<'de> for PointValue {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<f64, D::Error> {
        json.deserialize_any(self)
    }
}

impl Visitor<'_> for PointValue {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number in quotes")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<f64, E> {
        text.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }
}
