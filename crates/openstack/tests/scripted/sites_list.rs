//! EGI's list of sites, from its service and from a file.

use openstack::Reason;
use openstack::cloud_info::{CloudInfo, read_sites};
use serde_json::json;

use crate::site::{Answer, Site, reason};

#[tokio::test]
async fn sites_and_organisations_are_read() {
    let site = Site::start().await;
    let list = json!([
        {"id": "1", "name": "CESGA-CLOUD", "url": "https://cloud.srv.cesga.es:5000/v3", "state": "", "hostname": "cloud.srv.cesga.es",
         "projects": [{"id": "abc", "name": "vo.access.egi.eu"}]},
        {"id": "2", "name": "OTHER", "url": "https://other.example/identity/v3/"},
    ]);
    site.on("GET", "/sites/", Answer::json(200, &list));
    site.on("GET", "/vos/", Answer::json(200, &json!(["vo.access.egi.eu"])));
    let info =
        CloudInfo::new(format!("http://127.0.0.1:{}", site.port).parse().unwrap(), site.settings()).unwrap();
    assert_eq!(info.vos().await.unwrap(), ["vo.access.egi.eu"]);
    let sites = info.sites(Some("vo.access.egi.eu")).await.unwrap();
    assert_eq!(sites.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["CESGA-CLOUD", "OTHER"]);
    assert_eq!(sites[0].projects[0].id, "abc");
    assert_eq!(site.last("GET", "/sites/").query, "include_projects=true&vo_name=vo.access.egi.eu");
    assert_eq!(read_sites(list.to_string().as_bytes()).unwrap(), sites);
    // An organisation that nobody serves is no fault.
    site.on("GET", "/sites/", Answer::json(404, &json!({"detail": "VO not found"})));
    assert_eq!(info.sites(Some("nobody")).await.unwrap(), []);
    site.on("GET", "/sites/", Answer::page(502, "down"));
    assert_eq!(reason(info.sites(None).await), Reason::Unavailable { after: None });
    assert!(read_sites(b"<html>").is_err());
}
