//! How well languages fit (RFC 4647).

/// How well the languages of a part fit what the user prefers; what fits better
/// is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// By the range of that rank, at that distance.
    Preferred { rank: usize, distance: usize },
    /// No language is stated, or none is preferred.
    Unstated,
    /// In languages that the user does not prefer.
    Other,
}

impl Fit {
    /// Of a part with `tags`, separated by commas.
    pub(super) fn new(tags: &str, ranges: &[String]) -> Self {
        if ranges.is_empty() || self::tags(tags).next().is_none() {
            return Fit::Unstated;
        }
        for (rank, range) in ranges.iter().enumerate() {
            let distances = self::tags(tags).filter_map(|tag| distance(range, tag));
            if let Some(distance) = distances.min() {
                return Fit::Preferred { rank, distance };
            }
        }
        Fit::Other
    }

    /// Of two parts that are shown together.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Fit::Unstated, fit) | (fit, Fit::Unstated) => fit,
            _ => self.max(other),
        }
    }
}

pub(super) fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|tag| !tag.is_empty())
}

/// How far a tag is from a range that fits it: 0 if they are equal, 1 if the tag
/// is longer (section 3.3.1), more for each subtag that has to be cut from
/// the range (section 3.4).
fn distance(range: &str, tag: &str) -> Option<usize> {
    if let Some(more) = behind(range, tag) {
        return Some(usize::from(!more.is_empty()));
    }
    let cut = behind(tag, range)?;
    Some(cut.matches('-').count().saturating_add(1))
}

/// What `long` has behind the subtags of `short`, with the hyphen.
fn behind<'a>(short: &str, long: &'a str) -> Option<&'a str> {
    let (start, rest) = long.split_at_checked(short.len())?;
    let at_subtag = rest.is_empty() || rest.starts_with('-');
    (at_subtag && start.eq_ignore_ascii_case(short)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_fit_as_rfc_4647_says() {
        for (range, tag, expected) in [
            ("de", "de", Some(0)),
            ("DE-ch", "de-CH", Some(0)),
            ("de", "de-CH", Some(1)),
            ("de-CH", "de-CH-1996", Some(1)),
            ("de-CH", "de", Some(2)),
            ("zh-Hant-CN-x-private1", "zh-Hant-CN", Some(3)),
            ("zh-Hant-CN-x-private1", "zh-Hant", Some(4)),
            ("zh-Hant-CN-x-private1", "zh", Some(5)),
            ("de-CH", "de-AT", None),
            ("de", "den", None),
            ("den", "de", None),
            ("de-", "de", Some(2)),
            ("en", "é", None),
            ("de-Latn", "de-Latin", None),
        ] {
            assert_eq!(distance(range, tag), expected, "{range} {tag}");
        }
    }

    #[test]
    fn the_first_range_that_fits_any_tag_decides() {
        let ranges = ["fr-CH", "en"].map(str::to_owned);
        let preferred = |rank, distance| Fit::Preferred { rank, distance };
        for (tags, expected) in [
            ("fr-CH", preferred(0, 0)),
            ("en", preferred(1, 0)),
            ("en,fr", preferred(0, 2)),
            (" en-GB , EN ", preferred(1, 0)),
            ("", Fit::Unstated),
            (" , ", Fit::Unstated),
            ("de,it", Fit::Other),
            ("fr-FR", Fit::Other),
        ] {
            assert_eq!(Fit::new(tags, &ranges), expected, "{tags}");
        }
        assert_eq!(Fit::new("de", &[]), Fit::Unstated);
        assert!(preferred(0, 9) < preferred(1, 0));
        assert!(preferred(1, 0) < Fit::Unstated && Fit::Unstated < Fit::Other);
    }

    #[test]
    fn together_the_least_fitting_stated_language_counts() {
        let fit = Fit::Preferred {
            rank: 1,
            distance: 0,
        };
        assert_eq!(fit.and(Fit::Unstated), fit);
        assert_eq!(Fit::Unstated.and(fit), fit);
        assert_eq!(fit.and(Fit::Other), Fit::Other);
        assert_eq!(Fit::Unstated.and(Fit::Unstated), Fit::Unstated);
    }
}
