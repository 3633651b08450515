//! What the form starts with and what it would take.

use super::{Asked, Takes, misfit, preselect};
use crate::features::servers::model::{
    AddressPolicy, CreateServer, ImageView, KeyChoice, Measure, NetworkView, NewServerView, SiteView, Size,
    SizeView,
};

fn image(id: &str, min_memory_mib: u64, min_disk_gib: u64) -> ImageView {
    ImageView {
        id: id.into(),
        title: format!("Image {id}"),
        system: "Debian".into(),
        version: "13".into(),
        access_user: "debian".into(),
        min_disk_gib,
        min_memory_mib,
        takes_user_data: true,
    }
}

fn size(id: &str, cores: u64, memory_mib: u64, disk_gib: u64, short: Option<&str>) -> SizeView {
    SizeView {
        id: id.into(),
        title: id.into(),
        size: Size { cores, memory_mib, disk_gib },
        disk_as_image: false,
        short: short.map(str::to_owned),
    }
}

fn site(key: &str) -> SiteView {
    SiteView {
        key: key.into(),
        title: key.into(),
        note: None,
        trouble: None,
        wants_token: false,
        images: vec![image("debian", 1024, 3), image("small", 128, 1)],
        sizes: vec![
            size("tiny", 1, 256, 2, None),
            size("medium", 2, 2048, 10, None),
            size("large", 8, 8192, 50, Some("4 cores are left")),
        ],
        networks: vec![NetworkView { id: "net".into(), title: "Net".into() }],
        disk_can_vary: true,
        has_addresses: true,
        usage: Vec::new(),
    }
}

fn form() -> NewServerView {
    let key = |id: &str| KeyChoice { id: id.into(), name: id.into(), sha256: "SHA256:x".into() };
    NewServerView {
        request: "r1".into(),
        suggestion: "server-1".into(),
        last: None,
        sites: vec![site("local"), SiteView { images: Vec::new(), sizes: Vec::new(), ..site("cesga") }],
        keys: vec![key("k1"), key("k2")],
        usage: Vec::new(),
    }
}

#[test]
fn starts_with_the_smallest_that_fits_the_image() {
    let wish = preselect(&Asked::default(), &form());
    let expected = CreateServer {
        request: "r1".into(),
        name: "server-1".into(),
        site: "local".into(),
        image: "debian".into(),
        size: "medium".into(),
        key: "k1".into(),
        count: 1,
        ..CreateServer::default()
    };
    assert_eq!(wish, expected);
}

#[test]
fn starts_with_what_was_chosen_last_but_for_name_number_and_user_data() {
    let last = CreateServer {
        name: "old".into(),
        site: "local".into(),
        image: "small".into(),
        size: "tiny".into(),
        key: "k2".into(),
        disk_gib: Some(4),
        network: "net".into(),
        address: AddressPolicy::None,
        user_data: "#cloud-config".into(),
        count: 9,
        ..CreateServer::default()
    };
    let wish = preselect(&Asked::default(), &NewServerView { last: Some(last.clone()), ..form() });
    let kept = CreateServer {
        request: "r1".into(),
        name: "server-1".into(),
        count: 1,
        user_data: String::new(),
        ..last
    };
    assert_eq!(wish, kept);
}

#[test]
fn what_the_address_says_comes_before_what_was_chosen_last() {
    let last =
        CreateServer { image: "small".into(), size: "tiny".into(), key: "k2".into(), ..Default::default() };
    let view = NewServerView { last: Some(last), ..form() };
    let wish = preselect(&Asked::read("?image=debian&size=medium&key=k1&name=mine&count=3"), &view);
    assert_eq!(
        [&wish.image, &wish.size, &wish.key, &wish.name].map(String::as_str),
        ["debian", "medium", "k1", "mine"]
    );
    assert_eq!(wish.count, 3);
}

#[test]
fn what_is_not_there_any_more_gives_way() {
    let asked = Asked::read("?site=gone&image=gone&size=large&key=gone&network=gone&count=11");
    let wish = preselect(&asked, &form());
    assert_eq!(
        [&wish.site, &wish.image, &wish.size, &wish.key, &wish.network].map(String::as_str),
        ["local", "debian", "medium", "k1", ""]
    );
    assert_eq!(wish.count, 1);
    let nothing = NewServerView { sites: Vec::new(), keys: Vec::new(), ..form() };
    assert_eq!(preselect(&asked, &nothing).size, "large", "nothing is chosen where there is nothing");
}

#[test]
fn a_site_asked_for_is_taken_also_when_it_offers_nothing_yet() {
    assert_eq!(preselect(&Asked::read("?site=cesga"), &form()).site, "cesga");
    let last = CreateServer { site: "cesga".into(), ..CreateServer::default() };
    assert_eq!(preselect(&Asked::default(), &NewServerView { last: Some(last), ..form() }).site, "local");
}

#[test]
fn takes_its_size_times_its_number() {
    let site = site("local");
    let wish = |size: &str, count, disk_gib, address| CreateServer {
        size: size.into(),
        count,
        disk_gib,
        address,
        ..CreateServer::default()
    };
    let all = |wish: &CreateServer| {
        let takes = Takes::of_wish(wish, &site);
        [Measure::Servers, Measure::Cores, Measure::MemoryMib, Measure::DiskGib, Measure::Addresses]
            .map(|measure| takes.of(measure))
    };
    assert_eq!(all(&wish("medium", 1, None, AddressPolicy::Automatic)), [1, 2, 2048, 10, 1]);
    assert_eq!(all(&wish("medium", 3, Some(20), AddressPolicy::None)), [3, 6, 6144, 60, 0]);
    assert_eq!(all(&wish("medium", 0, None, AddressPolicy::None)), [1, 2, 2048, 10, 0]);
    assert_eq!(all(&wish("", 3, None, AddressPolicy::Automatic)), [0; 5], "nothing while no size is chosen");
    let memory = SiteView { images: vec![image("tiny", 128, 0)], ..site.clone() };
    let takes = Takes::of_wish(
        &CreateServer { image: "tiny".into(), ..wish("medium", 2, Some(20), AddressPolicy::None) },
        &memory,
    );
    assert_eq!((takes.of(Measure::DiskGib), takes.of(Measure::Cores)), (0, 4), "it lives in memory");
    let fixed = SiteView { disk_can_vary: false, has_addresses: false, ..site.clone() };
    let takes = Takes::of_wish(&wish("medium", 1, Some(20), AddressPolicy::Automatic), &fixed);
    assert_eq!((takes.of(Measure::DiskGib), takes.of(Measure::Addresses)), (10, 0));
}

#[test]
fn a_size_too_small_for_the_image_says_so() {
    let site = site("local");
    let (debian, tiny, medium) = (&site.images[0], &site.sizes[0], &site.sizes[1]);
    assert_eq!(misfit(debian, medium, None, &site), None);
    let both = misfit(debian, tiny, None, &site).unwrap_or_default();
    assert!(both.starts_with("Image debian needs 1 GiB of memory and 3 GiB of disk"), "{both}");
    let memory = misfit(debian, tiny, Some(5), &site).unwrap_or_default();
    assert!(memory.starts_with("Image debian needs 1 GiB of memory at least"), "{memory}");
    let disk = misfit(debian, medium, Some(2), &site).unwrap_or_default();
    assert!(disk.starts_with("Image debian needs 3 GiB of disk at least"), "{disk}");
    let diskless = size("memory", 1, 1024, 0, None);
    assert_eq!(misfit(debian, &diskless, None, &site), None, "it takes what the image brings");
}

#[test]
fn addresses_are_read_as_they_are_written() {
    let asked = Asked::read(
        "?site=a%26b&image=i&size=s&key=k&name=n&disk_gib=7&network=w&address=None&count=2&again=x",
    );
    assert_eq!(Asked::read(asked.address().split_once('?').map_or("", |(_, search)| search)), asked);
    assert_eq!(Asked::default().address(), "/servers/new");
    let secret = Asked::again(
        "id1",
        &CreateServer { user_data: "password: x".into(), request: "r".into(), ..CreateServer::default() },
    );
    assert_eq!(
        secret.address(),
        "/servers/new?address=Automatic&again=id1",
        "user data stays out of addresses"
    );
    assert_eq!(Asked::read("?site=a&image=i&network=w&name=n").at_site("b"), Asked::read("?site=b&name=n"));
}

#[test]
fn forms_are_read_by_their_field_names() {
    let form =
        "wish%5Bname%5D=n&wish[count]=4&wish[user_data]=a%0Ab&wish[address]=None&other=1&name=not-this";
    let asked = Asked::read_form(form);
    assert_eq!((asked.wish.name.as_str(), asked.wish.count, asked.wish.user_data.as_str()), ("n", 4, "a\nb"));
    assert_eq!(asked.address, Some(AddressPolicy::None));
}
