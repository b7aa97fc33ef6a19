/// Writes items in their shortest form.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    pub(crate) fn finish(self) -> Vec<u8> {
        self.out
    }

    /// Writes an item that is encoded already.
    pub(crate) fn raw(&mut self, item: &[u8]) {
        self.out.extend_from_slice(item);
    }

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

    pub(crate) fn bytes(&mut self, content: &[u8]) {
        self.count(2, content.len());
        self.raw(content);
    }

    pub(crate) fn text(&mut self, content: &str) {
        self.count(3, content.len());
        self.raw(content.as_bytes());
    }

    pub(crate) fn array(&mut self, elements: usize) {
        self.count(4, elements);
    }

    pub(crate) fn map(&mut self, entries: usize) {
        self.count(5, entries);
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.out.push(if value { 0xf5 } else { 0xf4 });
    }

    /// Writes `value` with `write`, or null.
    pub(crate) fn nullable<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        match value {
            Some(value) => write(self, value),
            None => self.out.push(0xf6),
        }
    }

    fn count(&mut self, major: u8, count: usize) {
        self.head(major, u64::try_from(count).unwrap_or(u64::MAX));
    }

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
