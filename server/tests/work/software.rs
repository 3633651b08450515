//! Software through the running portal: what is found, what is shown, and favourites.

use crate::place::Place;
use crate::support::browser::Browser;
use serde_json::Value;

/// Searches with the fields of the question; gives the whole answer.
async fn search(browser: &mut Browser, question: &[(&str, &str)]) -> Value {
    let answer = browser.call("software/search", question).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn names(found: &Value) -> Vec<&str> {
    found["cards"].as_array().unwrap().iter().map(|card| card["name"].as_str().unwrap()).collect()
}

pub async fn favourites_belong_to_one(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut visitor = portal.browser();
    let set = [("name", "notebook"), ("favourite", "true")];
    assert_eq!(visitor.call("software/favourite", &set).await.status, 401);
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    for _ in 0..2 {
        assert_eq!(browser.call("software/favourite", &set).await.status, 200);
    }
    for nothing in ["nothing", "a\0b", "", "new"] {
        let answer = browser.call("software/favourite", &[("name", nothing), ("favourite", "true")]).await;
        assert_eq!(answer.status, 404, "{nothing:?}: {answer:?}");
    }
    let only = [("question[only]", "favourites")];
    let mine = search(&mut browser, &only).await;
    assert_eq!(names(&mine), ["notebook"]);
    assert_eq!((mine["found"].as_u64(), mine["facets"]["favourites"].as_u64()), (Some(1), Some(1)));
    assert_eq!(
        browser.call("software/show", &[("name", "notebook")]).await.json()["card"]["favourite"],
        true
    );
    let mut other = portal.browser();
    other.sign_in("operator").await;
    assert!(names(&search(&mut other, &only).await).is_empty());
    assert!(names(&search(&mut visitor, &only).await).is_empty());
    assert_eq!(other.call("software/show", &[("name", "notebook")]).await.json()["card"]["favourite"], false);
    for _ in 0..2 {
        let taken_off =
            browser.call("software/favourite", &[("name", "notebook"), ("favourite", "false")]).await;
        assert_eq!(taken_off.status, 200, "{taken_off:?}");
    }
    assert!(names(&search(&mut browser, &only).await).is_empty());
    assert_eq!(portal.count("software_favourites").await, 0);
    portal.stop().await;
}

pub async fn what_was_used_is_found_last_first(place: &Place) {
    let portal = place.portal(|_| {}).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let owner: String = sqlx::query_scalar("SELECT id FROM users WHERE name = 'Demo Astronomer'")
        .fetch_one(&portal.skyport.db)
        .await
        .unwrap();
    for name in ["notebook", "carta", "not-listed-any-more", "terminal", "notebook"] {
        portal.clock.forward(1);
        portal.skyport.software.remember_use(&owner, name).await.unwrap();
    }
    let only = [("question[only]", "recent")];
    let found = search(&mut browser, &only).await;
    assert_eq!(names(&found), ["notebook", "terminal", "carta"]);
    assert_eq!(found["facets"]["recent"], 3);
    let narrowed = search(&mut browser, &[only[0], ("question[kind]", "web-app")]).await;
    assert_eq!(names(&narrowed), ["terminal", "carta"]);
    let mut other = portal.browser();
    other.sign_in("operator").await;
    assert!(names(&search(&mut other, &only).await).is_empty());
    portal.stop().await;
}

/// A folder of a few entries.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let entries = [
        (
            "casa",
            "CASA",
            "batch",
            "\"radio\", \"imaging\"",
            "Radio astronomy",
            &["6.5.4", "6.10.1", "6.6.0"][..],
        ),
        ("carta", "CARTA", "web-app", "\"radio\", \"viewer\"", "Radio astronomy", &["5.0"]),
        ("topcat", "TOPCAT", "desktop", "\"tables\", \"viewer\"", "General", &["4.10"]),
        ("notebook", "Our notebook", "notebook", "\"python\"", "General", &["1"]),
    ];
    for (name, title, kind, tags, domain, versions) in entries {
        let interface = if kind == "batch" { "" } else { "[interface]\nport = 8080\n" };
        let versions: Vec<_> =
            versions.iter().map(|v| format!("[[versions]]\nversion = \"{v}\"\n")).collect();
        let versions = versions.concat();
        let text = format!(
            "title = \"{title}\"\npurpose = \"What {title} does\"\nkind = \"{kind}\"\nimage = \"x.example/{name}\"\n\
             tags = [{tags}]\ndomain = \"{domain}\"\n\
             description = \"**Bold** <script>alert(1)</script>\"\n{interface}{versions}"
        );
        std::fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_found_by_words_and_narrowed_by_facets() {
    let folder = folder();
    let path = folder.path().to_owned();
    let portal = Place::sqlite()
        .portal(|config| {
            config.software.folder = Some(path);
            config.software.default_catalogue = false;
        })
        .await;
    let mut browser = portal.browser();
    let all = search(&mut browser, &[("question[words]", "")]).await;
    assert_eq!(names(&all), ["carta", "casa", "notebook", "topcat"], "by title");
    assert_eq!(
        all["facets"]["kinds"].to_string(),
        r#"[["notebook",1],["desktop",1],["web-app",1],["batch",1]]"#
    );
    assert_eq!(
        names(&search(&mut browser, &[("question[words]", "casa 6.5")]).await),
        ["casa"],
        "any version of it"
    );
    let radio =
        search(&mut browser, &[("question[domain]", "Radio astronomy"), ("question[tags][0]", "viewer")])
            .await;
    assert_eq!(names(&radio), ["carta"]);
    let domains = &radio["facets"]["domains"];
    assert_eq!(domains.to_string(), r#"[{"count":1,"key":"General"},{"count":1,"key":"Radio astronomy"}]"#);
    let batch = search(&mut browser, &[("question[kind]", "batch")]).await;
    assert_eq!((names(&batch), batch["total"].as_u64()), (vec!["casa"], Some(4)));
    assert_eq!(batch["facets"]["kinds"].as_array().unwrap().len(), 4, "other kinds are still offered");
    let gone = search(&mut browser, &[("question[tags][0]", "nothing")]).await;
    assert_eq!(gone["facets"]["tags"].to_string(), r#"[{"count":0,"key":"nothing"}]"#, "it can be taken off");
    let odd = search(&mut browser, &[("question[offset]", "18446744073709551615")]).await;
    assert_eq!((names(&odd).len(), odd["found"].as_u64()), (0, Some(4)));
    assert_eq!(browser.call("software/search", &[("question[kind]", "robot")]).await.status, 400);

    let casa = browser.call("software/show", &[("name", "casa")]).await.json();
    let versions: Vec<_> =
        casa["versions"].as_array().unwrap().iter().map(|v| v["version"].as_str().unwrap()).collect();
    assert_eq!(versions, ["6.10.1", "6.6.0", "6.5.4"], "newest first");
    let page = browser.get("/software/casa").await;
    assert!(
        page.body.contains("<strong>Bold</strong>") && !page.body.contains("<script>alert"),
        "{}",
        page.body
    );
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_looked_at_again_while_it_runs() {
    let folder = folder();
    let path = folder.path().to_owned();
    let portal = Place::sqlite().portal(|config| config.software.folder = Some(path)).await;
    let mut browser = portal.browser();
    let title = |page: &str| {
        page.split("<h1").nth(1).unwrap().split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    assert_eq!(
        title(&browser.get("/software/notebook").await.body),
        "Our notebook",
        "it replaces the one that is carried"
    );
    assert_eq!(browser.get("/software/desktop").await.status, 200, "the others stay");
    let file = folder.path().join("notebook.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("Our notebook", "Our new notebook")).unwrap();
    portal.clock.forward(10);
    assert_eq!(title(&browser.get("/software/notebook").await.body), "Our new notebook");
    std::fs::write(&file, "title = ").unwrap();
    portal.clock.forward(10);
    assert_eq!(
        title(&browser.get("/software/notebook").await.body),
        "Our new notebook",
        "the last good one stays"
    );
    std::fs::remove_file(&file).unwrap();
    portal.clock.forward(10);
    assert_eq!(title(&browser.get("/software/notebook").await.body), "JupyterLab with astropy");
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_narrowed_to_what_fits_a_site() {
    let folder = folder();
    for (name, more) in [
        ("roomy", "[resources]\nminimum = { cores = 2, memory_mib = 4096, disk_gib = 20 }\n"),
        ("large", "[resources]\nminimum = { cores = 2, memory_mib = 4097 }\n"),
        ("seeing", "[resources]\nminimum = { cores = 1, gpus = 1 }\n"),
        ("other", "architectures = [\"arm64\"]\n"),
    ] {
        let text = format!(
            "title = \"{name}\"\npurpose = \"p\"\nkind = \"batch\"\nimage = \"x.example/{name}\"\n{more}\
             [[versions]]\nversion = \"1\"\n"
        );
        std::fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    let path = folder.path().to_owned();
    let portal = Place::sqlite()
        .portal(|config| {
            config.software.folder = Some(path);
            config.software.default_catalogue = false;
            for (key, more) in [("here", ""), ("theirs", "groups = [\"dust\"]\n")] {
                // Two nodes: what fits both together fits neither.
                let gpus = u8::from(key == "theirs");
                let node = |name: &str| {
                    format!(
                        "[[nodes]]\nname = \"{name}\"\nsocket = \"/nowhere\"\ncores = 2\nmemory_mib = 4096\n\
                         disk_gib = 20\ngpus = {gpus}\narchitecture = \"amd64\"\n"
                    )
                };
                let text = format!("title = \"{key}\"\n{more}{}{}", node("a"), node("b"));
                config.sites.insert(key.to_owned(), toml::from_str(&text).unwrap());
            }
        })
        .await;
    let mut browser = portal.browser();
    let all = search(&mut browser, &[("question[words]", "")]).await;
    assert_eq!((names(&all).len(), &all["facets"]["fits"]), (8, &Value::from(5)));
    let fits = search(&mut browser, &[("question[fits]", "true")]).await;
    assert_eq!(names(&fits), ["carta", "casa", "notebook", "roomy", "topcat"], "not a group's site");
    let batch = search(&mut browser, &[("question[fits]", "true"), ("question[kind]", "batch")]).await;
    assert_eq!((names(&batch), &batch["facets"]["fits"]), (vec!["casa", "roomy"], &Value::from(2)));
    let page = browser.get("/software?fits=1&kind=batch").await;
    assert!(page.body.contains("Fits a site here") && !page.body.contains("/software/large"), "{page:?}");
    portal.stop().await;

    let portal = Place::sqlite().portal(|config| config.sites.clear()).await;
    let found = search(&mut portal.browser(), &[("question[words]", "")]).await;
    assert!(found["facets"]["fits"].is_null(), "where there is no site there is nothing to fit");
    portal.stop().await;
}
