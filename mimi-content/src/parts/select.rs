use std::collections::BTreeSet;

use super::language::{self, Fit};
use crate::media::{MediaType, MediaTypeError};
use crate::{Disposition, NestedPart, Part, PartSemantics};

/// What a client can show, and what its user would rather see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    media_types: Vec<MediaType>,
    languages: Vec<String>,
}

impl Preferences {
    /// The media types that the client understands, as in
    /// `text/markdown;variant=GFM-MIMI`, and the languages of its user, as ranges
    /// of RFC 4647 such as `de-CH`; both the preferred ones first.
    ///
    /// The empty media type stands for services, which are external parts
    /// without one (CONTENT, "Conferencing"). No languages means any; the range
    /// `*` says nothing, as lookup ignores it (RFC 4647, section 3.4).
    ///
    /// # Errors
    /// When a media type is not well-formed.
    pub fn new<'a>(
        media_types: impl IntoIterator<Item = &'a str>,
        languages: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, MediaTypeError> {
        Ok(Preferences {
            media_types: media_types
                .into_iter()
                .map(str::parse)
                .collect::<Result<_, _>>()?,
            languages: languages
                .into_iter()
                .filter(|range| *range != "*")
                .map(str::to_owned)
                .collect(),
        })
    }

    /// The place of a media type that is understood; the first is 0.
    fn rank(&self, offered: &MediaType) -> Option<usize> {
        self.media_types
            .iter()
            .position(|preferred| preferred.takes(offered))
    }
}

/// What to process of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection<'a> {
    /// The parts to process, in the order of their indices. All are single or
    /// external parts.
    pub chosen: Vec<Chosen<'a>>,
    /// How many parts are missing because the client does not understand them.
    /// A multipart that is missing counts as one, and an alternative that was
    /// not chosen is not missing.
    pub not_understood: usize,
}

/// A part to process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// Its part index.
    pub index: u16,
    /// The part itself.
    pub part: &'a NestedPart<'a>,
    /// What to do with it: one of the registered dispositions. It is that of the
    /// part or, if unspecified there, of the multipart around it, and
    /// [`Disposition::RENDER`] for values that this crate does not know
    /// (CONTENT, "General handling").
    pub disposition: Disposition,
    /// The language tags of the part or, if there are none, of the multipart
    /// around it.
    pub language: &'a str,
    /// The index of the outermost `singleUnit` that it belongs to. Parts of the
    /// same unit are to be processed as one.
    pub unit: Option<u16>,
}

/// Chooses the parts to process, as the [module](self::super) explains.
///
/// The work is that of comparing each part with each preference.
#[must_use]
pub fn select<'a>(body: &'a NestedPart<'_>, preferences: &Preferences) -> Selection<'a> {
    let mut selector = Selector {
        preferences,
        next: 0,
    };
    let around = Around {
        disposition: Disposition::UNSPECIFIED,
        language: "",
        fit: Fit::Unstated,
        unit: None,
    };
    match selector.part(body, around) {
        Some(candidate) => Selection {
            chosen: candidate.chosen,
            not_understood: candidate.quality.left_out,
        },
        None => Selection {
            chosen: Vec::new(),
            not_understood: 1,
        },
    }
}

impl<'a> Selection<'a> {
    /// Drops the parts to which an earlier one refers, since it shows them
    /// itself, whatever their disposition (CONTENT, "Message Bodies"). A part
    /// that is dropped drops no others.
    ///
    /// `references` gives the indices of the parts to which a part refers, from
    /// a parser of its format or [`references`](super::references()).
    pub fn skip_referenced<I: IntoIterator<Item = u16>>(
        &mut self,
        mut references: impl FnMut(&Chosen<'a>) -> I,
    ) {
        let mut referenced = BTreeSet::new();
        self.chosen.retain(|chosen| {
            let handled = !referenced.contains(&chosen.index);
            if handled {
                referenced.extend(references(chosen));
            }
            handled
        });
    }
}

/// What the multiparts around a part say of it.
#[derive(Clone, Copy)]
struct Around<'a> {
    disposition: Disposition,
    language: &'a str,
    /// How well the language fits; found once, however many parts have it.
    fit: Fit,
    unit: Option<u16>,
}

/// How good a choice is; the better is less.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Quality {
    fit: Fit,
    left_out: usize,
    /// Rank of the least preferred media type.
    worst: usize,
    /// Sum of all ranks.
    ranks: usize,
}

/// What a part that is understood gives.
struct Candidate<'a> {
    quality: Quality,
    chosen: Vec<Chosen<'a>>,
}

impl<'a> Candidate<'a> {
    const NOTHING: Self = Candidate {
        quality: Quality {
            fit: Fit::Unstated,
            left_out: 0,
            worst: 0,
            ranks: 0,
        },
        chosen: Vec::new(),
    };

    /// Both together.
    fn and(mut self, other: Self) -> Self {
        let (one, two) = (self.quality, other.quality);
        self.quality = Quality {
            fit: one.fit.and(two.fit),
            left_out: one.left_out.saturating_add(two.left_out),
            worst: one.worst.max(two.worst),
            ranks: one.ranks.saturating_add(two.ranks),
        };
        self.chosen.extend(other.chosen);
        self
    }
}

struct Selector<'p> {
    preferences: &'p Preferences,
    /// The index of the next part.
    next: u16,
}

impl Selector<'_> {
    /// What a part gives, if it is understood. Every part is visited, for the
    /// indices; there are no more levels than a message may have.
    fn part<'a>(&mut self, part: &'a NestedPart<'a>, around: Around<'a>) -> Option<Candidate<'a>> {
        let index = self.next;
        self.next = self.next.saturating_add(1);
        let mut around = self.within(part, around);
        match &part.part {
            Part::Null => Some(Candidate::NOTHING),
            Part::Single { content_type, .. } => {
                let media_type: MediaType = content_type.parse().ok()?;
                if media_type == MediaType::default() {
                    return None;
                }
                self.leaf(index, part, &media_type, around)
            }
            Part::External(external) => {
                let media_type = external.content_type.parse().ok()?;
                self.leaf(index, part, &media_type, around)
            }
            Part::Multi { semantics, parts } => {
                if *semantics == PartSemantics::SingleUnit {
                    around.unit = around.unit.or(Some(index));
                }
                let candidates = parts.iter().map(|part| self.part(part, around)).collect();
                combine(*semantics, candidates)
            }
        }
    }

    fn within<'a>(&self, part: &'a NestedPart<'a>, around: Around<'a>) -> Around<'a> {
        let mut inner = around;
        if part.disposition != Disposition::UNSPECIFIED {
            inner.disposition = part.disposition;
        }
        if language::tags(&part.language).next().is_some() {
            inner.language = &part.language;
            inner.fit = Fit::new(&part.language, &self.preferences.languages);
        }
        inner
    }

    fn leaf<'a>(
        &self,
        index: u16,
        part: &'a NestedPart<'a>,
        media_type: &MediaType,
        around: Around<'a>,
    ) -> Option<Candidate<'a>> {
        let rank = self.preferences.rank(media_type)?;
        let quality = Quality {
            fit: around.fit,
            left_out: 0,
            worst: rank,
            ranks: rank,
        };
        let chosen = Chosen {
            index,
            part,
            disposition: match around.disposition.name() {
                Some(_) => around.disposition,
                None => Disposition::RENDER,
            },
            language: around.language,
            unit: around.unit,
        };
        Some(Candidate {
            quality,
            chosen: vec![chosen],
        })
    }
}

/// What a multipart gives, if it is understood.
fn combine(
    semantics: PartSemantics,
    candidates: Vec<Option<Candidate<'_>>>,
) -> Option<Candidate<'_>> {
    match semantics {
        PartSemantics::ChooseOne => candidates
            .into_iter()
            .flatten()
            .min_by_key(|candidate| (candidate.chosen.is_empty(), candidate.quality)),
        PartSemantics::SingleUnit => candidates
            .into_iter()
            .try_fold(Candidate::NOTHING, |all, candidate| {
                Some(all.and(candidate?))
            }),
        PartSemantics::ProcessAll => {
            let left_out = candidates.iter().filter(|part| part.is_none()).count();
            let mut all = candidates
                .into_iter()
                .flatten()
                .fold(Candidate::NOTHING, Candidate::and);
            if left_out > 0 && all.chosen.is_empty() {
                return None;
            }
            all.quality.left_out = all.quality.left_out.saturating_add(left_out);
            Some(all)
        }
    }
}
