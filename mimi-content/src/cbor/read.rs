use super::{DecodeError, Path, Rule, Step, Trace, Untraced, float};

/// What can be read from its encoding, borrowing from it.
pub(crate) trait Decode<'a>: Sized {
    /// Reads a value.
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault>;
}

/// Reads exactly one value.
pub(crate) fn decode<'a, V: Decode<'a>>(input: &'a [u8]) -> Result<V, DecodeError> {
    let mut r = Reader::<Untraced>::new(input);
    match r.whole() {
        Ok(value) => Ok(value),
        Err(_) => explain(input),
    }
}

/// Reads again what cannot be read, and says why.
#[cold]
fn explain<'a, V: Decode<'a>>(input: &'a [u8]) -> Result<V, DecodeError> {
    let mut r = Reader::<Path>::new(input);
    r.whole().map_err(|fault| DecodeError {
        offset: fault.offset,
        path: r.trace.to_string(),
        rule: fault.rule,
    })
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
    #[inline]
    fn new(major: u8, argument: u64) -> Self {
        match major {
            0 => Head::Unsigned(argument),
            1 => Head::Negative(argument),
            2 => Head::Bytes(argument),
            3 => Head::Text(argument),
            4 => Head::Array(argument),
            5 => Head::Map(argument),
            _ => Head::Tag(argument),
        }
    }

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

/// The major types that have an argument and are read often.
#[derive(Debug, Clone, Copy)]
enum Major {
    Unsigned = 0,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
}

impl Major {
    /// The initial octet without its lower five bits.
    #[inline]
    const fn bits(self) -> u8 {
        match self {
            Major::Unsigned => 0x00,
            Major::Bytes => 0x40,
            Major::Text => 0x60,
            Major::Array => 0x80,
            Major::Map => 0xa0,
        }
    }

    fn pick(self, head: Head) -> Option<u64> {
        match (self, head) {
            (Major::Unsigned, Head::Unsigned(argument))
            | (Major::Bytes, Head::Bytes(argument))
            | (Major::Text, Head::Text(argument))
            | (Major::Array, Head::Array(argument))
            | (Major::Map, Head::Map(argument)) => Some(argument),
            _ => None,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Major::Unsigned => Head::Unsigned(0),
            Major::Bytes => Head::Bytes(0),
            Major::Text => Head::Text(0),
            Major::Array => Head::Array(0),
            Major::Map => Head::Map(0),
        }
        .name()
    }
}

const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;

/// Reads an input from front to back. What it accepts is well-formed, in its
/// shortest form and of definite length.
#[derive(Debug)]
pub(crate) struct Reader<'a, T> {
    input: &'a [u8],
    rest: &'a [u8],
    trace: T,
}

impl<'a, T: Trace> Reader<'a, T> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        Reader {
            input,
            rest: input,
            trace: T::default(),
        }
    }

    /// Reads a value that takes all of the input.
    #[inline]
    fn whole<V: Decode<'a>>(&mut self) -> Result<V, T::Fault> {
        let value = V::read(self)?;
        match self.rest.len() {
            0 => Ok(value),
            count => Err(self.fault(|| Rule::Trailing { count })),
        }
    }

    #[inline]
    pub(crate) fn offset(&self) -> usize {
        self.input.len().saturating_sub(self.rest.len())
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What was not read yet.
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// What was read since `rest` was what is left.
    #[inline]
    pub(crate) fn since(&self, rest: &'a [u8]) -> &'a [u8] {
        let len = rest.len().saturating_sub(self.rest.len());
        rest.get(..len).unwrap_or_default()
    }

    /// A rule is broken where the reader stands.
    #[inline]
    pub(crate) fn fault(&self, rule: impl FnOnce() -> Rule) -> T::Fault {
        T::fault(self.offset(), rule)
    }

    /// A rule is broken where `rest` begins.
    #[inline]
    pub(crate) fn fault_at(&self, rest: &[u8], rule: impl FnOnce() -> Rule) -> T::Fault {
        T::fault(self.input.len().saturating_sub(rest.len()), rule)
    }

    #[inline]
    fn within<V>(
        &mut self,
        step: Step<'_>,
        read: impl FnOnce(&mut Self) -> Result<V, T::Fault>,
    ) -> Result<V, T::Fault> {
        self.trace.enter(step);
        let value = read(self)?;
        self.trace.leave();
        Ok(value)
    }

    /// Reads the field `name`.
    #[inline]
    pub(crate) fn field<V>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<V, T::Fault>,
    ) -> Result<V, T::Fault> {
        self.within(Step::Field(name), read)
    }

    /// Reads element `index` of an array.
    #[inline]
    pub(crate) fn element<V>(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self) -> Result<V, T::Fault>,
    ) -> Result<V, T::Fault> {
        self.within(Step::Index(index), read)
    }

    /// Reads the value of `key` in a map.
    #[inline]
    pub(crate) fn value<V>(
        &mut self,
        key: &impl std::fmt::Display,
        read: impl FnOnce(&mut Self) -> Result<V, T::Fault>,
    ) -> Result<V, T::Fault> {
        self.within(Step::Key(key), read)
    }

    /// Takes the content of a string.
    #[inline]
    pub(crate) fn take(&mut self, len: u64) -> Result<&'a [u8], T::Fault> {
        let taken = usize::try_from(len)
            .ok()
            .and_then(|len| self.rest.split_at_checked(len));
        match taken {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.truncated(len)),
        }
    }

    /// Fails unless `count` octets are left. As an item takes one octet at
    /// least, this also stops arrays and maps that cannot end.
    #[inline]
    pub(crate) fn expect_octets(&self, count: u64) -> Result<(), T::Fault> {
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => Ok(()),
            _ => Err(self.truncated(count)),
        }
    }

    fn truncated(&self, wanted: u64) -> T::Fault {
        let left = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        self.fault(|| Rule::Truncated {
            missing: wanted.saturating_sub(left),
        })
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], T::Fault> {
        match self.rest.split_first_chunk() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.truncated(u64::try_from(N).unwrap_or(u64::MAX))),
        }
    }

    /// Takes the head of an item and checks that it is the shortest.
    #[inline]
    pub(crate) fn head(&mut self) -> Result<Head, T::Fault> {
        match self.rest {
            [initial, rest @ ..] if initial & 0x1f < 24 && *initial < 0xe0 => {
                self.rest = rest;
                Ok(Head::new(initial >> 5, u64::from(initial & 0x1f)))
            }
            _ => self.long_head(),
        }
    }

    #[inline(never)]
    fn long_head(&mut self) -> Result<Head, T::Fault> {
        let start = self.rest;
        let [initial] = self.fixed()?;
        let major = initial >> 5;
        let info = initial & 0x1f;
        let (argument, shorter) = match info {
            0..=23 => (u64::from(info), None),
            24 => (self.fixed().map(|[octet]| u64::from(octet))?, Some(23)),
            25 => (self.fixed().map(u16::from_be_bytes)?.into(), Some(0xff)),
            26 => (self.fixed().map(u32::from_be_bytes)?.into(), Some(0xffff)),
            27 => (self.fixed().map(u64::from_be_bytes)?, Some(0xffff_ffff_u64)),
            31 if (2..=5).contains(&major) => {
                return Err(self.fault_at(start, || Rule::Indefinite));
            }
            _ => return Err(self.fault_at(start, || Rule::Malformed)),
        };
        if major == 7 {
            return match (info, u8::try_from(argument)) {
                (25..=27, _) => match float::check(info, argument) {
                    Some(odd_nan) => Ok(Head::Float { odd_nan }),
                    None => Err(self.fault_at(start, || Rule::NotShortest)),
                },
                (24, Ok(0..=31)) | (_, Err(_)) => Err(self.fault_at(start, || Rule::Malformed)),
                (_, Ok(value)) => Ok(Head::Simple(value)),
            };
        }
        if shorter.is_some_and(|shorter| argument <= shorter) {
            return Err(self.fault_at(start, || Rule::NotShortest));
        }
        Ok(Head::new(major, argument))
    }

    /// Takes the head of an item of a type and returns its argument. The two
    /// shortest forms, which nearly all heads have, go without detours.
    #[inline]
    fn argument(&mut self, major: Major) -> Result<u64, T::Fault> {
        match self.rest {
            [initial, rest @ ..] if initial ^ major.bits() < 24 => {
                self.rest = rest;
                Ok(u64::from(initial & 0x1f))
            }
            [initial, argument @ 24..=255, rest @ ..] if *initial == major.bits() | 24 => {
                self.rest = rest;
                Ok(u64::from(*argument))
            }
            _ => self.long_argument(major),
        }
    }

    #[inline(never)]
    fn long_argument(&mut self, major: Major) -> Result<u64, T::Fault> {
        let start = self.rest;
        let head = self.head()?;
        major.pick(head).ok_or_else(|| {
            self.fault_at(start, || Rule::Type {
                expected: major.expected(),
                found: head.name(),
            })
        })
    }

    /// Takes an unsigned integer of at most `max`.
    #[inline]
    pub(crate) fn uint<N: TryFrom<u64>>(&mut self, max: N) -> Result<N, T::Fault>
    where
        u64: From<N>,
    {
        let start = self.rest;
        let found = self.argument(Major::Unsigned)?;
        let max = u64::from(max);
        match N::try_from(found) {
            Ok(value) if found <= max => Ok(value),
            _ => Err(self.fault_at(start, || Rule::TooLarge { max, found })),
        }
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, T::Fault> {
        let value = match self.rest.first() {
            Some(&FALSE) => false,
            Some(&TRUE) => true,
            _ => return Err(self.not("a boolean")?),
        };
        self.rest = self.rest.get(1..).unwrap_or_default();
        Ok(value)
    }

    /// The fault that another item than the expected one is next, if one is.
    fn not(&mut self, expected: &'static str) -> Result<T::Fault, T::Fault> {
        let start = self.rest;
        let found = self.head()?.name();
        Ok(self.fault_at(start, || Rule::Type { expected, found }))
    }

    /// Takes null, or what `read` reads.
    #[inline]
    pub(crate) fn nullable<V>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<V, T::Fault>,
    ) -> Result<Option<V>, T::Fault> {
        match self.rest {
            [NULL, rest @ ..] => {
                self.rest = rest;
                Ok(None)
            }
            _ => read(self).map(Some),
        }
    }

    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], T::Fault> {
        let len = self.argument(Major::Bytes)?;
        self.take(len)
    }

    /// Takes a byte string of `N` octets.
    #[inline]
    pub(crate) fn byte_array<const N: usize>(&mut self) -> Result<&'a [u8; N], T::Fault> {
        let start = self.rest;
        let content = self.bytes()?;
        content.try_into().map_err(|_| {
            self.fault_at(start, || Rule::Length {
                expected: u64::try_from(N).unwrap_or(u64::MAX),
                found: u64::try_from(content.len()).unwrap_or(u64::MAX),
            })
        })
    }

    #[inline]
    pub(crate) fn text(&mut self) -> Result<&'a str, T::Fault> {
        let len = self.argument(Major::Text)?;
        self.text_content(len)
    }

    /// Takes the content of a text string.
    #[inline]
    pub(crate) fn text_content(&mut self, len: u64) -> Result<&'a str, T::Fault> {
        let start = self.rest;
        let content = self.take(len)?;
        std::str::from_utf8(content).map_err(|error| {
            let rest = start.get(error.valid_up_to()..).unwrap_or_default();
            self.fault_at(rest, || Rule::Utf8)
        })
    }

    /// Takes the head of an array and returns the number of its elements.
    #[inline]
    pub(crate) fn array(&mut self) -> Result<u64, T::Fault> {
        let count = self.argument(Major::Array)?;
        self.expect_octets(count)?;
        Ok(count)
    }

    /// Takes the head of an array of `expected` elements.
    #[inline]
    pub(crate) fn array_of(&mut self, expected: u64) -> Result<(), T::Fault> {
        let start = self.rest;
        match self.array()? {
            found if found == expected => Ok(()),
            found => Err(self.fault_at(start, || Rule::Length { expected, found })),
        }
    }

    /// Takes the head of a map and returns the number of its entries.
    #[inline]
    pub(crate) fn map(&mut self) -> Result<u64, T::Fault> {
        let count = self.argument(Major::Map)?;
        self.expect_octets(count.saturating_mul(2))?;
        Ok(count)
    }
}
