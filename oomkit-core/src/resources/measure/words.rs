//! Options of measures as people write them: `pod`, `working_set`, `p95`.

use super::{By, Rank, RecommendProfile, Statistic};
use crate::error::Error;
use crate::resources::usage::BASES;
use crate::resources::{Basis, View};
use std::str::FromStr;

impl FromStr for By {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let all = [Self::Container, Self::Pod, Self::Workload, Self::Namespace, Self::Node];
        let expected = "one of container, pod, workload, namespace, node";
        all.into_iter().find(|by| by.as_str() == word).ok_or_else(|| Error::option("by", word, expected))
    }
}

impl FromStr for Basis {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let all = [Self::WorkingSet, Self::Rss, Self::Usage, Self::UsageMinusCache, Self::AnonShmem];
        all.into_iter().find(|basis| basis.as_str() == word).ok_or_else(|| Error::option("basis", word, BASES))
    }
}

impl FromStr for View {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "steady" => Ok(Self::Steady),
            "scheduled" => Ok(Self::Scheduled),
            _ => Err(Error::option("view", word, "steady or scheduled")),
        }
    }
}

/// `peak`, `latest`, or a percentile such as `p95`.
impl FromStr for Statistic {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let percentile = word.strip_prefix('p').and_then(|number| number.parse::<f64>().ok());
        match (word, percentile) {
            ("peak", _) => Ok(Self::Peak),
            ("latest", _) => Ok(Self::Latest),
            (_, Some(percent)) if (0.0..=100.0).contains(&percent) => Ok(Self::Quantile(percent / 100.0)),
            _ => Err(Error::option("statistic", word, "peak, latest, or a percentile such as p95")),
        }
    }
}

impl FromStr for Rank {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "bytes" => Ok(Self::Bytes),
            "byte-hours" => Ok(Self::ByteHours),
            "blame" => Ok(Self::Blame),
            _ => Err(Error::option("rank_by", word, "bytes, byte-hours or blame")),
        }
    }
}

impl FromStr for RecommendProfile {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "strict" => Ok(Self::Strict),
            "burst" => Ok(Self::Burst),
            _ => Err(Error::option("profile", word, "strict or burst")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_json() {
        for by in ["container", "pod", "workload", "namespace", "node"] {
            assert_eq!(by.parse::<By>().unwrap().as_str(), by);
        }
        for basis in ["working_set", "rss", "usage", "usage_minus_cache", "anon_shmem"] {
            assert_eq!(basis.parse::<Basis>().unwrap().as_str(), basis);
        }
        assert_eq!("p95".parse::<Statistic>().unwrap(), Statistic::Quantile(0.95));
        for wrong in ["p101", "p-1", "pNaN", "95", "max"] {
            assert!(wrong.parse::<Statistic>().is_err(), "{wrong}");
        }
        assert!("pods".parse::<By>().unwrap_err().to_string().contains("one of container, pod"));
        assert!("all".parse::<View>().is_err() && "".parse::<Basis>().is_err());
    }
}
