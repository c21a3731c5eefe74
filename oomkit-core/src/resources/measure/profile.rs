//! Profiles: the ways in which overcommit and waste are computed, and what each goes by unless told otherwise.

use super::{
    Overcommit, Rank, Selection, Statistic, Waste, overcommit, overcommit_lain, overcommit_seed, waste, waste_lain,
    waste_seed,
};
use crate::error::Error;
use crate::resources::{Basis, ClusterFacts, Kills, RawSeries, Usage};
use std::str::FromStr;

/// What is wrong with a measure of usage without any; who asks says what to give.
pub const NO_USAGE: &str = "nothing says what is used";

/// How overcommit and waste are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// By what is declared and used.
    #[default]
    Default,
    /// As the two queries that the project started from: for comparison.
    Seed,
    /// Only what lies outside the bands of `lain lint`.
    Lain,
}

/// What overcommit and waste are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Pods and nodes.
    pub facts: &'a ClusterFacts,
    /// What was used.
    pub usage: &'a Usage,
    /// The series of [`Profile::Seed`].
    pub series: &'a RawSeries,
    /// Kills; may be empty.
    pub kills: &'a Kills,
}

impl Profile {
    /// Which of a container's measurements counts unless another is asked for.
    pub const fn statistic(self) -> Statistic {
        match self {
            Self::Lain => Statistic::LAIN,
            Self::Default | Self::Seed => Statistic::Peak,
        }
    }

    /// Overcommit, with the kills of each row. The seed's query knows no kills.
    pub fn overcommit(self, inputs: Inputs<'_>, select: &Selection) -> Overcommit {
        let Inputs { facts, usage, series, kills } = inputs;
        let basis = Basis::default();
        let mut measure = match self {
            Self::Seed => return overcommit_seed(series, select),
            Self::Lain => overcommit_lain(facts, usage, basis, self.statistic(), select),
            Self::Default => overcommit(facts, select),
        };
        if !kills.is_empty() {
            measure.add_kills(kills, facts, usage, basis);
        }
        measure
    }

    /// Waste, with the kills of each row. The seed's query knows no kills.
    pub fn waste(self, inputs: Inputs<'_>, basis: Basis, statistic: Option<Statistic>, select: &Selection) -> Waste {
        let Inputs { facts, usage, series, kills } = inputs;
        let statistic = statistic.unwrap_or(self.statistic());
        let mut measure = match self {
            Self::Seed => return waste_seed(series, select),
            Self::Lain => waste_lain(facts, usage, basis, statistic, select),
            Self::Default => waste(facts, usage, basis, statistic, select),
        };
        if !kills.is_empty() || select.rank == Rank::Blame {
            measure.add_kills(kills, facts, usage, select);
        }
        measure
    }
}

impl FromStr for Profile {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "default" => Ok(Self::Default),
            "seed" => Ok(Self::Seed),
            "lain" => Ok(Self::Lain),
            _ => Err(Error::option("profile", word, "one of default, seed, lain")),
        }
    }
}
