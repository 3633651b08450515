//! Two members of one virtual organisation: Nova would let each do everything to the other's servers.

use openstack::{Action, Reason, Status, Thing};

use crate::bed::{ALPHA, bed, delete, reason, settled, wish};

#[tokio::test]
async fn what_another_member_made_is_neither_shown_nor_touched() {
    let (anna, bob) = (bed().session("anna", ALPHA).await, bed().session("bob", ALPHA).await);
    assert_ne!(anna.user_id(), bob.user_id());
    let wish = wish(&anna, "annas").await;
    let id = anna.create_server(&wish).await.unwrap();
    settled(&anna, &id, &Status::Active).await;

    let yours = Reason::NotYours(Thing::Server);
    assert_eq!(reason(bob.server(&id).await), yours);
    assert_eq!(reason(bob.act(&id, Action::Stop).await), yours);
    assert_eq!(reason(bob.rename_server(&id, "bobs").await), yours);
    assert_eq!(reason(bob.console_log(&id, 10).await), yours);
    assert_eq!(reason(bob.delete_server(&id).await), yours);
    assert_eq!(reason(bob.ensure_floating_address(&wish.operation, &id, "x").await), yours);
    assert!(bob.servers().await.unwrap().iter().all(|s| s.id != id));
    assert_eq!(bob.find_server(&wish.operation).await.unwrap(), None);

    // Nothing happened to it, and its owner may do all of that.
    let server = anna.server(&id).await.unwrap();
    assert_eq!((server.name.as_str(), server.status, server.task), ("annas", Status::Active, None));
    delete(&anna, &id).await;
}

#[tokio::test]
async fn who_is_of_another_organisation_does_not_even_see_it() {
    let (anna, eve) = (bed().session("ada", ALPHA).await, bed().session("eve", crate::bed::BETA).await);
    let id = anna.create_server(&wish(&anna, "adas").await).await.unwrap();
    assert_eq!(reason(eve.server(&id).await), Reason::Denied);
    assert_eq!(reason(eve.act(&id, Action::Stop).await), Reason::Denied);
    settled(&anna, &id, &Status::Active).await;
    delete(&anna, &id).await;
}
