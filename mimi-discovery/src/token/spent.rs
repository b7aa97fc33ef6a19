//! Which tokens were spent.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

/// That a token is good, by
/// [`DayKeys::verify`](super::DayKeys::verify); not yet that it is spent. A host
/// journals it, `uint32 day; uint32 key_id; opaque nonce[32]`, and spends it again
/// when it replays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spend {
    pub(super) day: u32,
    pub(super) key_id: u32,
    pub(super) nonce: [u8; 32],
}

impl Encode for Spend {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.day);
        w.u32(self.key_id);
        w.raw(&self.nonce);
    }
}

impl Decode for Spend {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Spend {
            day: r.u32()?,
            key_id: r.u32()?,
            nonce: r.array()?,
        })
    }
}

/// The spent tokens of the days that still count.
///
/// It is saved as `uint32 first_day; uint64 max; Day days<V>`, a `Day` being `uint32
/// day; Spent spent<V>` and a `Spent` being `uint32 key_id; opaque nonce[32]`, all in
/// ascending order: one state has one encoding. A token takes 36 octets there and
/// about 55 in memory. A host with more tokens than it has memory keeps several of
/// these and shards by the nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentSet {
    first_day: u32,
    max: u64,
    days: BTreeMap<u32, BTreeSet<(u32, [u8; 32])>>,
}

/// Most days of which a set knows tokens: yesterday, today and tomorrow, since not
/// everybody's midnight is the same.
pub const MAX_SPENT_DAYS: usize = 3;

/// Most tokens of a day in one set: what can be saved of that many days is one vector
/// (RFC 9420 §2.1.2), of 36 octets each.
pub const MAX_SPENT_PER_DAY: u64 = 9_900_000;

impl SpentSet {
    /// An empty set that takes at most `max` tokens of each day, and never more than
    /// [`MAX_SPENT_PER_DAY`]. Only tokens that were issued get in; so the quotas bound
    /// it before this does.
    #[must_use]
    pub fn new(max: u64) -> Self {
        SpentSet {
            first_day: 0,
            max: max.min(MAX_SPENT_PER_DAY),
            days: BTreeMap::new(),
        }
    }

    /// Spends tokens, all of them or none.
    ///
    /// # Errors
    /// When one was spent before or is there twice, its day is forgotten, or its day
    /// or the set is full. Then none is spent.
    pub fn spend(&mut self, tokens: &[Spend]) -> Result<(), SpendError> {
        let mut seen = BTreeSet::new();
        let mut added = BTreeMap::<u32, u64>::new();
        for (position, token) in tokens.iter().enumerate() {
            let day = token.day;
            if day < self.first_day {
                return Err(SpendError::DayOver { position, day });
            }
            let spent = self.days.get(&day);
            let before = spent.is_some_and(|spent| spent.contains(&(token.key_id, token.nonce)));
            if before || !seen.insert(token) {
                return Err(SpendError::Spent { position });
            }
            added.entry(day).or_default();
            let new = added.keys().filter(|day| !self.days.contains_key(day));
            if self.days.len().saturating_add(new.count()) > MAX_SPENT_DAYS {
                return Err(SpendError::TooManyDays { day });
            }
            let held = spent.map_or(0, |spent| u64::try_from(spent.len()).unwrap_or(u64::MAX));
            let added = added.entry(day).or_default();
            *added = added.saturating_add(1);
            if held.saturating_add(*added) > self.max {
                let max = self.max;
                return Err(SpendError::Full { day, max });
            }
        }
        for token in tokens {
            let spent = self.days.entry(token.day).or_default();
            spent.insert((token.key_id, token.nonce));
        }
        Ok(())
    }

    /// Forgets all days before `day`. Their tokens are refused from now on, whatever
    /// keys are still held; a day does not come back.
    pub fn drop_before(&mut self, day: u32) {
        self.first_day = self.first_day.max(day);
        self.days = self.days.split_off(&self.first_day);
    }

    /// How many tokens of a day were spent.
    #[must_use]
    pub fn count(&self, day: u32) -> usize {
        self.days.get(&day).map_or(0, BTreeSet::len)
    }
}

impl Encode for SpentSet {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.first_day);
        w.u64(self.max);
        w.vector(|w| {
            for (day, spent) in &self.days {
                w.u32(*day);
                w.vector(|w| {
                    for (key_id, nonce) in spent {
                        w.u32(*key_id);
                        w.raw(nonce);
                    }
                });
            }
        });
    }
}

impl Decode for SpentSet {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let first_day = r.u32()?;
        let start = r.offset();
        let max = r.u64()?;
        if max > MAX_SPENT_PER_DAY {
            let what = "tokens of a day";
            let max = usize::try_from(MAX_SPENT_PER_DAY).unwrap_or(usize::MAX);
            return Err(r.error_at(start, Rule::Limit { what, max }));
        }
        let mut set = SpentSet {
            first_day,
            max,
            days: BTreeMap::new(),
        };
        let mut days = r.vector()?;
        while !days.is_empty() {
            let start = days.offset();
            let day = days.u32()?;
            let last = set.days.last_key_value();
            if day < first_day || last.is_some_and(|(last, _)| day <= *last) {
                let rule = "days do not ascend, or were forgotten";
                return Err(days.error_at(start, Rule::Structure(rule)));
            }
            if set.days.len() >= MAX_SPENT_DAYS {
                let rule = Rule::Limit {
                    what: "days of spent tokens",
                    max: MAX_SPENT_DAYS,
                };
                return Err(days.error_at(start, rule));
            }
            let spent = spent(&mut days, max)?;
            set.days.insert(day, spent);
        }
        Ok(set)
    }
}

fn spent(r: &mut Reader<'_>, max: u64) -> Result<BTreeSet<(u32, [u8; 32])>, DecodeError> {
    let mut inner = r.vector()?;
    let mut spent = BTreeSet::<(u32, [u8; 32])>::new();
    let mut left = max;
    let refuse = |r: &Reader<'_>, rule| Err(r.error(Rule::Structure(rule)));
    if inner.is_empty() {
        return refuse(&inner, "a day has no spent tokens");
    }
    while !inner.is_empty() {
        let Some(fewer) = left.checked_sub(1) else {
            return refuse(&inner, "more tokens of a day than the set takes");
        };
        left = fewer;
        let token = (inner.u32()?, inner.array()?);
        if spent.last().is_some_and(|last| token <= *last) {
            return refuse(&inner, "spent tokens do not ascend");
        }
        spent.insert(token);
    }
    Ok(spent)
}

/// Why tokens are not spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpendError {
    /// A token was spent before, or stands twice among those shown.
    #[error("token {position} is spent")]
    Spent {
        /// Which one, from 0.
        position: usize,
    },
    /// The day of a token is forgotten.
    #[error("token {position} is of day {day}, which is over")]
    DayOver {
        /// Which one, from 0.
        position: usize,
        /// Its day, in days since 1970.
        day: u32,
    },
    /// The token is of one day more than the set holds.
    #[error("tokens of {MAX_SPENT_DAYS} days are held, and day {day} is none of them")]
    TooManyDays {
        /// The day, in days since 1970.
        day: u32,
    },
    /// No more tokens of a day are taken.
    #[error("{max} tokens of day {day} are spent, and no more are taken")]
    Full {
        /// The day, in days since 1970.
        day: u32,
        /// How many tokens of it are taken.
        max: u64,
    },
}
