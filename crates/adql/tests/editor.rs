//! Colours and completions of unfinished queries, and that no text whatever breaks anything.
#![expect(clippy::expect_used, reason = "a test that cannot go on should stop")]

use adql::{
    Catalogue, Column, CompletionKind, Kind, Options, RESERVED_WORDS, Table, TokenKind, complete,
    is_reserved, parse, quote_identifier, tokens, translate,
};

fn catalogue() -> Catalogue {
    let ra = Column::new("ra", Kind::Number).unit("deg").description("Right ascension");
    let stars = vec![
        Column::new("id", Kind::Integer),
        ra,
        Column::new("radius", Kind::Number),
        Column::new("size", Kind::Integer),
    ];
    let names = vec![Column::new("id", Kind::Integer), Column::new("label", Kind::Text)];
    Catalogue::new(vec![
        Table::new("sky", "stars", stars).description("All stars"),
        Table::new("sky", "star_names", names),
        Table::new("deep sky", "M/1", vec![Column::new("Messier", Kind::Integer)]),
    ])
}

/// The completions of a query at `^`, as they are written.
fn offers(marked: &str) -> Vec<String> {
    let cursor = marked.find('^').expect("a cursor");
    let found = complete(&marked.replace('^', ""), cursor, &catalogue());
    found.into_iter().map(|completion| completion.text).collect()
}

#[test]
fn every_piece_of_a_query_has_its_colour() {
    use TokenKind::{Comment, Error, Identifier, Keyword, Number, Operator, Text};
    let query = "SELECT a.\"b c\", 1e5, 'it''s' -- why\nFROM t WHERE COS(x)>=.5 'oops";
    let found: Vec<(&str, TokenKind)> =
        tokens(query).into_iter().map(|token| (token.span.slice(query), token.kind)).collect();
    let expected = [
        ("SELECT", Keyword),
        ("a", Identifier),
        (".", Operator),
        ("\"b c\"", Identifier),
        (",", Operator),
        ("1e5", Number),
        (",", Operator),
        ("'it''s'", Text),
        ("-- why", Comment),
        ("FROM", Keyword),
        ("t", Identifier),
        ("WHERE", Keyword),
        ("COS", Keyword),
        ("(", Operator),
        ("x", Identifier),
        (")", Operator),
        (">=", Operator),
        (".5", Number),
        ("'oops", Error),
    ];
    assert_eq!(found, expected);
}

#[test]
fn tables_come_after_from_and_join() {
    let all = ["sky.stars", "sky.star_names", "\"deep sky\".\"M/1\""];
    assert_eq!(offers("SELECT * FROM ^"), all);
    assert_eq!(offers("SELECT * FROM sky.stars s JOIN ^"), all);
    assert_eq!(offers("SELECT * FROM sky.stars s, ^"), all);
    assert_eq!(offers("SELECT * FROM sky.stars s JOIN sky.star_names n ON s.id = n.id, ^"), all);
    assert_eq!(offers("SELECT * FROM sta^"), ["sky.stars", "sky.star_names"]);
    assert_eq!(offers("SELECT * FROM sky.^ WHERE id = 1"), ["stars", "star_names"]);
    assert_eq!(offers("SELECT * FROM sky.star_^"), ["star_names"]);
    assert_eq!(offers("SELECT * FROM \"deep sky\".^"), ["\"M/1\""]);
    assert_eq!(offers("SELECT * FROM \"m^"), ["\"deep sky\".\"M/1\""]);
    assert_eq!(offers("SELECT * FROM (^").last().map(String::as_str), Some("SELECT"));
}

#[test]
fn columns_come_from_the_tables_in_scope() {
    assert_eq!(offers("SELECT r^ FROM sky.stars")[..2], ["ra", "radius"]);
    assert_eq!(offers("SELECT s.^ FROM sky.stars AS s"), ["id", "ra", "radius", "\"size\""]);
    assert_eq!(offers("SELECT stars.^ FROM sky.stars"), ["id", "ra", "radius", "\"size\""]);
    assert_eq!(offers("SELECT sky.stars.ra^ FROM sky.stars"), ["ra", "radius"]);
    assert_eq!(offers("SELECT n.^ FROM sky.stars s JOIN sky.star_names n ON "), ["id", "label"]);
    assert_eq!(offers("SELECT id^ FROM sky.stars s JOIN sky.star_names n ON s.id = n.id"), ["s.id", "n.id"]);
    assert_eq!(offers("SELECT * FROM sky.stars WHERE COS(ra^")[..2], ["ra", "radius"]);
    assert_eq!(offers("SELECT * FROM sky.stars ORDER BY lab^"), Vec::<String>::new());
    assert_eq!(offers("SELECT * FROM sky.stars WHERE id IN (SELECT lab^ FROM sky.star_names)"), ["label"]);
    assert_eq!(offers("SELECT q.^ FROM (SELECT ra AS alpha, id FROM sky.stars) AS q"), ["alpha", "id"]);
    assert_eq!(offers("SELECT q.^ FROM (SELECT * FROM sky.star_names) q WHERE 1"), ["id", "label"]);
    assert_eq!(offers("SELECT s.si^ze FROM sky.stars s"), ["\"size\""]);
    assert_eq!(offers("SELECT \"s^ FROM sky.stars"), Vec::<String>::new(), "the quote swallows FROM");
    let found = complete("SELECT s.ra FROM sky.stars s", 11, &catalogue());
    assert_eq!(found[0].detail, "number, deg: Right ascension");
    assert_eq!((found[0].replace.start, found[0].replace.end), (9, 11));
    assert_eq!(found[0].kind, CompletionKind::Column);
}

#[test]
fn words_and_functions_come_where_they_may_stand() {
    assert_eq!(offers("^"), ["SELECT"]);
    assert_eq!(offers("sel^"), ["SELECT"]);
    assert_eq!(offers("SELECT ra ^"), ["FROM", "AS"]);
    assert_eq!(offers("SELECT * ^"), ["FROM", "AS"]);
    assert_eq!(offers("SELECT * FROM sky.stars wh^"), ["WHERE"]);
    assert_eq!(offers("SELECT * FROM sky.stars WHERE id = 1 o^")[..2], ["OR", "ORDER BY"]);
    assert_eq!(offers("SELECT COUN^"), ["COUNT("]);
    assert!(offers("SELECT * FROM sky.stars WHERE ^").contains(&"CONTAINS(".to_owned()));
    for nowhere in [
        "SELECT 'r^' FROM sky.stars",
        "SELECT 1^ FROM sky.stars",
        "SELECT ra -- r^\nFROM sky.stars",
        "SELECT 'r^",
    ] {
        assert_eq!(offers(nowhere), Vec::<String>::new(), "{nowhere}");
    }
}

#[test]
fn names_are_quoted_only_when_they_must_be() {
    for (name, expected) in [
        ("ra", "ra"),
        ("RAJ2000", "RAJ2000"),
        ("size", "\"size\""),
        ("Distance", "\"Distance\""),
        ("_x", "\"_x\""),
        ("2mass", "\"2mass\""),
        ("a b", "\"a b\""),
        ("a\"b", "\"a\"\"b\""),
        ("é", "\"é\""),
        ("", "\"\""),
    ] {
        assert_eq!(quote_identifier(name), expected);
    }
    assert!(RESERVED_WORDS.is_sorted());
    assert!(RESERVED_WORDS.iter().all(|word| is_reserved(&word.to_lowercase())));
    assert!(!is_reserved("ra"));
}

/// A small generator of numbers (`SplitMix64`), the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % (limit as u64)).expect("below a usize")
    }
}

#[test]
fn no_text_whatever_breaks_anything() {
    const SEEDS: [&str; 6] = [
        "SELECT TOP 5 s.ra AS \"R\"\"A\", COUNT(*) FROM sky.stars AS s WHERE 1=CONTAINS(POINT('', ra, s.\"size\"), CIRCLE(1, 2, 3.0/60)) GROUP BY s.ra HAVING COUNT(*) > 1 ORDER BY 1 DESC",
        "select * from sky.stars s left join (select id as k from sky.star_names) as q on k = s.id where s.id in (1, 0x2, .3e1) -- end",
        "SELECT a.*, -ROUND(ra, -2) || 'é''' FROM sky.stars a NATURAL JOIN sky.star_names b, \"deep sky\".\"M/1\" WHERE label NOT LIKE '%' OR ra IS NULL",
        "SELECT id FROM sky.stars WHERE EXISTS (SELECT label FROM sky.star_names n WHERE n.id = stars.id) AND DISTANCE(ra, ra, 0, 0) < .5",
        "SELECT COALESCE(id, 1/0), MOD(id, 2), LOG(ra) FROM sky.stars JOIN sky.star_names USING (id) WHERE NOT (id BETWEEN 1 AND 2)",
        "SELECT CASE UNION WITH /* */ $ \u{202e} 🜚 \"\" ' \" .. :: 99999999999999999999",
    ];
    let pieces: Vec<&str> = SEEDS
        .iter()
        .flat_map(|seed| seed.split_inclusive(' '))
        .chain(["(", ")", "\"", "'", "--", "\n", "é", "\0", ".", ","])
        .collect();
    let catalogue = catalogue();
    let mut numbers = Numbers(42);
    let mut translated = 0;
    for _ in 0..6000 {
        let mut text = SEEDS[numbers.below(SEEDS.len())].to_owned();
        for _ in 0..numbers.below(4) {
            let mut cut = || {
                let mut at = numbers.below(text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (a, b) = (cut(), cut());
            let piece = pieces[numbers.below(pieces.len())];
            match numbers.below(3) {
                0 => text.insert_str(a, piece),
                1 => text.truncate(a),
                _ => text = format!("{}{piece}{}", &text[..a], &text[b..]),
            }
        }
        let error = match parse(&text) {
            Ok(query) => translate(&query, &catalogue, Options::default()).map(|_| translated += 1).err(),
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            assert!(text.get(error.span.start..error.span.end).is_some(), "{text}: {error:?}");
            let sentence = error.to_string();
            assert!(sentence.ends_with(['.', '?']), "{text}: {sentence}");
            assert!(error.line(&text) >= 1 && error.column(&text) >= 1);
        }
        let mut end = 0;
        for token in tokens(&text) {
            assert!(token.span.start >= end && token.span.end > token.span.start, "{text}");
            assert!(text[end..token.span.start].trim().is_empty(), "{text}");
            end = token.span.end;
        }
        for completion in complete(&text, numbers.below(text.len() + 2), &catalogue) {
            assert!(text.get(completion.replace.start..completion.replace.end).is_some(), "{text}");
        }
    }
    assert!(translated > 100, "{translated} mutants were still right");
}
