//! What others would recommend from the same measurements.

use super::krr::{Krr, krr};
use super::template::Template;
use super::vpa::{Vpa, vpa};
use crate::resources::measure::lain::{LainBand, lain_band};
use crate::resources::measure::waste::Statistic;
use crate::resources::usage::Series;
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// Other tools' answers; null where they would have none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Beside {
    /// The bands of `lain lint`.
    pub lain: Option<LainAdvice>,
    /// Robusta KRR, strategy `simple_limit` with `--use-oomkill-data`.
    pub krr: Krr,
    /// The Vertical Pod Autoscaler.
    pub vpa: Option<Vpa>,
}

/// What `lain lint` suggests, and how the container stands to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct LainAdvice {
    /// p95, rounded up to Mi.
    pub request_bytes: Bytes,
    /// 2.5 times p95.
    pub limit_bytes: Bytes,
    /// How it stands to that.
    pub band: LainBand,
}

impl Beside {
    pub(super) fn of(template: &Template<'_>, together: &Series) -> Self {
        let values: Vec<Bytes> = together.values.iter().map(|(_, value)| *value).collect();
        let top = Statistic::LAIN.of(&values);
        let lain = top.map(|top| {
            let band = lain_band(top, template.request, template.limit);
            LainAdvice { request_bytes: band.suggested_request_bytes, limit_bytes: band.limit_target_bytes, band }
        });
        Self { lain, krr: krr(template, together), vpa: vpa(template) }
    }
}
