/// Where items go: into a buffer, or nowhere but into a count of octets.
pub(crate) trait Sink {
    fn put(&mut self, octets: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn put(&mut self, octets: &[u8]) {
        self.extend_from_slice(octets);
    }
}

impl Sink for usize {
    #[inline]
    fn put(&mut self, octets: &[u8]) {
        *self = self.saturating_add(octets.len());
    }
}

/// What has an encoding.
pub(crate) trait Write {
    /// Writes it; twice the same.
    fn write<S: Sink>(&self, w: &mut Writer<S>);
}

/// Encodes a value into memory of just its size.
pub(crate) fn encode(value: &impl Write) -> Vec<u8> {
    let mut len = Writer(0usize);
    value.write(&mut len);
    let mut out = Writer(Vec::with_capacity(len.0));
    value.write(&mut out);
    out.0
}

/// Writes items in their shortest form.
#[derive(Debug, Default)]
pub(crate) struct Writer<S>(S);

impl<S: Sink> Writer<S> {
    /// Writes an item that is encoded already.
    #[inline]
    pub(crate) fn raw(&mut self, item: &[u8]) {
        self.0.put(item);
    }

    #[inline]
    pub(crate) fn uint(&mut self, value: impl Into<u64>) {
        self.head(0, value.into());
    }

    pub(crate) fn int(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.head(0, value),
            // -1 - n is the complement of n.
            Err(_) => self.head(1, (!value).unsigned_abs()),
        }
    }

    #[inline]
    pub(crate) fn bytes(&mut self, content: &[u8]) {
        self.count(2, content.len());
        self.raw(content);
    }

    #[inline]
    pub(crate) fn text(&mut self, content: &str) {
        self.count(3, content.len());
        self.raw(content.as_bytes());
    }

    #[inline]
    pub(crate) fn array(&mut self, elements: usize) {
        self.count(4, elements);
    }

    #[inline]
    pub(crate) fn map(&mut self, entries: usize) {
        self.count(5, entries);
    }

    pub(crate) fn tag(&mut self, number: u64) {
        self.head(6, number);
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.raw(&[if value { 0xf5 } else { 0xf4 }]);
    }

    /// Writes `value` with `write`, or null.
    #[inline]
    pub(crate) fn nullable<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        match value {
            Some(value) => write(self, value),
            None => self.raw(&[0xf6]),
        }
    }

    #[inline]
    fn count(&mut self, major: u8, count: usize) {
        self.head(major, u64::try_from(count).unwrap_or(u64::MAX));
    }

    #[inline]
    fn head(&mut self, major: u8, argument: u64) {
        let [.., c, d, e, f, g, h] = argument.to_be_bytes();
        let [a, b, ..] = argument.to_be_bytes();
        let major = major << 5;
        match argument {
            0..=23 => self.raw(&[major | h]),
            24..=0xff => self.raw(&[major | 24, h]),
            0x100..=0xffff => self.raw(&[major | 25, g, h]),
            0x1_0000..=0xffff_ffff => self.raw(&[major | 26, e, f, g, h]),
            _ => self.raw(&[major | 27, a, b, c, d, e, f, g, h]),
        }
    }
}
