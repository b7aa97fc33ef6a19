//! The parts of a message with the purpose that each has where it stands.

use mimi_content::{Disposition, MimiContent, NestedPart, Part, PartSemantics, parts};

/// A part that holds something.
pub(super) struct Node<'a> {
    /// The part index.
    pub(super) index: u16,
    /// Its own disposition or, if that is unspecified, the one of the multipart
    /// around it; `render` for values that are not registered (CONTENT,
    /// "General handling").
    pub(super) disposition: Disposition,
    pub(super) part: &'a Part<'a>,
}

/// All parts that are not null, whichever of them a receiver would choose, each
/// multipart before what it holds.
pub(super) fn nodes<'a>(body: &'a NestedPart<'_>) -> impl Iterator<Item = Node<'a>> {
    let mut around: Vec<Disposition> = Vec::new();
    let all = parts::walk(body).map(move |found| {
        around.truncate(found.level.saturating_sub(1));
        let disposition = match found.part.disposition {
            Disposition::UNSPECIFIED => around.last().copied().unwrap_or(Disposition::UNSPECIFIED),
            known if known.name().is_some() => known,
            _ => Disposition::RENDER,
        };
        around.push(disposition);
        Node {
            index: found.index,
            disposition,
            part: &found.part.part,
        }
    });
    all.filter(|node| !matches!(node.part, Part::Null))
}

/// Whether a message that replaces nothing is a reaction and nothing else: it
/// names another message, and each of its parts says that it is a reaction.
///
/// Whatever is a reaction here is one to
/// [`Timeline`](mimi_content::timeline::Timeline), too.
#[must_use]
pub fn is_reaction(content: &MimiContent<'_>) -> bool {
    content.in_reply_to.is_some() && is_all_reaction(&content.body)
}

/// Whether all that a body shows are reactions, and it shows something.
pub(super) fn is_all_reaction(body: &NestedPart<'_>) -> bool {
    let mut shown = parts::walk(body)
        .map(|found| found.part)
        .filter(|part| {
            !matches!(
                part.part,
                Part::Null
                    | Part::Multi {
                        semantics: PartSemantics::ProcessAll,
                        ..
                    }
            )
        })
        .peekable();
    shown.peek().is_some() && shown.all(|part| part.disposition == Disposition::REACTION)
}
