//! `identifierQuery`: looking for a user at a provider (PROTO, "Find internal
//! address").

use mimi_content::MimiUri;
use mimi_content::component::ComponentMap;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Writer};

use super::limits::{MAX_FIELD_VALUE_LEN, MAX_QUERY_ITEMS, MAX_QUERY_TEXT_LEN};

/// What a query element looks at. Open: unknown types are kept; they have no
/// name besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchIdentifierType(pub u8);

impl SearchIdentifierType {
    /// The whole handle URI.
    pub const HANDLE: Self = Self(1);
    /// The nickname, or the handle's user part.
    pub const NICK: Self = Self(2);
    /// An e-mail address.
    pub const EMAIL: Self = Self(3);
    /// A telephone number in international format, with its `+`.
    pub const PHONE: Self = Self(4);
    /// Part of a name, in either case.
    pub const PARTIAL_NAME: Self = Self(5);
    /// Part of any searchable field.
    pub const WHOLE_PROFILE: Self = Self(6);
    /// A standard claim of OpenID Connect, by name.
    pub const OIDC_STD_CLAIM: Self = Self(7);
    /// A property of a vCard, by name.
    pub const VCARD_FIELD: Self = Self(8);
}

/// What to look at, and by which name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// A standard claim of OpenID Connect.
    OidcStdClaim(String),
    /// A property of a vCard.
    VcardField(String),
    /// A type that carries no name: any but the two above.
    Plain(PlainSearchType),
}

/// A [`SearchIdentifierType`] that carries no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlainSearchType(SearchIdentifierType);

impl PlainSearchType {
    /// Any type but the two that carry a name.
    #[must_use]
    pub fn new(search_type: SearchIdentifierType) -> Option<Self> {
        let named = [
            SearchIdentifierType::OIDC_STD_CLAIM,
            SearchIdentifierType::VCARD_FIELD,
        ];
        (!named.contains(&search_type)).then_some(Self(search_type))
    }

    /// The type.
    #[must_use]
    pub fn search_type(self) -> SearchIdentifierType {
        self.0
    }
}

/// One condition of an [`IdentifierRequest`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryElement {
    /// What to look at.
    pub field: SearchField,
    /// What to look for.
    pub search_value: String,
}

impl Encode for QueryElement {
    fn encode(&self, w: &mut Writer) {
        match &self.field {
            SearchField::OidcStdClaim(name) => {
                w.u8(SearchIdentifierType::OIDC_STD_CLAIM.0);
                w.opaque(name.as_bytes());
            }
            SearchField::VcardField(name) => {
                w.u8(SearchIdentifierType::VCARD_FIELD.0);
                w.opaque(name.as_bytes());
            }
            SearchField::Plain(plain) => w.u8(plain.search_type().0),
        }
        w.opaque(self.search_value.as_bytes());
    }
}

impl Decode for QueryElement {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let search_type = r.u8().map(SearchIdentifierType)?;
        let field = match PlainSearchType::new(search_type) {
            Some(plain) => SearchField::Plain(plain),
            None if search_type == SearchIdentifierType::VCARD_FIELD => {
                SearchField::VcardField(query_text(r)?)
            }
            None => SearchField::OidcStdClaim(query_text(r)?),
        };
        Ok(QueryElement {
            field,
            search_value: query_text(r)?,
        })
    }
}

fn query_text(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    r.utf8_at_most("octets of a search text", MAX_QUERY_TEXT_LEN)
        .map(str::to_owned)
}

/// Body of an `identifierQuery` request: conditions that all must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierRequest {
    /// The conditions.
    pub query_elements: Vec<QueryElement>,
    /// For extensions.
    pub extensions: ComponentMap,
}

impl Encode for IdentifierRequest {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.query_elements);
        self.extensions.encode(w);
    }
}

impl Decode for IdentifierRequest {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(IdentifierRequest {
            query_elements: r.list_at_most("query elements", MAX_QUERY_ITEMS, Decode::decode)?,
            extensions: ComponentMap::decode(r)?,
        })
    }
}

/// How a query went. Open: unknown codes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentifierQueryCode(pub u8);

impl IdentifierQueryCode {
    /// Someone was found.
    pub const SUCCESS: Self = Self(0);
    /// Nobody was found.
    pub const NOT_FOUND: Self = Self(1);
    /// A field has to match exactly.
    pub const AMBIGUOUS: Self = Self(2);
    /// The provider does not allow such queries.
    pub const FORBIDDEN: Self = Self(3);
    /// The provider does not search such a field.
    pub const UNSUPPORTED_FIELD: Self = Self(4);
}

/// Where a profile's field comes from. Open: unknown sources are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldSource(pub u8);

impl FieldSource {
    /// A standard claim of OpenID Connect.
    pub const OIDC_STD_CLAIM: Self = Self(7);
    /// A property of a vCard.
    pub const VCARD_FIELD: Self = Self(8);
}

/// One field of a [`UserProfile`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileField {
    /// Where it comes from.
    pub field_source: FieldSource,
    /// Its name there.
    pub field_name: String,
    /// Its value, whose form the source defines.
    pub field_value: bytes::Bytes,
}

impl Encode for ProfileField {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.field_source.0);
        w.opaque(self.field_name.as_bytes());
        w.opaque(&self.field_value);
    }
}

impl Decode for ProfileField {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ProfileField {
            field_source: r.u8().map(FieldSource)?,
            field_name: query_text(r)?,
            field_value: r.bytes_at_most("octets of a profile field", MAX_FIELD_VALUE_LEN)?,
        })
    }
}

/// A user that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserProfile {
    /// The user's lasting URI.
    pub stable_uri: MimiUri,
    /// What the user shows.
    pub fields: Vec<ProfileField>,
}

impl Encode for UserProfile {
    fn encode(&self, w: &mut Writer) {
        self.stable_uri.encode(w);
        w.list(&self.fields);
    }
}

impl Decode for UserProfile {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(UserProfile {
            stable_uri: MimiUri::decode(r)?,
            fields: r.list_at_most("fields of a profile", MAX_QUERY_ITEMS, Decode::decode)?,
        })
    }
}

/// Body of the answer to an `identifierQuery` request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierResponse {
    /// How it went.
    pub response_code: IdentifierQueryCode,
    /// Who was found.
    pub uris: Vec<MimiUri>,
    /// Who was found, with profiles.
    pub found_profiles: Vec<UserProfile>,
    /// For extensions.
    pub extensions: ComponentMap,
}

impl Encode for IdentifierResponse {
    fn encode(&self, w: &mut Writer) {
        w.u8(self.response_code.0);
        w.list(&self.uris);
        w.list(&self.found_profiles);
        self.extensions.encode(w);
    }
}

impl Decode for IdentifierResponse {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(IdentifierResponse {
            response_code: r.u8().map(IdentifierQueryCode)?,
            uris: r.list_at_most("URIs of a response", MAX_QUERY_ITEMS, Decode::decode)?,
            found_profiles: r.list_at_most(
                "profiles of a response",
                MAX_QUERY_ITEMS,
                Decode::decode,
            )?,
            extensions: ComponentMap::decode(r)?,
        })
    }
}
