//! Choices from octets. Behind the last one are zeros, and 0 chooses the first.

#[derive(Debug, Clone)]
pub(super) struct Dice<'a>(&'a [u8]);

impl<'a> Dice<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Dice(octets)
    }

    pub(super) fn octet(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    pub(super) fn take<const N: usize>(&mut self) -> [u8; N] {
        [(); N].map(|()| self.octet())
    }

    /// True in about `of_256` of 256 cases, and not for 0.
    pub(super) fn chance(&mut self, of_256: u8) -> bool {
        255 - self.octet() < of_256
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.octet()) % bound
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let at = self.below(from.len().max(1));
        from.get(at).cloned()
    }

    /// One of the plausible choices, but now and then any.
    pub(super) fn lean<T: Clone>(&mut self, plausible: &[T], any: &[T]) -> Option<T> {
        let daring = self.chance(20);
        if daring || plausible.is_empty() {
            return self.pick(any);
        }
        self.pick(plausible)
    }
}
