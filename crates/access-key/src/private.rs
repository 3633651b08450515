//! Recognising a private key, whatever wrote it and however much of it is there.

/// Whether the text holds a private key or a part of one: PEM of any kind, OpenSSH's, `PuTTY`'s, SSH2's, `OpenPGP`'s, a
/// JSON Web Key, or the data of one without the lines around it. Says yes rather too often than too seldom.
pub fn looks_private(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    (upper.contains("PRIVATE KEY") && upper.contains("--"))
        || ["PUTTY-USER-KEY-FILE", "PRIVATE-LINES:", "PRIVATE-MAC:", "AGE-SECRET-KEY-", "PRIVATE-KEY-FORMAT:"]
            .iter()
            .any(|mark| upper.contains(mark))
        // openssh-key-v1 in base64, at each of the places that it may have in a group of three bytes.
        || ["b3BlbnNzaC1rZXktdj", "9wZW5zc2gta2V5LXYx", "vcGVuc3NoLWtleS12M"].iter().any(|mark| text.contains(mark))
        || (text.contains("\"kty\"") && text.contains("\"d\""))
        || text.split_whitespace().next().is_some_and(is_der)
}

/// Whether base64 text begins as the DER of a private key does: a sequence whose first member is a version of 0 or 1
/// (RFC 8017 A.1.2, RFC 5915, RFC 5958), or the encrypted form of the last. Public forms have a sequence there.
fn is_der(text: &str) -> bool {
    let mut bytes = [0; 12];
    let mut count = 0;
    let (mut held, mut bits) = (0u32, 0);
    for digit in text.bytes().take(16).map_while(sextet) {
        held = (held << 6) | digit;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            if let Some(place) = bytes.get_mut(count) {
                *place = (held >> bits) as u8;
                count += 1;
            }
        }
    }
    let [0x30, length, rest @ ..] = &bytes[..count] else { return false };
    let skipped = if length & 0x80 == 0 { 0 } else { usize::from(length & 0x7f) };
    matches!(rest.get(skipped..), Some([2, 1, 0 | 1, ..]))
}

fn sextet(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}
