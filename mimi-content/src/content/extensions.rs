use std::borrow::Cow;
use std::fmt;

use super::name::{A_NAME, ExtensionName, check_name_len};
use super::value::ExtensionValue;
use crate::MimiUri;
use crate::cbor::{
    Decode, DecodeError, Head, MapKey, Reader, Rule, Sink, Trace, Untraced, Write, Writer, encode,
    read_map_key,
};

/// An extension whose value has a type of its own.
///
/// This crate has those of MORE, in [`more`](crate::more). An application may
/// add its own.
pub trait KnownExtension<'a>: Sized {
    /// Its name.
    const NAME: ExtensionName<'static>;

    /// Reads the value.
    ///
    /// # Errors
    /// When `item` is not of the type, with the place inside the value.
    fn from_cbor(item: &'a [u8]) -> Result<Self, DecodeError>;

    /// The value to be sent.
    fn to_value(&self) -> ExtensionValue<'static>;
}

/// The extensions of a message by name, each name once, in the order of their
/// encodings (CONTENT, "Extension Fields").
///
/// They are kept as encoded, so that nothing of an extension that this crate does
/// not know is lost, and looking one up passes over those before it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Extensions<'a> {
    /// Names and values in turn.
    entries: Cow<'a, [u8]>,
    len: usize,
}

impl<'a> Extensions<'a> {
    /// No extensions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The sender as the message names it.
    ///
    /// A claim: it must equal, octet by octet, the user URI by which the MLS
    /// credential of the sender is known.
    #[must_use]
    pub fn sender_uri(&self) -> Option<&str> {
        self.text(&ExtensionName::SENDER_URI)
    }

    /// The room as the message names it; a claim like the sender.
    #[must_use]
    pub fn room_uri(&self) -> Option<&str> {
        self.text(&ExtensionName::ROOM_URI)
    }

    /// Names the sender.
    pub fn set_sender_uri(&mut self, user: &MimiUri) {
        self.put(
            &ExtensionName::SENDER_URI,
            &ExtensionValue::text(user.as_str()),
        );
    }

    /// Names the room.
    pub fn set_room_uri(&mut self, room: &MimiUri) {
        self.put(
            &ExtensionName::ROOM_URI,
            &ExtensionValue::text(room.as_str()),
        );
    }

    /// The extension of a type, if there is one.
    ///
    /// # Errors
    /// When its value is not what the type demands. The message is no less
    /// valid: a receiver may know nothing of the extension.
    pub fn known<'s, E: KnownExtension<'s>>(&'s self) -> Result<Option<E>, DecodeError> {
        self.find(&E::NAME).map(E::from_cbor).transpose()
    }

    /// Sets the extension of a type.
    ///
    /// # Errors
    /// Those of [`Extensions::insert`], if the type has such a name or value.
    pub fn set<'s, E: KnownExtension<'s>>(&mut self, extension: &E) -> Result<(), Rule> {
        self.insert(E::NAME, extension.to_value())
    }

    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: &ExtensionName<'_>) -> Option<ExtensionValue<'_>> {
        self.find(name).map(ExtensionValue::checked)
    }

    /// Sets the value of `name`, in place of the one before if there is one.
    ///
    /// # Errors
    /// When `name` is reserved, out of range, empty or too long, or when the
    /// draft demands a text string and `value` is none.
    pub fn insert(
        &mut self,
        name: ExtensionName<'_>,
        value: ExtensionValue<'_>,
    ) -> Result<(), Rule> {
        if name == ExtensionName::RESERVED {
            return Err(Rule::ReservedKey);
        }
        name.check()?;
        if name.is_text_extension() {
            value.check_text()?;
        }
        self.put(&name, &value);
        Ok(())
    }

    /// Takes `name` out, and says whether it was there.
    pub fn remove(&mut self, name: &ExtensionName<'_>) -> bool {
        let Err((start, end)) = self.place(name) else {
            return false;
        };
        self.entries.to_mut().drain(start..end);
        self.len = self.len.saturating_sub(1);
        true
    }

    /// The extensions in the order of their encodings.
    pub fn iter(&self) -> impl Iterator<Item = (ExtensionName<'_>, ExtensionValue<'_>)> {
        self.entries()
            .map(|(name, value, _)| (name, ExtensionValue::checked(value)))
    }

    /// How many extensions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no extensions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The same without a borrow.
    #[must_use]
    pub fn into_owned(self) -> Extensions<'static> {
        Extensions {
            entries: Cow::Owned(self.entries.into_owned()),
            len: self.len,
        }
    }

    /// Puts extensions together that were taken apart, in their order.
    #[cfg(feature = "serde")]
    pub(super) fn from_received<'e>(
        entries: impl Iterator<Item = (ExtensionName<'e>, &'e [u8])>,
    ) -> Result<Self, DecodeError> {
        let mut octets = Vec::new();
        let mut len = 0usize;
        for (name, value) in entries {
            octets.extend(encode(&name));
            octets.extend_from_slice(ExtensionValue::from_cbor(value)?.as_cbor());
            len = len.saturating_add(1);
        }
        let entries = Cow::Owned(octets);
        let extensions: Extensions<'static> = Extensions { entries, len };
        crate::cbor::decode::<Extensions<'_>>(&encode(&extensions))?;
        Ok(extensions)
    }

    fn text(&self, name: &ExtensionName<'_>) -> Option<&str> {
        let mut r = Reader::<Untraced>::new(self.find(name)?);
        r.text().ok()
    }

    fn find(&self, name: &ExtensionName<'_>) -> Option<&[u8]> {
        self.entries()
            .take_while(|(found, ..)| found <= name)
            .find(|(found, ..)| found == name)
            .map(|(_, value, _)| value)
    }

    /// Each name and value, and how many octets come before it. They were checked,
    /// so that nothing fails here.
    fn entries(&self) -> impl Iterator<Item = (ExtensionName<'_>, &[u8], usize)> {
        let mut r = Reader::<Untraced>::new(&self.entries);
        std::iter::from_fn(move || {
            if r.is_empty() {
                return None;
            }
            let offset = r.offset();
            let name = match r.head().ok()? {
                Head::Unsigned(value) => ExtensionName::Int(i64::try_from(value).ok()?),
                Head::Negative(value) => ExtensionName::Int(!i64::try_from(value).ok()?),
                Head::Text(len) => r.text_content(len).ok()?.into(),
                _ => return None,
            };
            let start = r.rest();
            ExtensionValue::read(&mut r).ok()?;
            Some((name, r.since(start), offset))
        })
    }

    /// Where `name` belongs, or from where to where it is.
    fn place(&self, name: &ExtensionName<'_>) -> Result<usize, (usize, usize)> {
        let mut found = None;
        for (entry, _, offset) in self.entries() {
            match found {
                Some(start) => return Err((start, offset)),
                None if entry == *name => found = Some(offset),
                None if entry > *name => return Ok(offset),
                None => {}
            }
        }
        match found {
            Some(start) => Err((start, self.entries.len())),
            None => Ok(self.entries.len()),
        }
    }

    fn put(&mut self, name: &ExtensionName<'_>, value: &ExtensionValue<'_>) {
        let mut entry = encode(name);
        entry.extend_from_slice(value.as_cbor());
        let replaced = match self.place(name) {
            Ok(at) => {
                self.len = self.len.saturating_add(1);
                at..at
            }
            Err((start, end)) => start..end,
        };
        self.entries.to_mut().splice(replaced, entry);
    }
}

impl<'a> Decode<'a> for Extensions<'a> {
    #[inline]
    fn read<T: Trace>(r: &mut Reader<'a, T>) -> Result<Self, T::Fault> {
        let count = r.map()?;
        let start = r.rest();
        let mut last = None;
        for _ in 0..count {
            read_entry(r, &mut last)?;
        }
        Ok(Extensions {
            entries: Cow::Borrowed(r.since(start)),
            // There are as many octets at least.
            len: usize::try_from(count).unwrap_or(usize::MAX),
        })
    }
}

impl Write for Extensions<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.map(self.len);
        w.raw(&self.entries);
    }
}

#[inline]
fn read_entry<'a, T: Trace>(
    r: &mut Reader<'a, T>,
    last: &mut Option<&'a [u8]>,
) -> Result<(), T::Fault> {
    let start = r.rest();
    let name = match read_map_key(r, last, A_NAME)? {
        MapKey::Int(value) => ExtensionName::Int(value),
        MapKey::Text(text) => {
            check_name_len(text).map_err(|rule| r.fault_at(start, || rule))?;
            text.into()
        }
        MapKey::Bytes => {
            return Err(r.fault_at(start, || Rule::Type {
                expected: A_NAME,
                found: Head::Bytes(0).name(),
            }));
        }
    };
    r.value(&name, |r| {
        if name.is_text_extension() {
            return r.text().map(drop);
        }
        ExtensionValue::read(r).map(drop)
    })
}

impl fmt::Debug for Extensions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.iter() {
            match (name.registered(), name) {
                (Some(name), _) => map.entry(&format_args!("{name}"), &value),
                (None, ExtensionName::Int(name)) => map.entry(&name, &value),
                (None, ExtensionName::Text(name)) => {
                    map.entry(&format_args!("text of {} octets", name.len()), &value)
                }
            };
        }
        map.finish()
    }
}
