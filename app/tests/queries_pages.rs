//! The pages of queries, rendered over fakes as a browser without JavaScript gets them.

#[path = "fakes/fakes.rs"]
mod fakes;
#[path = "pages/render.rs"]
mod render;

use axum::http::StatusCode;
use fakes::World;
use insta::assert_snapshot;
use render::{Page, get, post, text};

/// The part of a page's content that begins with `start`, up to the first `end` after it.
fn part(page: &Page, start: &str, end: &str) -> String {
    let main = page.main();
    let from = main.find(start).unwrap_or_else(|| panic!("{start} is not in {main}"));
    let to = main[from..].find(end).map_or(main.len(), |at| from + at + end.len());
    main[from..to].to_owned()
}

/// The words of a page's content, one piece a line.
fn words(page: &Page) -> String {
    let text = text(&page.main());
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_query_that_waits() {
    let page = get(World::FULL, "/queries/q7").await;
    assert_snapshot!(page.main());
}

#[tokio::test]
async fn a_query_that_runs() {
    let page = get(World::FULL, "/queries/q8").await;
    assert_snapshot!(words(&page));
    let progress = part(&page, "class=\"card progress\"", "</section");
    assert!(
        progress.contains("action=\"/api/queries/cancel\""),
        "it can be stopped without JavaScript: {progress}"
    );
    assert!(page.html.contains("http-equiv=\"refresh\""), "the page looks again by itself");
}

#[tokio::test]
async fn a_query_that_failed_at_a_place() {
    let page = get(World::FULL, "/queries/q2").await;
    assert_snapshot!(words(&page));
    assert!(page.main().contains("faulty\">\nmagg"), "the place is marked");
    assert_eq!(page.main().matches("Did you mean").count(), 1, "what was meant is asked once");
    assert!(
        page.main().contains("/datasets/query?archive=local&amp;adql=SELECT%20TOP"),
        "the text can be changed"
    );
    assert!(!page.html.contains("http-equiv=\"refresh\""));
}

#[tokio::test]
async fn a_query_without_rows() {
    let words = words(&get(World::FULL, "/queries/q0").await);
    assert!(words.contains("The archive found no rows for this question."), "{words}");
    assert!(!words.contains("Across"), "there is nothing to plot: {words}");
}

#[tokio::test]
async fn a_result_that_was_cut() {
    let page = get(World::FULL, "/queries/q1").await;
    assert!(words(&page).contains("The archive cut the answer at 1,000 rows."));
    assert_snapshot!("result_head", part(&page, "<thead", "</thead"));
    assert_snapshot!("result_row", part(&page, "id=\"row-1\"", "</tr"));
    assert_snapshot!("result_foot", part(&page, "class=\"foot\"", "Add to basket"));
    assert_eq!(page.main().matches("name=\"rows[]\"").count(), 50, "a page of rows");
    assert!(page.main().contains("offset=50"), "and a link to the next");
}

#[tokio::test]
async fn sort_filter_columns_and_page_come_from_the_address() {
    let page = get(World::FULL, "/queries/q1?sort=-mag&f.mag=%3C%208&cols=mag,name&offset=50").await;
    let (main, words) = (page.main(), words(&page));
    assert!(words.contains(" of 1,000 rows"), "{words}");
    assert!(words.contains("Filter: mag &lt; 8"), "{words}");
    assert!(main.contains("aria-sort=\"descending\""));
    assert!(!main.contains("Filter bv"), "only the chosen columns have a filter");
    assert!(main.contains("id=\"row-50\"") && !main.contains("id=\"row-49\""));
    assert!(main.contains("value=\"mag:&lt; 8\""), "the form into the basket knows the filters: {main}");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_says_so_and_leaves_the_rows() {
    let page = get(World::FULL, "/queries/q1?f.mag=bright").await;
    assert!(words(&page).contains("is not a condition on a number"));
    assert!(page.main().contains("value=\"bright\""), "what was typed is kept");
    assert!(words(&page).contains("1,000 rows"));
}

#[tokio::test]
async fn plots_are_drawn_by_the_server() {
    let histogram = get(World::FULL, "/queries/q1?x=mag&f.mag=6..9").await;
    assert!(histogram.html.contains("class=\"bars out\"") && histogram.html.contains("class=\"bars\""));
    assert!(histogram.html.contains("Histogram of mag over 1,000 rows."), "said in words");
    for filter in ["f.mag=6..9", "f.bv=%3C+0.5"] {
        let scatter = get(World::FULL, &format!("/queries/q1?x=mag&y=bv&{filter}")).await;
        let both = ["class=\"points out\"", "class=\"points\""];
        assert!(both.iter().all(|c| scatter.html.contains(c)), "{filter} sets apart what it cuts off");
    }
    let scatter = get(World::FULL, "/queries/q1?x=mag&y=bv").await;
    assert!(scatter.html.contains("class=\"points\""));
    assert!(scatter.html.contains("Scatter plot of bv against mag"));
}

#[tokio::test]
async fn somebody_elses_query_is_not_found() {
    assert_eq!(get(World::FULL, "/queries/nobodys").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ticked_rows_go_into_the_basket_by_a_plain_form() {
    let fields = "query=q1&what=rows&rows%5B%5D=3&rows%5B%5D=5&filters=&next=%2Fqueries%2Fq1%3Fsort%3Dmag";
    let page = post(World::FULL, "/queries/q1?sort=mag", "/api/basket/add_form", fields).await;
    assert!(words(&page).contains("added to the basket"), "{}", words(&page));
    assert!(page.main().contains("aria-sort=\"ascending\""), "back to where one was");
    let page = post(World::VISITOR, "/queries/q1", "/api/basket/add_form", fields).await;
    assert!(page.html.contains("Sign in"), "visitors are sent to sign in");
}

#[tokio::test]
async fn the_form_and_its_text() {
    let address =
        "/datasets/query?archive=local&table=sky.stars&target=M+42&radius=3+deg&c.mag=%3C+12&rows=500";
    let page = get(World::FULL, address).await;
    assert_snapshot!(words(&page));
    assert!(page.main().contains("<span class=\"js-only\">\n Ctrl-Enter runs."), "{}", page.main());
    assert!(
        page.main().contains("class=\"insert\"") && !page.main().contains("Put the column"),
        "no click is promised"
    );
    let text = part(&page, "<textarea", "</textarea");
    assert!(text.contains("SELECT TOP 500"), "{text}");
    assert!(text.contains("CIRCLE('ICRS', 83.8187, -5.3897, 3)"), "{text}");
    assert!(text.contains("mag &lt; 12"), "{text}");
}

#[tokio::test]
async fn faults_of_the_form_stand_beside_their_fields() {
    let page =
        get(World::VISITOR, "/datasets/query?table=sky.stars&target=nowhere&radius=wide&rows=20000000").await;
    let words = words(&page);
    for sentence in ["No object called nowhere", "is not a unit for a radius", "Sign in for up to 1,000,000"]
    {
        assert!(words.contains(sentence), "{sentence}: {words}");
    }
    assert!(page.main().contains("value=\"nowhere\""), "what was typed is kept");
}

#[tokio::test]
async fn a_text_by_hand_switches_the_form_off() {
    let page = get(
        World::FULL,
        "/datasets/query?archive=local&table=sky.stars&adql=SELECT%20magg%20FROM%20sky.stars",
    )
    .await;
    let (main, words) = (page.main(), words(&page));
    assert!(words.contains("The text was changed by hand"), "{words}");
    assert!(words.contains("Line 1, column 8: There is no column magg in sky.stars."), "{words}");
    assert!(main.contains("<fieldset disabled"), "{main}");
    assert!(
        main.contains("href=\"/datasets/query?archive=local&amp;table=sky.stars\""),
        "the way back to the form"
    );
    assert!(part(&page, "<textarea", "</textarea").contains("SELECT magg FROM sky.stars"));
}

#[tokio::test]
async fn hostile_texts_stay_in_the_editor() {
    let address =
        "/datasets/query?archive=local&adql=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%25fe%25";
    let page = get(World::FULL, address).await;
    assert!(!page.html.contains("<script>alert"));
    assert!(
        page.html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;%fe%"),
        "kept to the letter"
    );
}

#[tokio::test]
async fn asking_by_a_plain_form_leads_to_the_answer_or_back_with_the_text() {
    let ask = |adql: &str| format!("archive=local&adql={adql}");
    let page =
        post(World::FULL, "/datasets/query", "/api/queries/ask_form", &ask("SELECT+1+FROM+sky.stars")).await;
    assert!(page.headings()[0].contains("Orion Nebula"), "{:?}", page.headings());
    let page =
        post(World::FULL, "/datasets/query", "/api/queries/ask_form", &ask("SELECT+magg+FROM+t")).await;
    assert!(part(&page, "<textarea", "</textarea").contains("SELECT magg FROM t"), "the text is not lost");
    assert!(words(&page).contains("There is no column magg"), "{}", words(&page));
}

#[tokio::test]
async fn the_list() {
    let page = get(World::FULL, "/queries").await;
    assert_snapshot!(words(&page));
    let main = page.main();
    for action in ["cancel", "remove", "ask"] {
        assert!(main.contains(&format!("action=\"/api/queries/{action}\"")), "{action}");
    }
}

#[tokio::test]
async fn the_list_with_nothing_on_it() {
    let page = get(World::EMPTY, "/queries").await;
    assert_snapshot!(words(&page));
}

#[tokio::test]
async fn without_a_database() {
    for address in ["/queries", "/queries/q1", "/datasets/query"] {
        let page = get(World::BROKEN, address).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        assert!(page.html.contains("7F3K-Q2"), "{address} names the reference");
    }
}
