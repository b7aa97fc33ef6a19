//! Texts, octets and times as people read them.

use std::fmt::{self, Write};

use crate::invisible::is_invisible;
use crate::octets::Hex;

/// A text between quotation marks.
pub(super) struct Quoted<'a>(pub(super) &'a str, pub(super) char);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quoted(text, mark) = self;
        f.write_char(*mark)?;
        for letter in text.chars() {
            match letter {
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                '\\' => f.write_str("\\\\")?,
                _ if letter == *mark => write!(f, "\\{mark}")?,
                _ if is_invisible(letter) => write!(f, "\\u{{{:x}}}", u32::from(letter))?,
                _ => f.write_char(letter)?,
            }
        }
        f.write_char(*mark)
    }
}

/// A byte string: as a text if it is one.
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl fmt::Display for Octets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match std::str::from_utf8(self.0) {
            Ok(text) if !text.is_empty() && !text.chars().any(is_binary) => {
                Quoted(text, '\'').fmt(f)
            }
            _ => write!(f, "h'{}'", Hex(self.0)),
        }
    }
}

/// Whether a character speaks against octets being a text.
fn is_binary(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

/// A time in milliseconds since the Unix epoch, as date and time of day in UTC.
pub(super) struct Time(pub(super) u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Time(millis) = *self;
        let seconds = millis / 1000;
        let (year, month, day) = date(seconds / 86_400);
        let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}",
            seconds % 60
        )?;
        match millis % 1000 {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

/// Year, month and day of a number of days since 1970-01-01. Days are counted
/// from a first of March, so that the leap day comes last.
fn date(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    let days = days.saturating_add(719_468);
    let day_of_era = days % ERA;
    // Leap days are taken out to find the year: all but every fourth hundredth.
    let leap = (day_of_era / 1460)
        .saturating_sub(day_of_era / 36_524)
        .saturating_add(day_of_era / 146_096);
    let year_of_era = day_of_era.saturating_sub(leap) / 365;
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(before);
    // March to July, August to December, January and February: 153 days each five.
    let month = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = day_of_year.saturating_sub(month.saturating_mul(153).saturating_add(2) / 5);
    let (month, later) = if month < 10 {
        (month.saturating_add(3), 0)
    } else {
        (month.saturating_sub(9), 1)
    };
    let year = (days / ERA)
        .saturating_mul(400)
        .saturating_add(year_of_era)
        .saturating_add(later);
    (year, month, day.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_kind() {
        for (millis, shown) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000, "2000-03-01T00:00:00Z"),
            (1_644_387_225_019, "2022-02-09T06:13:45.019Z"),
            (1_714_521_600_000, "2024-05-01T00:00:00Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (4_294_967_295_000, "2106-02-07T06:28:15Z"),
        ] {
            assert_eq!(Time(millis).to_string(), shown);
        }
        // The last one there is has some year.
        assert!(!Time(u64::MAX).to_string().is_empty());
    }

    #[test]
    fn nothing_escapes_its_quotation_marks() {
        assert_eq!(
            Quoted("a\"b\\c\n\u{1b}[31m\u{202e}\u{200b}'", '"').to_string(),
            r#""a\"b\\c\n\u{1b}[31m\u{202e}\u{200b}'""#
        );
        assert_eq!(Octets(b"it's").to_string(), r"'it\'s'");
        assert_eq!(Octets(b"\0\x01").to_string(), "h'0001'");
        assert_eq!(Octets(b"").to_string(), "h''");
    }
}
