//! Octets as hexadecimal digits.

/// Lower-case digits without anything between them.
#[must_use]
pub fn encode(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The octets that `digits` stand for; spaces are passed over.
///
/// # Errors
/// With a sentence, when there are other characters or an odd number.
pub fn decode(digits: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = digits.bytes().filter(|b| *b != b' ').collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("an odd number of hexadecimal digits".to_owned());
    }
    let digit = |digit: u8| char::from(digit).to_digit(16);
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok())
        .collect::<Option<_>>()
        .ok_or_else(|| "not hexadecimal digits".to_owned())
}

/// [`decode`] for literals.
///
/// # Panics
/// When they are not hexadecimal.
#[must_use]
pub fn literal(digits: &str) -> Vec<u8> {
    decode(digits).unwrap()
}
