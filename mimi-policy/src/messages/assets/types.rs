//! Of which media types parts may be.

use std::collections::BTreeSet;

use mimi_content::media::MediaType;

use crate::components::assets::AssetPolicy;
use crate::messages::violation::Breach;

/// The media types of a room, in a form that compares.
pub(super) struct Types {
    forbidden: BTreeSet<MediaType>,
    permitted: Option<BTreeSet<MediaType>>,
}

impl Types {
    pub(super) fn of(policy: &AssetPolicy) -> Self {
        let all = |types: &Vec<MediaType>| types.iter().cloned().map(normal).collect();
        Types {
            forbidden: all(&policy.forbidden_media_types),
            permitted: policy.permitted_media_types.as_ref().map(all),
        }
    }

    /// Of an asset.
    pub(super) fn refuse(&self, content_type: &str) -> Option<Breach> {
        let permitted = |media_type: &MediaType| {
            let permitted = self.permitted.as_ref();
            permitted.is_none_or(|permitted| has(permitted, media_type))
        };
        if self.forbidden.is_empty() && self.permitted.is_none() {
            return None;
        }
        match read(content_type) {
            // It could be anything.
            None => Some(Breach::NoMediaType),
            Some(one) if has(&self.forbidden, &one) || !permitted(&one) => {
                Some(Breach::MediaType(one.essence))
            }
            Some(_) => None,
        }
    }

    /// Of content in a message: what is forbidden is not to be in the room.
    pub(super) fn refuse_single(&self, content_type: &str) -> Option<Breach> {
        if self.forbidden.is_empty() {
            return None;
        }
        match read(content_type) {
            None => Some(Breach::NoMediaType),
            Some(one) => has(&self.forbidden, &one).then_some(Breach::MediaType(one.essence)),
        }
    }
}

/// The longest type and subtype with the slash, in octets (RFC 6838 §4.2).
const MAX_ESSENCE_LEN: usize = 255;

/// A media type as [`normal`] makes it, if it is one.
fn read(content_type: &str) -> Option<MediaType> {
    let media_type: MediaType = content_type.parse().ok()?;
    let len = media_type.essence.len();
    (1..=MAX_ESSENCE_LEN)
        .contains(&len)
        .then(|| normal(media_type))
}

/// Whether it is listed as it is, or without parameters, which stands for any.
fn has(list: &BTreeSet<MediaType>, media_type: &MediaType) -> bool {
    list.contains(media_type) || list.contains(&MediaType::new(&*media_type.essence))
}

/// With what is compared without case in lower case, and the parameters in
/// order. The values of `charset` (RFC 2046 §4.1.2) and `variant` (RFC 7763 §2)
/// have no case.
fn normal(mut media_type: MediaType) -> MediaType {
    media_type.essence.make_ascii_lowercase();
    for (name, value) in &mut media_type.parameters {
        name.make_ascii_lowercase();
        if ["charset", "variant"].contains(&name.as_str()) {
            value.make_ascii_lowercase();
        }
    }
    media_type.parameters.sort_unstable();
    media_type
}
