//! Media types as content types write them.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::MediaType;

/// Why a text is not a media type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MediaTypeError {
    /// RFC 2045, section 5.1: a type, a slash and a subtype.
    #[error("a media type begins with a type, a slash and a subtype")]
    Essence,
    /// RFC 2045, section 5.1: a parameter is a semicolon, a name, an equals
    /// sign, and a token or quoted string.
    #[error("a parameter of the media type is not well-formed")]
    Parameter,
    /// RFC 6838, section 4.3: a parameter occurs once.
    #[error("a parameter of the media type occurs twice")]
    Repeated,
}

/// From the syntax of RFC 2045, section 5.1, as in
/// `text/markdown; variant="GFM-MIMI"`: types and names in lower case, values
/// without quoting. Spaces and tabs may stand around semicolons; comments are
/// not taken. The empty text is the empty media type, as services have it
/// (CONTENT, "Conferencing").
impl FromStr for MediaType {
    type Err = MediaTypeError;

    fn from_str(text: &str) -> Result<Self, MediaTypeError> {
        let text = text.trim_matches(SPACE);
        if text.is_empty() {
            return Ok(MediaType::default());
        }
        let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
        let (essence, mut rest) = text.split_at(end);
        if !is_essence(essence) {
            return Err(MediaTypeError::Essence);
        }
        let mut media_type = MediaType::new(essence.to_ascii_lowercase());
        let mut names = BTreeSet::new();
        loop {
            rest = rest.trim_start_matches(SPACE);
            if rest.is_empty() {
                return Ok(media_type);
            }
            let (name, value, behind) = parameter(rest).ok_or(MediaTypeError::Parameter)?;
            if !names.insert(name.clone()) {
                return Err(MediaTypeError::Repeated);
            }
            media_type.parameters.push((name, value));
            rest = behind;
        }
    }
}

impl MediaType {
    /// Whether someone who takes `self` takes `offered`, both parsed.
    pub(crate) fn takes(&self, offered: &MediaType) -> bool {
        self.essence == offered.essence
            && self.parameters.iter().all(|(name, value)| {
                let found = offered.parameters.iter().find(|(other, _)| other == name);
                found.is_some_and(|(_, other)| same_value(name, value, other))
            })
    }
}

/// RFC 2046, section 4.1.2, and RFC 7763, section 2, on values without case.
fn same_value(name: &str, one: &str, other: &str) -> bool {
    match name {
        "charset" | "variant" => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

const SPACE: [char; 2] = [' ', '\t'];

fn is_essence(text: &str) -> bool {
    let is_token = |text: &str| !text.is_empty() && text.chars().all(is_token_char);
    text.split_once('/')
        .is_some_and(|(main, sub)| is_token(main) && is_token(sub))
}

/// What is in a token (RFC 2045, section 5.1).
fn is_token_char(c: char) -> bool {
    c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c)
}

/// Name and value of the parameter at the start, and what is behind it.
fn parameter(text: &str) -> Option<(String, String, &str)> {
    let text = text.strip_prefix(';')?.trim_start_matches(SPACE);
    let (name, text) = token(text)?;
    let text = text.strip_prefix('=')?;
    let (value, behind) = match text.strip_prefix('"') {
        Some(text) => quoted(text)?,
        None => token(text).map(|(value, behind)| (value.to_owned(), behind))?,
    };
    Some((name.to_ascii_lowercase(), value, behind))
}

fn token(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| !is_token_char(c)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The quoted string that has just begun (RFC 822, section 3.3).
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            c if c.is_control() && c != '\t' => return None,
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<MediaType, MediaTypeError> {
        text.parse()
    }

    fn media_type(essence: &str, parameters: &[(&str, &str)]) -> MediaType {
        MediaType {
            essence: essence.into(),
            parameters: parameters
                .iter()
                .map(|&(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    #[test]
    fn a_media_type_is_read_with_its_parameters() {
        let gfm = media_type("text/markdown", &[("variant", "GFM-MIMI")]);
        for text in [
            "text/markdown;variant=GFM-MIMI",
            " TEXT/Markdown ;\tVARIANT=GFM-MIMI ",
            "text/markdown; variant=\"GFM-MIMI\"",
            r#"text/markdown; variant="GFM\-MIMI""#,
        ] {
            assert_eq!(parse(text), Ok(gfm.clone()), "{text}");
        }
        assert_eq!(
            parse(r#"a/b+c;x="; y=\"1\"\\ ä";z=2"#),
            Ok(media_type("a/b+c", &[("x", r#"; y="1"\ ä"#), ("z", "2")]))
        );
        assert_eq!(parse("a/b;x=\"\""), Ok(media_type("a/b", &[("x", "")])));
        assert_eq!(parse(" "), Ok(MediaType::default()));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "text", "/", "text/", "/plain", "a/b/c", "a /b", "ä/b", ";x=1",
        ] {
            assert_eq!(parse(text), Err(MediaTypeError::Essence), "{text}");
        }
        for text in [
            "a/b;",
            "a/b;;x=1",
            "a/b x=1",
            "a/b;x",
            "a/b;x=",
            "a/b;=1",
            "a/b;x =1",
            "a/b;x= 1",
            "a/b;x=1 2",
            "a/b;x=\"",
            "a/b;x=\"1",
            "a/b;x=\"1\\",
            "a/b;x=\"1\"2",
            "a/b;x=\"\r\"",
            "a/b;x=ä",
        ] {
            assert_eq!(parse(text), Err(MediaTypeError::Parameter), "{text:?}");
        }
        assert_eq!(parse("a/b;x=1;X=1"), Err(MediaTypeError::Repeated));
    }

    #[test]
    fn parameters_that_are_asked_for_must_be_there() {
        let takes = |preferred: &str, offered: &str| {
            parse(preferred).unwrap().takes(&parse(offered).unwrap())
        };
        assert!(takes("text/plain", "TEXT/PLAIN"));
        assert!(takes("text/plain", "text/plain;charset=utf-8"));
        assert!(takes(
            "text/plain;charset=utf-8",
            "text/plain;CHARSET=\"UTF-8\""
        ));
        assert!(takes(
            "text/plain;charset=utf-8",
            "text/plain;a=b;charset=utf-8"
        ));
        assert!(takes(
            "text/markdown;variant=GFM-MIMI",
            "text/markdown;variant=gfm-mimi"
        ));
        assert!(takes("a/b;x=1;y=2", "a/b;y=2;x=1"));
        assert!(!takes("text/plain;charset=utf-8", "text/plain"));
        assert!(!takes(
            "text/plain;charset=utf-8",
            "text/plain;charset=us-ascii"
        ));
        assert!(!takes("a/b;x=c", "a/b;x=C"));
        assert!(!takes("a/b", "a/bc"));
        assert!(takes("", ""));
        assert!(!takes("", "a/b"));
    }
}
