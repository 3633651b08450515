//! Commands as one types them, in parts.

/// The parts of a command: blanks part them, quotes keep them, as in a shell, which this is not: nothing else means
/// anything. None where a quote is not closed.
pub(super) fn split(typed: &str) -> Option<Vec<String>> {
    let (mut parts, mut part, mut begun) = (Vec::new(), String::new(), false);
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {
                if begun {
                    parts.push(std::mem::take(&mut part));
                }
                begun = false;
                continue;
            }
            '\'' => loop {
                match chars.next()? {
                    '\'' => break,
                    c => part.push(c),
                }
            },
            '"' => loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => match chars.next()? {
                        c @ ('"' | '\\' | '$' | '`') => part.push(c),
                        c => part.extend(['\\', c]),
                    },
                    c => part.push(c),
                }
            },
            '\\' => part.push(chars.next()?),
            c => part.push(c),
        }
        begun = true;
    }
    if begun {
        parts.push(part);
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::split;
    use app::features::software::sentences::command_line;

    #[test]
    fn parts_are_those_of_a_shell() {
        for (typed, parts) in [
            ("", &[][..]),
            ("  casa --nogui  -c\treduce.py ", &["casa", "--nogui", "-c", "reduce.py"]),
            (r#"sh -c 'echo "$HOME"; ls' "a b" c\ d"#, &["sh", "-c", "echo \"$HOME\"; ls", "a b", "c d"]),
            (r#"a'b'"c" '' "\"\n""#, &["abc", "", "\"\\n"]),
            ("$(rm -rf /) | x > y", &["$(rm", "-rf", "/)", "|", "x", ">", "y"]),
        ] {
            assert_eq!(split(typed).unwrap(), parts, "{typed}");
        }
        for open in ["a 'b", "a \"b", "a\\", "\"\\"] {
            assert_eq!(split(open), None, "{open}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        let command = ["start", "--title=it's \"so\"", "", "a\\b", "$x"].map(str::to_owned);
        assert_eq!(split(&command_line(&command)).unwrap(), command);
    }
}
