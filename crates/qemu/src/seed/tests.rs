//! What user data is taken, and what is said of the rest.

use super::check_user_data;
use std::fmt::Write as _;

#[test]
fn user_data_that_cloud_init_reads_is_taken() {
    let good = [
        "#cloud-config\n",
        "#cloud-config\n# nothing but words\n",
        "#cloud-config\r\npackages: [less]\r\n",
        "#cloud-config\nwrite_files:\n- path: /etc/a\n  permissions: 0644\n  content: !!binary aGVsbG8=\n",
        "#cloud-config\nruncmd:\n  - [sh, -c, 'echo yes']\n  - echo no\n",
        "#!/bin/sh\necho yes\n",
        "#cloud-boothook\n#!/bin/sh\n",
        "Content-Type: multipart/mixed; boundary=\"x\"\nMIME-Version: 1.0\n\n",
    ];
    for text in good {
        check_user_data(text).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
    }
}

#[test]
fn user_data_that_it_would_pass_over_is_refused_with_the_reason() {
    let cases = [
        ("", "first line"),
        ("packages: [less]\n", "first line"),
        (" #cloud-config\n", "first line"),
        ("#cloud-config\n- a\n- b\n", "keys with values"),
        ("#cloud-config\njust words\n", "keys with values"),
        ("#cloud-config\na: [1, 2\nb: 3\n", "line"),
        ("#cloud-config\na: 1\n b: 2\n", "line"),
        ("#cloud-config\na: \"\0\"\n", "null"),
    ];
    for (text, word) in cases {
        let said = check_user_data(text).expect_err(text).to_string();
        assert!(said.contains(word) && !said.contains('\n'), "{text:?}: {said}");
    }
}

#[test]
fn a_bomb_of_aliases_is_refused_and_not_unfolded() {
    let mut text = "#cloud-config\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{below}]").unwrap();
    }
    check_user_data(&text).expect_err("it unfolds to a million million");
}
