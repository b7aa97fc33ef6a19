//! A sorted list that knows how many of its elements come before one.

use super::Position;

/// Most positions in a run. An insertion moves at most a run's worth, some ten
/// kilobytes, and a rank adds up one length for each run.
const RUN: usize = 256;

/// Positions in order, each once.
///
/// A `BTreeSet` would have to walk over all earlier elements to say which
/// place an element has; one long `Vec` would have to move all later ones at an
/// insertion.
#[derive(Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Ranked {
    /// Never empty ones, in order.
    runs: Vec<Vec<Position>>,
}

impl Ranked {
    pub(super) fn insert(&mut self, position: Position) {
        let at = self.run_of(&position);
        let Some(run) = self.runs.get_mut(at) else {
            self.runs.push(vec![position]);
            return;
        };
        if let Err(place) = run.binary_search(&position) {
            run.insert(place, position);
        }
        if run.len() > RUN {
            let tail = run.split_off(RUN / 2);
            self.runs.insert(at.saturating_add(1), tail);
        }
    }

    /// How many positions come before this one.
    pub(super) fn rank(&self, position: &Position) -> usize {
        let at = self.run_of(position);
        let within = self.runs.get(at).map_or(0, |run| {
            run.binary_search(position).unwrap_or_else(|place| place)
        });
        let before = self.runs.iter().take(at).map(Vec::len).sum::<usize>();
        before.saturating_add(within)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Position> {
        self.runs.iter().flatten()
    }

    /// The run where the position is or belongs.
    fn run_of(&self, position: &Position) -> usize {
        let starts_later = |run: &Vec<Position>| run.first().is_none_or(|first| first > position);
        // What comes last is as a rule the last.
        if self.runs.last().is_some_and(|run| !starts_later(run)) {
            return self.runs.len().saturating_sub(1);
        }
        let started = self.runs.partition_point(|run| !starts_later(run));
        started.saturating_sub(1)
    }
}

/// Where the runs end depends on the order of insertions and is no part of the
/// value.
impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Ranked {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{MessageId, Timestamp};

    fn position(number: u64) -> Position {
        Position {
            accepted: Timestamp::from_millis(number),
            id: MessageId::from_bytes(&[1; 32]).unwrap(),
        }
    }

    #[test]
    fn ranks_are_those_of_a_sorted_set_however_it_was_filled() {
        let count = 2_000u64;
        let up: Vec<u64> = (0..count).collect();
        let down: Vec<u64> = (0..count).rev().collect();
        // 7 and 2,000 have no common divisor: each number once, and again.
        let mixed: Vec<u64> = (0..2 * count).map(|n| n * 7 % count).collect();
        let expected: BTreeSet<Position> = up.iter().copied().map(position).collect();
        for numbers in [up, down, mixed] {
            let mut ranked = Ranked::default();
            for number in numbers {
                ranked.insert(position(number));
            }
            assert!(ranked.iter().eq(&expected));
            assert!(ranked.iter().rev().eq(expected.iter().rev()));
            assert!(ranked.runs.iter().all(|run| (1..=RUN).contains(&run.len())));
            for (rank, position) in expected.iter().enumerate() {
                assert_eq!(ranked.rank(position), rank);
            }
        }
        assert_eq!(Ranked::default().rank(&position(3)), 0);
    }
}
