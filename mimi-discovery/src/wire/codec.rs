//! How a struct lists its fields once for both directions.

use bytes::Bytes;
use mimi_content::tls::{DecodeError, Reader, Rule};

/// `Encode` and `Decode` of a struct, field by field in the order of the list. A field is
///
/// - `one`: a value;
/// - `opt`: an `optional<T>`;
/// - `flag`: a boolean;
/// - `many(MAX)`: a vector of at most `MAX` values;
/// - `text(MAX)` or `octets(MAX)`: an `opaque<V>` of at most `MAX` octets.
///
/// After `where` comes a function that says which rule of the whole struct is broken.
macro_rules! codec {
    ($type:ty { $($field:ident: $kind:ident $(($max:expr))?),* $(,)? } $(where $rules:expr)?) => {
        impl mimi_content::tls::Encode for $type {
            fn encode(&self, w: &mut mimi_content::tls::Writer) {
                $(codec!(@put $kind, &self.$field, w);)*
            }
        }

        impl mimi_content::tls::Decode for $type {
            fn decode(
                r: &mut mimi_content::tls::Reader<'_>,
            ) -> Result<Self, mimi_content::tls::DecodeError> {
                $(let start = codec!(@start r, $rules);)?
                let value = Self {
                    $($field: codec!(@take $kind, stringify!($field), r $(, $max)?)?,)*
                };
                $(if let Err(broken) = $rules(&value) {
                    let rule = mimi_content::tls::Rule::Structure(broken.into());
                    return Err(r.error_at(start, rule));
                })?
                Ok(value)
            }
        }
    };

    (@start $r:ident, $rules:expr) => { $r.offset() };

    (@put one, $value:expr, $w:ident) => { mimi_content::tls::Encode::encode($value, $w) };
    (@put opt, $value:expr, $w:ident) => {
        $w.optional(($value).as_ref(), |w, value| mimi_content::tls::Encode::encode(value, w))
    };
    (@put flag, $value:expr, $w:ident) => { $w.boolean(*$value) };
    (@put many, $value:expr, $w:ident) => { $w.list($value) };
    (@put text, $value:expr, $w:ident) => { $w.opaque(($value).as_bytes()) };
    (@put octets, $value:expr, $w:ident) => { $w.opaque($value) };

    (@take one, $what:expr, $r:ident) => { mimi_content::tls::Decode::decode($r) };
    (@take opt, $what:expr, $r:ident) => { $r.optional(mimi_content::tls::Decode::decode) };
    (@take flag, $what:expr, $r:ident) => { $r.boolean() };
    (@take many, $what:expr, $r:ident, $max:expr) => {
        crate::wire::codec::at_most($r, $what, $max)
    };
    (@take text, $what:expr, $r:ident, $max:expr) => {
        crate::wire::codec::text($r, $what, $max)
    };
    (@take octets, $what:expr, $r:ident, $max:expr) => {
        crate::wire::codec::octets($r, $what, $max)
    };
}

/// Numbers with a meaning of their own.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($int:ident);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $int);

        impl mimi_content::tls::Encode for $name {
            fn encode(&self, w: &mut mimi_content::tls::Writer) {
                w.$int(self.0);
            }
        }

        impl mimi_content::tls::Decode for $name {
            fn decode(
                r: &mut mimi_content::tls::Reader<'_>,
            ) -> Result<Self, mimi_content::tls::DecodeError> {
                r.$int().map($name)
            }
        }
    )*};
}

/// The `SignContent` label of a struct, and where its realm stands.
macro_rules! signable {
    ($($type:ident),* $(,)?) => {$(
        impl crate::signed::Signable for $type {
            const LABEL: &'static str = concat!("MIMI Discovery 1.0 ", stringify!($type));

            fn realm(&self) -> &crate::Domain {
                &self.realm
            }
        }
    )*};
}

/// A vector of at most `max` items.
pub(crate) fn at_most<T: mimi_content::tls::Decode>(
    r: &mut Reader<'_>,
    what: &'static str,
    max: usize,
) -> Result<Vec<T>, DecodeError> {
    let mut count: usize = 0;
    r.list_with(|r| {
        count = count.saturating_add(1);
        if count > max {
            return Err(r.error(Rule::Limit { what, max }));
        }
        T::decode(r)
    })
}

/// An `opaque<V>` of at most `max` octets of UTF-8.
pub(crate) fn text(
    r: &mut Reader<'_>,
    what: &'static str,
    max: usize,
) -> Result<String, DecodeError> {
    let start = r.offset();
    let text = r.utf8()?;
    if text.len() > max {
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(text.to_owned())
}

/// An `opaque<V>` of at most `max` octets.
pub(crate) fn octets(
    r: &mut Reader<'_>,
    what: &'static str,
    max: usize,
) -> Result<Bytes, DecodeError> {
    let start = r.offset();
    let content = r.opaque_bytes()?;
    if content.len() > max {
        return Err(r.error_at(start, Rule::Limit { what, max }));
    }
    Ok(content)
}

/// An enumeration has no such value.
pub(crate) fn unknown(r: &Reader<'_>, start: usize, what: &'static str, value: u8) -> DecodeError {
    let value = value.into();
    r.error_at(start, Rule::Unknown { what, value })
}

/// Whether a list rises from element to element, so that none is there twice.
pub(crate) fn rises<T: Ord>(items: &[T]) -> bool {
    items.iter().zip(items.iter().skip(1)).all(|(a, b)| a < b)
}
