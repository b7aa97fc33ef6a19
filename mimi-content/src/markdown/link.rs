use std::borrow::Cow;
use std::fmt;

use super::verdict::{self, Verdict};
use crate::{MimiUri, UriKind, cid};

/// A link, or a mention (CONTENT, "Link and Mention handling").
///
/// `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where it leads, as written, without Markdown's escapes. Whatever the
    /// sender liked: see [`Link::verdict`].
    pub destination: Cow<'a, str>,
    /// The title, often shown when a pointer hovers, or nothing. It is the
    /// sender's as well, and no proof of where the link leads.
    pub title: Cow<'a, str>,
    /// The text that the reader sees, without formatting and in one line.
    /// Descriptions of pictures count.
    pub text: String,
    /// Whether it is an address between angle brackets.
    pub is_autolink: bool,
}

impl<'a> Link<'a> {
    /// Whether the reader should be asked before the link is opened.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict::judge(&self.text, &self.destination)
    }

    /// The destination as the verdict understands it, to be shown in an alert
    /// and to be opened: normalised, all in ASCII, internationalised host names
    /// as A-labels. `None` if it is no absolute URL.
    #[must_use]
    pub fn canonical(&self) -> Option<String> {
        verdict::canonical(&self.destination)
    }

    /// The index of the part of the same message that the link leads to, if it
    /// does (CONTENT, "Message Bodies"). Such a link opens nothing outside.
    #[must_use]
    pub fn part(&self) -> Option<u16> {
        cid::part_index(&self.destination)
    }

    /// Whom the link mentions (CONTENT, "Mentions").
    ///
    /// That is the user or pseudonym that the destination names, if `is_member`
    /// says that a client of it is in the group of the room. All other links,
    /// those with a MIMI URI that is not in normal form included, are ordinary
    /// ones.
    #[must_use]
    pub fn mention(&self, is_member: impl FnOnce(&MimiUri) -> bool) -> Option<Mention<'_>> {
        let user = MimiUri::parse(&self.destination).ok()?;
        let names_user = matches!(user.kind(), UriKind::User(_) | UriKind::Pseudonym(_));
        (names_user && is_member(&user)).then(|| Mention {
            user,
            hint: self.hint(),
        })
    }

    fn hint(&self) -> Hint<'_> {
        if self.is_autolink {
            Hint::None
        } else if self.text == self.destination {
            Hint::Uri
        } else {
            Hint::Text(&self.text)
        }
    }
}

impl fmt::Debug for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

/// A link to a user who is in the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Who is mentioned.
    pub user: MimiUri,
    /// How the sender would like the user to be shown.
    pub hint: Hint<'a>,
}

/// How the sender of a mention would like the user to be shown (CONTENT, "Link
/// and Mention handling").
///
/// `Debug` leaves the text out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hint<'a> {
    /// As the receiver likes.
    None,
    /// As the URI.
    Uri,
    /// As this name or handle. A sender can write the name of someone else: show
    /// it only if the application knows it for a name of the user, and else what
    /// it calls the user otherwise.
    Text(&'a str),
}

impl fmt::Debug for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hint::None => "None",
            Hint::Uri => "Uri",
            Hint::Text(_) => "Text(..)",
        })
    }
}

/// A picture within the text.
///
/// `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Image<'a> {
    /// Where it is.
    pub source: ImageSource<'a>,
    /// The title, or nothing.
    pub title: Cow<'a, str>,
    /// The description, to be shown while the picture is not.
    pub alt: String,
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").finish_non_exhaustive()
    }
}

/// Where a picture is.
///
/// `Debug` leaves the address out.
#[derive(Clone, PartialEq, Eq)]
pub enum ImageSource<'a> {
    /// In the part of the same message that has this index (CONTENT, "Message
    /// Bodies"). There need not be such a part, and it need not be a picture.
    Part(u16),
    /// At an address that the sender chose. Fetching it tells whoever is there
    /// who reads the message, where and when: do so only when the reader asks
    /// for it.
    Elsewhere(Cow<'a, str>),
}

impl fmt::Debug for ImageSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageSource::Part(index) => write!(f, "Part({index})"),
            ImageSource::Elsewhere(_) => f.write_str("Elsewhere(..)"),
        }
    }
}
