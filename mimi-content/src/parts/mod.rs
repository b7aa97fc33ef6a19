//! Which parts of a message to show, in what order, and which belong together
//! (CONTENT, "Message Bodies").
//!
//! A sender who does not know what the members of a room can show offers several
//! versions: in two languages, in two formats, each with its pictures. The body
//! of a message then is a tree. A client has to walk it in one pass, choose
//! where there is a choice, drop what belongs to something that it cannot show,
//! and show nothing twice.
//!
//! ```
//! use mimi_content::parts::{self, Preferences};
//! use mimi_content::{Disposition, NestedPart, PartSemantics};
//!
//! let english = &b"Welcome! <img src='cid:4@local.invalid'>"[..];
//! let french = &b"Bienvenue! <img src='cid:4@local.invalid'>"[..];
//! let texts = vec![
//!     NestedPart::single("text/html", english).with_language("en"), // part 2
//!     NestedPart::single("text/html", french).with_language("fr"),  // part 3
//! ];
//! let picture = NestedPart::single("image/gif", &b"GIF89a"[..]); // part 4
//! let both = vec![
//!     NestedPart::multi(PartSemantics::ChooseOne, texts)?, // part 1
//!     picture.with_disposition(Disposition::INLINE),
//! ];
//! let body = NestedPart::multi(PartSemantics::ProcessAll, both)?; // part 0
//!
//! // A client in Geneva. It shows one text, which shows the picture.
//! let preferences = Preferences::new(["text/html", "image/gif"], ["fr-CH", "de"])?;
//! let mut selection = parts::select(&body, &preferences);
//! assert_eq!(selection.chosen.len(), 2);
//! selection.skip_referenced(|chosen| parts::references(chosen.part));
//! let [text] = &selection.chosen[..] else { unreachable!() };
//! assert_eq!((text.index, text.language), (3, "fr"));
//! assert_eq!(text.disposition, Disposition::RENDER);
//! // While it renders the text, it looks the picture up.
//! let picture = parts::resolve(&body, "cid:4@local.invalid").unwrap();
//! assert_eq!(picture.part.disposition, Disposition::INLINE);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is chosen
//!
//! A single part is understood if [`Preferences`] has its media type, and so is an
//! external part; one without media type names a service, and is understood if
//! the preferences have the empty media type. A null part is understood, as
//! nothing. Of multiparts:
//!
//! - `processAll` gives the parts that are understood, and is itself understood if
//!   one is;
//! - `singleUnit` gives all of its parts if all are understood, and nothing
//!   otherwise. What belongs to one unit has the same [`Chosen::unit`], the index
//!   of the outermost `singleUnit` around it;
//! - `chooseOne` gives the best of the parts that are understood; null only if
//!   there is nothing else.
//!
//! Which one is best is the policy of the receiver. Ours compares, in this order:
//!
//! 1. the language: one that fits the preferences, the more preferred the better;
//!    then none stated; then one that does not fit. Without preferred languages,
//!    all are equal;
//! 2. how many parts would be left out as not understood: the fewer the better;
//! 3. the media type, as the preferences order them;
//! 4. the order of the sender: the earlier the better.
//!
//! A multipart is as good as what it gives: its language is the least fitting one
//! that is stated, its media type the least preferred one and, if that does not
//! decide, the one with the lower sum of ranks.
//!
//! A part without language or disposition has that of the multipart around it: the
//! draft lets multiparts have them for the set of their parts. A disposition that
//! this crate does not know is treated as `render` (CONTENT, "General handling").
//!
//! # Languages and media types
//!
//! A range such as `de-CH` fits a tag if they are equal, then if the tag begins
//! with the range (basic filtering, RFC 4647, section 3.3.1), then if the tag is
//! what remains of the range after cutting subtags from its end, the fewer the
//! better (lookup, section 3.4). So `de-CH` finds `de`, and `de` finds `de-CH`.
//! There is no maintained crate that does lookup; it is a few lines here.
//!
//! A preferred media type without parameters takes any parameters; one with
//! parameters takes types that have at least these. Types and names of parameters
//! are compared without case, values with; only `charset` (RFC 2046) and
//! `variant` (RFC 7763) are values without case. A content type that breaks the
//! syntax of RFC 2045, or has a parameter twice, is not understood.
//!
//! # What others see
//!
//! Members may see different versions, and a sender may abuse that (CONTENT,
//! "Alternate content rendering"). [`walk`] gives all parts, to show on demand.

mod language;
mod references;
mod select;

use std::{iter, slice};

pub use references::{references, scan};
pub use select::{Chosen, Preferences, Selection, select};

use crate::{NestedPart, Part, cid};

/// A part and its place in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexedPart<'a> {
    /// The part index: how many parts come before it, depth first.
    pub index: u16,
    /// How deep it is; the body of the message is at level 1.
    pub level: usize,
    /// The part itself.
    pub part: &'a NestedPart<'a>,
}

/// All parts of the message, in the order of their part indices: each multipart
/// before what it holds (CONTENT, "Message Bodies").
pub fn walk<'a>(body: &'a NestedPart<'_>) -> impl Iterator<Item = IndexedPart<'a>> {
    let mut stack = vec![slice::from_ref(body).iter()];
    let parts = iter::from_fn(move || {
        loop {
            let level = stack.len();
            let Some(part) = stack.last_mut()?.next() else {
                stack.pop();
                continue;
            };
            if let Part::Multi { parts, .. } = &part.part {
                stack.push(parts.iter());
            }
            return Some((level, part));
        }
    });
    (0..=u16::MAX)
        .zip(parts)
        .map(|(index, (level, part))| IndexedPart { index, level, part })
}

/// The part with that index.
#[must_use]
pub fn find<'a>(body: &'a NestedPart<'_>, index: u16) -> Option<IndexedPart<'a>> {
    walk(body).nth(index.into())
}

/// The part to which a content ID URI refers, as in `cid:4@local.invalid`.
///
/// Nothing if the URI has another form or there is no such part, or if it is
/// neither a single nor an external part: nothing may refer to others (CONTENT,
/// "Message Bodies").
#[must_use]
pub fn resolve<'a>(body: &'a NestedPart<'_>, uri: &str) -> Option<IndexedPart<'a>> {
    find(body, cid::part_index(uri)?)
        .filter(|found| matches!(found.part.part, Part::Single { .. } | Part::External(_)))
}
