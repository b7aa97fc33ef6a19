use super::{DecodeError, Path, Rule, float};

/// A broken rule and where; the [`Reader`] knows in which field.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) rule: Rule,
}

/// The first octets of an item: its type and its value or size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    Unsigned(u64),
    /// The number -1 - n.
    Negative(u64),
    Bytes(u64),
    Text(u64),
    Array(u64),
    Map(u64),
    Tag(u64),
    Simple(u8),
    Float {
        /// Whether it is a NaN other than 0xf97e00.
        odd_nan: bool,
    },
}

impl Head {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Head::Unsigned(_) => "an unsigned integer",
            Head::Negative(_) => "a negative integer",
            Head::Bytes(_) => "a byte string",
            Head::Text(_) => "a text string",
            Head::Array(_) => "an array",
            Head::Map(_) => "a map",
            Head::Tag(_) => "a tag",
            Head::Simple(20 | 21) => "a boolean",
            Head::Simple(22) => "null",
            Head::Simple(_) => "a simple value",
            Head::Float { .. } => "a floating-point number",
        }
    }
}

const NULL: u8 = 0xf6;

/// Reads an input from front to back.
///
/// A failed read leaves `path` at the field where it failed.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    input: &'a [u8],
    pos: usize,
    path: Path,
}

impl<'a> Reader<'a> {
    /// Reads all of `input` with `read`.
    pub(crate) fn read_all<T>(
        input: &'a [u8],
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, DecodeError> {
        let mut r = Reader {
            input,
            pos: 0,
            path: Path::default(),
        };
        let read = read(&mut r).and_then(|value| match r.remaining() {
            0 => Ok(value),
            count => Err(r.fault(Rule::Trailing { count })),
        });
        read.map_err(|Fault { offset, rule }| DecodeError {
            offset,
            path: r.path.to_string(),
            rule,
        })
    }

    pub(crate) fn offset(&self) -> usize {
        self.pos
    }

    /// The input from `start` to where the reader stands.
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        self.input.get(start..self.pos).unwrap_or_default()
    }

    fn remaining(&self) -> usize {
        self.input.len().saturating_sub(self.pos)
    }

    pub(crate) fn fault(&self, rule: Rule) -> Fault {
        Fault {
            offset: self.pos,
            rule,
        }
    }

    /// Reads the field `name`.
    pub(crate) fn field<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.path.push_field(name);
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// Reads element `index` of an array.
    pub(crate) fn element<T>(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.path.push_index(index);
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// Reads the value of `key` in a map.
    pub(crate) fn value<T>(
        &mut self,
        key: &impl std::fmt::Display,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.path.push_key(key);
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// Takes the content of a string.
    pub(crate) fn take(&mut self, len: u64) -> Result<&'a [u8], Fault> {
        self.expect_octets(len)?;
        let end = usize::try_from(len).map_or(self.input.len(), |len| self.pos.saturating_add(len));
        let taken = self.input.get(self.pos..end).unwrap_or_default();
        self.pos = end;
        Ok(taken)
    }

    /// Fails unless `count` octets are left. As an item takes one octet at
    /// least, this also stops arrays and maps that cannot end.
    pub(super) fn expect_octets(&self, count: u64) -> Result<(), Fault> {
        let left = u64::try_from(self.remaining()).unwrap_or(u64::MAX);
        match count.saturating_sub(left) {
            0 => Ok(()),
            missing => Err(self.fault(Rule::Truncated { missing })),
        }
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let len = u64::try_from(N).unwrap_or(u64::MAX);
        let mut out = [0; N];
        out.copy_from_slice(self.take(len)?);
        Ok(out)
    }

    /// Takes the head of an item and checks that it is the shortest.
    pub(crate) fn head(&mut self) -> Result<Head, Fault> {
        let start = self.pos;
        let broken = |rule| {
            Err(Fault {
                offset: start,
                rule,
            })
        };
        let [initial] = self.fixed()?;
        let major = initial >> 5;
        let info = initial & 0x1f;
        let (argument, shorter) = match info {
            0..=23 => (u64::from(info), None),
            24 => (self.fixed().map(|[octet]| u64::from(octet))?, Some(23)),
            25 => (self.fixed().map(u16::from_be_bytes)?.into(), Some(0xff)),
            26 => (self.fixed().map(u32::from_be_bytes)?.into(), Some(0xffff)),
            27 => (self.fixed().map(u64::from_be_bytes)?, Some(0xffff_ffff_u64)),
            31 if (2..=5).contains(&major) => return broken(Rule::Indefinite),
            _ => return broken(Rule::Malformed),
        };
        if major == 7 {
            return match (info, u8::try_from(argument)) {
                (25..=27, _) => match float::check(info, argument) {
                    Some(odd_nan) => Ok(Head::Float { odd_nan }),
                    None => broken(Rule::NotShortest),
                },
                (24, Ok(0..=31)) | (_, Err(_)) => broken(Rule::Malformed),
                (_, Ok(value)) => Ok(Head::Simple(value)),
            };
        }
        if shorter.is_some_and(|shorter| argument <= shorter) {
            return broken(Rule::NotShortest);
        }
        Ok(match major {
            0 => Head::Unsigned(argument),
            1 => Head::Negative(argument),
            2 => Head::Bytes(argument),
            3 => Head::Text(argument),
            4 => Head::Array(argument),
            5 => Head::Map(argument),
            _ => Head::Tag(argument),
        })
    }

    /// Takes the head of an item for which `pick` has a use.
    fn pick<T>(
        &mut self,
        expected: &'static str,
        pick: impl FnOnce(Head) -> Option<T>,
    ) -> Result<T, Fault> {
        let offset = self.pos;
        let head = self.head()?;
        pick(head).ok_or(Fault {
            offset,
            rule: Rule::Type {
                expected,
                found: head.name(),
            },
        })
    }

    /// Takes an unsigned integer of at most `max`.
    pub(crate) fn uint<T: TryFrom<u64>>(&mut self, max: T) -> Result<T, Fault>
    where
        u64: From<T>,
    {
        let offset = self.pos;
        let found = self.pick("an unsigned integer", |head| match head {
            Head::Unsigned(value) => Some(value),
            _ => None,
        })?;
        let max = u64::from(max);
        T::try_from(found)
            .ok()
            .filter(|_| found <= max)
            .ok_or(Fault {
                offset,
                rule: Rule::TooLarge { max, found },
            })
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, Fault> {
        self.pick("a boolean", |head| match head {
            Head::Simple(20) => Some(false),
            Head::Simple(21) => Some(true),
            _ => None,
        })
    }

    /// Takes null, or what `read` reads.
    pub(crate) fn nullable<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.input.get(self.pos) == Some(&NULL) {
            self.pos = self.pos.saturating_add(1);
            return Ok(None);
        }
        read(self).map(Some)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let len = self.pick("a byte string", |head| match head {
            Head::Bytes(len) => Some(len),
            _ => None,
        })?;
        self.take(len)
    }

    /// Takes a byte string of `N` octets.
    pub(crate) fn byte_array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let offset = self.pos;
        let content = self.bytes()?;
        content.try_into().map_err(|_| Fault {
            offset,
            rule: Rule::Length {
                expected: u64::try_from(N).unwrap_or(u64::MAX),
                found: u64::try_from(content.len()).unwrap_or(u64::MAX),
            },
        })
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Fault> {
        let len = self.pick("a text string", |head| match head {
            Head::Text(len) => Some(len),
            _ => None,
        })?;
        self.text_content(len)
    }

    /// Takes the content of a text string.
    pub(crate) fn text_content(&mut self, len: u64) -> Result<&'a str, Fault> {
        let start = self.pos;
        let content = self.take(len)?;
        std::str::from_utf8(content).map_err(|error| Fault {
            offset: start.saturating_add(error.valid_up_to()),
            rule: Rule::Utf8,
        })
    }

    /// Takes the head of an array and returns the number of its elements.
    pub(crate) fn array(&mut self) -> Result<u64, Fault> {
        let count = self.pick("an array", |head| match head {
            Head::Array(count) => Some(count),
            _ => None,
        })?;
        self.expect_octets(count)?;
        Ok(count)
    }

    /// Takes the head of an array of `expected` elements.
    pub(crate) fn array_of(&mut self, expected: u64) -> Result<(), Fault> {
        let offset = self.pos;
        match self.array()? {
            found if found == expected => Ok(()),
            found => Err(Fault {
                offset,
                rule: Rule::Length { expected, found },
            }),
        }
    }

    /// Takes the head of a map and returns the number of its entries.
    pub(crate) fn map(&mut self) -> Result<u64, Fault> {
        let count = self.pick("a map", |head| match head {
            Head::Map(count) => Some(count),
            _ => None,
        })?;
        self.expect_octets(count.saturating_mul(2))?;
        Ok(count)
    }
}
